"""Read Webex's groups as far as a plan of them needs, and plan."""

import asyncio
from collections.abc import Sequence

import msgspec

from sparkwizard.errors import Cancelled, NotAuthorized, SparkWizardError, Throttled
from sparkwizard.provisioning.groups.mapping import DEFAULT_GROUP_MAPPING, compile_group_mapping
from sparkwizard.provisioning.groups.people import GroupPeople, group_people
from sparkwizard.provisioning.groups.planning import (
    GroupSituation,
    groups_to_look_into,
    plan_groups,
)
from sparkwizard.provisioning.groups.types import GroupPlan, GroupsRead
from sparkwizard.provisioning.groups.undo import draft_group_undo
from sparkwizard.provisioning.planning.planner import Draft, Situation
from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.types import Action, ActionKind, Reason
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.scim_groups import ScimGroups

__all__ = ["GroupDraft", "draft_groups", "groups_with_members", "read_groups", "undo_groups"]

WIDTH = 4
ENDING = (Cancelled, NotAuthorized, Throttled)

type GroupDraft = tuple[GroupPlan | msgspec.UnsetType, tuple[Reason, ...]]
"""A plan of groups, unset where none are provisioned, and what was odd about reading them."""


async def draft_groups(
    profile: Profile,
    situation: Situation,
    draft: Draft,
    scim: ScimClient,
    journal: Journal,
) -> GroupDraft:
    """Read Webex's groups and decide on each of the source's.

    ``situation`` is what the plan of people rests on, ``draft`` what it does. Raises MappingError
    where a rule of groups can't work; groups that can't be read are a finding, never the end of a
    preview.
    """
    population = situation.population
    if not profile.groups.provision or population.groups is None:
        return msgspec.UNSET, ()
    mapping = compile_group_mapping(profile.groups.mapping or DEFAULT_GROUP_MAPPING)
    setup = (profile.id, profile.webex.organization_id)
    links = journal.group_links(setup)
    never_touched = NeverTouched(profile.safeguards.never_touch)
    people = await asyncio.to_thread(_people, journal, setup, draft, never_touched)
    read = await read_groups(scim.groups)
    seen = GroupSituation(
        groups=population.groups,
        mapping=mapping,
        webex=read,
        links=links,
        people=people,
        now=situation.now,
        owned_elsewhere=journal.groups_linked_elsewhere(setup),
        bar=_bar(situation, read, known=bool(links)),
        actions=profile.actions,
        limit=profile.safeguards.max_removals,
    )
    wanted = await asyncio.to_thread(groups_to_look_into, seen)
    seen = replace(seen, webex=await groups_with_members(scim.groups, read, wanted))
    plan = await asyncio.to_thread(plan_groups, seen)
    return plan, seen.webex.findings


async def undo_groups(
    run_id: int,
    done: Sequence[Action],
    scim: ScimClient,
    journal: Journal,
    setup: tuple[str, str],
) -> GroupDraft:
    """Read the groups that a run changed, and decide on the inverse; unset where it changed none.

    ``done`` is what the run did to groups, as far as anybody knows.
    """
    made = {action.source_id for action in done if action.kind is ActionKind.CREATE}
    links = journal.group_links(setup).values()
    taken = [link for link in links if link.run == run_id and link.source_id not in made]
    if not done and not taken:
        return msgspec.UNSET, ()
    read = await read_groups(scim.groups)
    here = {group.id for group in read.groups}
    wanted = frozenset(action.webex_id for action in done if action.webex_id in here)
    read = await groups_with_members(scim.groups, read, wanted)
    users = {link.source_id: link.webex_id for link in journal.links(*setup).values()}
    return draft_group_undo(done, read, users, taken), read.findings


def _people(
    journal: Journal, setup: tuple[str, str], draft: Draft, never_touched: NeverTouched
) -> GroupPeople:
    """Return who may be put into groups and taken out; all links, also of an incremental cycle."""
    return group_people(
        journal.links(*setup),
        draft.actions,
        elsewhere=journal.linked_elsewhere(*setup),
        never_touched=never_touched,
        turned_off=journal.disabled_unheard(*setup),
    )


def _bar(situation: Situation, read: GroupsRead, *, known: bool) -> Reason | None:
    """Return why nobody is taken out of a group, None where they may be."""
    population = situation.population
    if not (population.complete and situation.users_complete and read.complete):
        return Reason("incomplete", "Everybody stays a member: not everything could be read.")
    if not situation.source_confirmed:
        text = "Everybody stays a member: the source is another than before, and not confirmed."
        return Reason("source-changed", text)
    if known and not population.groups:
        text = "Everybody stays a member: the source suddenly has no groups at all."
        return Reason("no-groups", text)
    return None


async def read_groups(groups: ScimGroups) -> GroupsRead:
    """Read all of Webex's groups without their members; what hinders it is a finding."""
    try:
        return await groups.list_all()
    except ENDING:
        raise
    except SparkWizardError as error:
        text = f"The groups of Webex could not be read, so that all stay as they are. {error}"
        finding = Reason("groups-not-read", f"{text} {error.fix}".strip())
        return GroupsRead(complete=False, findings=(finding,))


async def groups_with_members(
    groups: ScimGroups, read: GroupsRead, wanted: frozenset[str]
) -> GroupsRead:
    """Read who is in the groups that count; one that can't be read is a finding."""
    found: dict[str, frozenset[str]] = {}
    findings: list[Reason] = []
    names = {group.id: group.display_name for group in read.groups}

    async def look(group_id: str) -> None:
        try:
            found[group_id] = await groups.members(group_id)
        except ENDING:
            raise
        except SparkWizardError as error:
            text = f"The members of “{names[group_id]}” in Webex could not be read. {error}"
            findings.append(Reason("members-not-read", text))

    await side_by_side(look, sorted(wanted), width=WIDTH)
    return replace(read, members=found, findings=(*read.findings, *findings))
