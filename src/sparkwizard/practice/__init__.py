"""Simulate both sides of provisioning on loopback, for rehearsals, tests and benchmarks.

What it is
    A small company, its Webex organization and its tenant of Microsoft Entra ID, served over real
    HTTP on 127.0.0.1. It shares no code with the rest of SparkWizard: a simulation that did would
    agree with its client's faults.
    ``async with PracticeServer() as server`` runs it in an event loop, ``serve_in_thread()`` in a
    thread of its own. ``announcement(server)`` is what ``sparkwizard practice --json`` prints.

What it simulates
    Every operation of Cisco's OpenAPI description that SparkWizard could meet: ``people/me``,
    roles, licences and their assignment, ``tokenExpiry`` (under ``/v1``), SCIM 2.0 Users, Groups
    and Bulk (under ``/identity/scim/<organization>/v2``), the schema documents and the activation
    e-mail jobs. The documented limits hold: lengths, numbers of values, a hundred operations per
    Bulk, filters only where a search is provided, user names unique whatever their case, exactly
    one work and primary e-mail that equals the user name. Unknown schemas and read-only input are
    ignored without a word. Nothing is kept beyond the end of the process.

    Tokens of nine kinds exist (``server.tokens``): ``admin`` (365 days), ``personal`` (12 hours),
    ``non_admin``, ``read_only``, ``people_only`` (an administrator's without the SCIM scopes),
    ``service_app`` (no person behind it), ``bot``, ``expired`` and ``other_organization``.
    The administrator behind ``admin`` and ``personal`` is not in the company's file; a second
    full administrator is. A token dies with its user, and when that user's roles change.

Microsoft's side
    ``graph_url`` answers Microsoft Graph v1.0: people, groups, members, managers, delta queries and
    batches; the gallery, applications, assignments, synchronization and the provisioning logs.
    People sign in under ``authority_url``, by device code or in the browser, as MSAL expects it
    (see the package ``signin``). A started job is run by a provisioning service that writes to the
    practice Webex over SCIM, every few seconds and when told to (``run_cycle``). ``entra`` holds
    the state: ``entra.directory`` edits people, groups and members, ``entra_faults`` are its
    switches. ``graph_log`` records every exchange with its bodies, but not who asked.
    The administrator is the company's head of IT.

The company
    ``people=60`` is the hand-made company of ``resources/practice``: guests, shared and missing
    addresses, accents, apostrophes, one very long name, disabled and service accounts. Webex knows
    twenty of them, some with other values, a former user name or other capitals, and five users
    whom the file does not have; with the fault ``names_taken_elsewhere`` three user names belong
    to another organization. Any other number is generated from the seed with the same oddities in
    proportion. The file has the columns of the Entra admin centre's "Download users".

Where the description is silent, this is what happens here
    A PATCH takes effect wholly or not at all. A page holds at most 1,000 resources. A work e-mail
    that differs from the user name is overwritten by it. ``userName`` filters are answered from
    an index. An activation job is completed when its status is first asked for. Errors of SCIM
    carry ``details`` and Cisco's extension with the tracking id; 401, 403, 429 and 5xx have the
    shape of the people API.

Where it goes beyond Webex
    ``ServiceProviderConfig``, ``ResourceTypes`` and ``Schemas`` under the Tenant URL, so that
    general SCIM tools can examine it; ``GET`` and ``PUT /practice/faults``, which switch the
    failures of ``Faults`` on and off while it runs; ``/practice/entra/…`` likewise for
    Microsoft's side (``EntraControlRoutes``).
"""

from sparkwizard.practice.company.generator import generate
from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.practice.faults import Faults
from sparkwizard.practice.gate import Exchange
from sparkwizard.practice.graph.exchange import GraphExchange
from sparkwizard.practice.server import PracticeServer, announcement, serve_in_thread
from sparkwizard.practice.webex.tokens import TokenKind

__all__ = [
    "EntraFaults",
    "Exchange",
    "Faults",
    "GraphExchange",
    "PracticeServer",
    "TokenKind",
    "announcement",
    "generate",
    "serve_in_thread",
]
