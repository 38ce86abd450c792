"""Foretell what Entra's service will do, from the same readings that a preview rests on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.entra.provisioning_job.types import Desired
from sparkwizard.provisioning.by_entra import (
    EntraRules,
    EntraSituation,
    Foresight,
    Foretold,
    beside_this_computer,
    foretell,
)
from sparkwizard.provisioning.groups.mapping import compile_group_mapping
from sparkwizard.provisioning.groups.people import group_people
from sparkwizard.provisioning.groups.planning import (
    GroupSituation,
    groups_to_look_into,
    plan_groups,
)
from sparkwizard.provisioning.groups.types import GroupPlan
from sparkwizard.provisioning.mapping.filling import compile_mapping
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import Action, ActionKind, Group, Reason
from sparkwizard.runs.groups.planning import groups_with_members, read_groups
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.scim_groups import ScimGroups

__all__ = ["foresee", "foretell_groups", "provisioned_before", "read_foretold", "write_foretold"]


def foresee(
    profile: Profile, made: Preview, known: Mapping[str, str], findings: Iterable[Reason] = ()
) -> Foresight:
    """Return what the service will do with everybody whom a preview read. Slow for many.

    ``known`` are those it provisioned before. Raises MappingError and ScopeError where the setup
    can't be worked with.
    """
    desired = desired_of(profile)
    rules = EntraRules(
        mapping=compile_mapping(desired.user_rules),
        scope=compile_scope(desired.filters),
        actions=desired.actions,
    )
    seen = EntraSituation(
        population=made.population, users=made.users, now=made.plan.created_at, known=known
    )
    actions, here = beside_this_computer(foretell(rules, seen), made.plan.actions)
    found = (*made.population.findings, *made.users.findings, *findings, *_also(profile, desired))
    return Foresight(
        Foretold(
            created_at=made.plan.created_at,
            profile_digest=profile.digest,
            actions=actions,
            findings=found,
        ),
        here,
    )


def _also(profile: Profile, desired: Desired) -> Iterator[Reason]:
    """Say whom the readings of a preview leave out though the service has them."""
    if profile.source.kind == "csv":
        yield Reason(
            "people-of-a-file",
            "Only the people of the file are foretold; Entra reads its own directory.",
        )
    if profile.cloud.assign and not desired.sync_all and not profile.cloud.application_id:
        yield Reason(
            "assigned-besides",
            "Whom the set-up assigns besides the groups of the scope is not foretold here.",
        )


async def foretell_groups(
    profile: Profile,
    foretold: Foretold,
    groups: tuple[Group, ...] | None,
    webex: ScimGroups,
    now: datetime,
) -> Foretold:
    """Return what is foretold with the groups, where the setup provisions any.

    The service finds a group by its name, adds the direct members it provisions, and takes nobody
    out whom it did not add itself (*How application provisioning works*).
    """
    desired = desired_of(profile)
    if not desired.provision_groups or groups is None:
        return foretold
    read = await read_groups(webex)
    seen = GroupSituation(
        groups=groups,
        mapping=compile_group_mapping(desired.group_rules),
        webex=read,
        links={},
        people=group_people({}, map(_provisioned, foretold.actions)),
        now=now,
        bar=_TAKES_NOBODY_OUT,
        actions=desired.actions,
    )
    read = await groups_with_members(webex, read, groups_to_look_into(seen))
    plan = plan_groups(replace(seen, webex=read))
    kept = (action for action in plan.actions if _TAKES_NOBODY_OUT not in action.reasons)
    findings = (*foretold.findings, *read.findings)
    return replace(foretold, groups=GroupPlan(tuple(kept)), findings=findings)


_TAKES_NOBODY_OUT = Reason("takes-nobody-out", "Entra takes out only whom it put in itself.")


def _provisioned(action: Action) -> Action:
    """Return an action by which somebody counts as provisioned: a matched user is kept in mind."""
    if action.webex_id and not action.kind.writes:
        return replace(action, kind=ActionKind.UNCHANGED)
    return action


def provisioned_before(entries: Iterable[LogEntry]) -> dict[str, str]:
    """Return the Webex ids of those whom the service has a user for, by source id, by its logs.

    A user that was found is kept in mind, whether or not anything was written (*How application
    provisioning works*, initial cycle, 5). ``entries`` are newest first; Graph keeps them for 7 or
    30 days: whoever changed before that is found by name.
    """
    known: dict[str, str] = {}
    for entry in reversed(list(entries)):
        source_id = entry.source_id.lower()
        if entry.source_type.lower() == "group":
            continue
        if entry.action == "delete" and entry.status != "failure":
            known.pop(source_id, None)
        elif entry.target_id:
            known[source_id] = entry.target_id
    return known


def write_foretold(foretold: Foretold) -> bytes:
    """Encode what is foretold for the journal."""
    return msgspec.json.encode(foretold)


def read_foretold(content: bytes | None) -> Foretold | None:
    """Decode what was foretold, None for nothing or for what another version kept."""
    if content is None:
        return None
    try:
        return msgspec.json.decode(content, type=Foretold)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
