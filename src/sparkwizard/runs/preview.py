"""Make a plan: read both sides, decide, seal, and remember that it was made here."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime

import msgspec

from sparkwizard.directory.types import OnReadProgress, PeopleSource
from sparkwizard.errors import ScopeError
from sparkwizard.provisioning.mapping.filling import compile_mapping
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.planning.planner import Draft, Rules, Situation, draft_plan
from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import Population, Reason, UsersRead
from sparkwizard.runs.applying.estimate import estimate
from sparkwizard.runs.applying.known_pace import pace_known
from sparkwizard.runs.collector import collector_at_rest
from sparkwizard.runs.groups.planning import GroupDraft, draft_groups
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import effective_mapping
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Identity

__all__ = [
    "group_findings",
    "make_plan",
    "operator_id",
    "preview",
    "rules_of",
    "sealed",
    "situation_of",
]

type Progress = Callable[[int, int | None], None]


async def preview(
    profile: Profile,
    source: PeopleSource,
    scim: ScimClient,
    journal: Journal,
    *,
    identity: Identity | None,
    now: datetime,
    source_confirmed: bool = False,
    on_people: OnReadProgress | None = None,
    on_users: Progress | None = None,
) -> Preview:
    """Read people and users side by side and return the sealed plan with both.

    ``identity`` is the token's owner, None where it could not be asked (design §6, *api_url*).
    ``source_confirmed`` accepts a changed ``[source]``. Raises MappingError and ScopeError before
    anything is read.
    """
    rules = rules_of(profile)
    with collector_at_rest():
        population, users = await _both(
            source.read(on_people), scim.list_users(on_progress=on_users)
        )
        plan = await make_plan(
            profile,
            rules,
            population,
            users,
            journal,
            scim=scim,
            identity=identity,
            now=now,
            source_confirmed=source_confirmed,
        )
    can = await scim.capabilities()
    pace = pace_known(journal, scim, (profile.id, profile.webex.organization_id))
    # in a thread, as all that goes through everybody: no window waits for it
    expected = await asyncio.to_thread(estimate, plan, can, pace)
    return Preview(plan, population, users, estimate=expected)


async def _both[A, B](
    people: Coroutine[None, None, A], users: Coroutine[None, None, B]
) -> tuple[A, B]:
    reading_users = asyncio.ensure_future(users)
    try:
        return await asyncio.gather(people, reading_users)
    finally:
        # a file that can't be read ends the preview: nothing goes on reading without it
        reading_users.cancel()


def rules_of(profile: Profile) -> Rules:
    """Compile what the profile asks for. Raises MappingError and ScopeError."""
    _check_people(profile)
    return Rules(
        mapping=compile_mapping(effective_mapping(profile)),
        scope=compile_scope(profile.scope.filters),
        actions=profile.actions,
        max_removals=profile.safeguards.max_removals,
        never_touched=NeverTouched(profile.safeguards.never_touch),
    )


def _check_people(profile: Profile) -> None:
    """Refuse "assigned" for a file, which says of nobody whether they are assigned."""
    if profile.scope.people == "assigned" and profile.source.kind == "csv":
        raise ScopeError(
            "This setup is for assigned people only, but a CSV file does not tell who is assigned.",
            fix='Set people = "all" in [scope] and choose people by filters, or read them from'
            " Microsoft Entra.",
            code="assigned-in-csv",
        )


async def make_plan(
    profile: Profile,
    rules: Rules,
    population: Population,
    users: UsersRead,
    journal: Journal,
    *,
    scim: ScimClient,
    identity: Identity | None,
    now: datetime,
    source_confirmed: bool = False,
) -> Plan:
    """Decide from what was read, in a thread so that no window waits, and record the plan."""
    situation = await asyncio.to_thread(
        situation_of,
        profile,
        population,
        users,
        journal,
        identity=identity,
        now=now,
        source_confirmed=source_confirmed,
    )
    draft = await asyncio.to_thread(draft_plan, rules, situation)
    groups = await draft_groups(profile, situation, draft, scim, journal)
    # somebody who is not in the list can't be kept from losing access
    guarded = bool(situation.operator_id)
    plan = await asyncio.to_thread(sealed, profile, situation, draft, groups, guarded=guarded)
    journal.record_plan(plan)
    return plan


def situation_of(
    profile: Profile,
    population: Population,
    users: UsersRead,
    journal: Journal,
    *,
    identity: Identity | None,
    now: datetime,
    source_confirmed: bool = False,
) -> Situation:
    """Put together what was read and what earlier runs of this profile left; slow for many."""
    organization = profile.webex.organization_id
    known_source = journal.source_digest(profile.id, organization)
    return Situation(
        population=population,
        users=users,
        links=journal.links(profile.id, organization),
        owned_elsewhere=journal.linked_elsewhere(profile.id, organization),
        operator_id=operator_id(identity, users),
        source_confirmed=source_confirmed or known_source in ("", profile.source_digest),
        now=now,
    )


def group_findings(profile: Profile) -> tuple[Reason, ...]:
    """Say that groups were asked for, but the source has none."""
    if not profile.groups.provision or profile.source.kind != "csv":
        return ()
    text = (
        "Groups are not provisioned: a file of people holds no groups."
        " Sign in to Microsoft Entra ID as the source, or turn groups off in the setup."
    )
    return (Reason("no-groups-in-source", text),)


def sealed(
    profile: Profile,
    situation: Situation,
    draft: Draft,
    groups: GroupDraft,
    *,
    guarded: bool,
) -> Plan:
    """Return the plan of a draft with its digest; with ``removed`` it is of what changed alone."""
    population, users = situation.population, situation.users
    return Plan(
        created_at=situation.now,
        profile_id=profile.id,
        profile_name=profile.name,
        profile_digest=profile.digest,
        source_digest=profile.source_digest,
        organization_id=profile.webex.organization_id,
        tenant_url=profile.webex.tenant_url,
        actions=draft.actions,
        stops=draft.stops,
        findings=population.findings + users.findings + group_findings(profile) + groups[1],
        source_complete=population.complete,
        users_complete=users.complete,
        managed_active=draft.managed_active,
        removals_allowed=draft.removals_allowed,
        operator_guarded=guarded,
        source_confirmed=situation.source_confirmed,
        people_read=len(population.people),
        users_read=len(users.users),
        cycle=msgspec.UNSET if situation.removed is None else "incremental",
        groups=groups[0],
    ).sealed()


def operator_id(identity: Identity | None, users: UsersRead) -> str:
    """Return the operator's SCIM id: the same UUID as in /people/me, else by user name."""
    if identity is None:
        return ""
    by_id = {user.id for user in users.users}
    if identity.person_id in by_id:
        return identity.person_id
    email = identity.email.casefold()
    return next((u.id for u in users.users if u.user_name.casefold() == email), "")
