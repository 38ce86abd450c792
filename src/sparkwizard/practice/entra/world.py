"""Hold the state of the practice tenant of Microsoft Entra ID."""

import random
from collections.abc import Callable
from uuid import UUID

from sparkwizard.practice.entra.applications import Applications
from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.practice.provisioning_service.service import Provisioning
from sparkwizard.practice.signin.flows import SignIn
from sparkwizard.practice.signin.permissions import PERMISSIONS
from sparkwizard.practice.signin.tokens import Account, Grant, GraphTokens

DOMAIN = "fabrikam.example"
# Microsoft Graph Command Line Tools
WELL_KNOWN_CLIENT = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
INITIAL_DOMAIN = "fabrikam.onmicrosoft.example"


class EntraWorld:
    """Know one tenant: its directory, and who signed in.

    ``base_url`` is the root of the server, without a slash at its end.
    """

    def __init__(
        self, *, base_url: str, seed: int, faults: EntraFaults, clock: Callable[[], float]
    ) -> None:
        self.base_url = base_url
        self.faults = faults
        self.clock = clock
        # other numbers than those of the simulated Webex: neither disturbs the other
        self.chance = random.Random(f"entra {seed}")  # noqa: S311 - repeatable identifiers
        self.tenant_id = self.new_id()
        self.directory = Directory(clock, self.new_id, DOMAIN)
        self.applications = Applications(self.directory, self.new_id, clock, self.tenant_id)
        self.provisioning = Provisioning(self.applications, self.new_id, self.tenant_id)
        self.administrator = ""
        self.sign_in = SignIn(
            tokens=GraphTokens(self.chance),
            faults=faults,
            clock=clock,
            tenant_id=self.tenant_id,
            issuer=self.issuer,
            accounts=self.accounts,
        )

    @property
    def graph_url(self) -> str:
        """Return the address of Microsoft Graph, version included."""
        return f"{self.base_url}/graph/v1.0"

    @property
    def authority_url(self) -> str:
        """Return the address at which this tenant's people sign in."""
        return f"{self.base_url}/{self.tenant_id}"

    @property
    def issuer(self) -> str:
        """Return who signs identity tokens; MSAL wants it to be https."""
        return f"{self.authority_url.replace('http:', 'https:', 1)}/v2.0"

    @property
    def tenant_names(self) -> frozenset[str]:
        """Return what may stand for this tenant in the address of a sign-in."""
        return frozenset({self.tenant_id, DOMAIN, INITIAL_DOMAIN, "common", "organizations"})

    def accounts(self) -> list[Account]:
        """Return who may sign in: the administrator, and somebody who is none."""
        users = self.directory.users
        someone = next((one for one in users if one != self.administrator), None)
        chosen = [self.administrator, *([someone] if someone else [])]
        return [self._account(one) for one in chosen if one in users]

    def issue_token(self, *, life: float) -> str:
        """Return an access token of the administrator with every permission."""
        account = self.accounts()[0]
        grant = Grant(account, WELL_KNOWN_CLIENT, frozenset(PERMISSIONS))
        return self.sign_in.tokens.issue(grant, self.clock() + life).text

    def delete_application(self, principal_id: str) -> None:
        """Delete an application with its jobs; raises KeyError."""
        self.applications.delete(principal_id)
        self.provisioning.forget(principal_id)

    def delete_applications_elsewhere(self) -> int:
        """Delete every application as a colleague in the portal would; return how many."""
        principals = list(self.applications.principals)
        for principal in principals:
            self.delete_application(principal)
        return len(principals)

    def _account(self, identifier: str) -> Account:
        user = self.directory.users.chosen(identifier, ("userPrincipalName", "displayName"))
        name = user["userPrincipalName"]
        return Account(
            identifier, name, user["displayName"] or name, identifier == self.administrator
        )

    def new_id(self) -> str:
        """Return the next identifier, a UUID drawn from the seed."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))
