"""Plan the inverse of a run from its before-images, and hold sync back until it is released."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from sparkwizard.errors import InputError, SafeguardStop
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.planning.planner import Draft
from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.types import Action, Population, Reason, UsersRead
from sparkwizard.provisioning.undo import UNLINKED, UndoGround, draft_undo
from sparkwizard.runs.applying.estimate import estimate
from sparkwizard.runs.applying.known_pace import pace_known
from sparkwizard.runs.groups.planning import GroupDraft, undo_groups
from sparkwizard.runs.groups.writing import MEMBER_REFUSED
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.known import known_run
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.preview import operator_id
from sparkwizard.runs.types import ActionRecord, ActionState, Preview, RunRecord, RunState
from sparkwizard.runs.writing.second_pass import REFERENCE_PENDING
from sparkwizard.runs.writing.verifying import read_each
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Identity

__all__ = ["check_not_paused", "plan_undo", "run_to_undo"]


def run_to_undo(journal: Journal, places: Places, profile: Profile, run_id: int) -> RunRecord:
    """Return a run of this setup that has ended.

    Raises InputError for no such run or one of another setup, StorageError while it goes on.
    """
    run = known_run(journal, run_id)
    organization = profile.webex.organization_id
    if (run.profile_id, run.organization_id) != (profile.id, organization):
        raise InputError(
            f"Run {run_id} was not made with this setup but with {run.profile_name}.",
            fix="Choose the setup that made it.",
            code="run-of-another-setup",
        )
    if run.state is RunState.RUNNING:
        # it goes on, or it was killed: the lock tells
        with organization_lock(places, organization):
            pass
    return run


async def plan_undo(
    profile: Profile,
    run: RunRecord,
    scim: ScimClient,
    journal: Journal,
    *,
    identity: Identity | None,
    now: datetime,
    confirm_removals: bool = False,
) -> Preview:
    """Read Webex and return the sealed inverse of a run, remembered as made here.

    ``confirm_removals`` lifts the limit on removals: undoing many creates turns many users off.
    """
    done = [record.action for record in journal.actions(run.id) if _may_have_happened(record)]
    users = await scim.list_users()
    ground = await _ground(profile, done, users, scim, journal, identity=identity)
    taken_over = await asyncio.to_thread(
        journal.linked_by, run.id, profile.id, profile.webex.organization_id
    )
    ground = replace(ground, taken_over=taken_over)
    limit = None if confirm_removals else profile.safeguards.max_removals
    draft = draft_undo(done, ground, limit)
    setup = (profile.id, profile.webex.organization_id)
    in_part = (MEMBER_REFUSED, REFERENCE_PENDING)  # of a bundle, whoever could be was written
    changed = [
        r.action
        for r in journal.group_actions(run.id)
        if _may_have_happened(r) or r.code in in_part
    ]
    groups = await undo_groups(run.id, changed, scim, journal, setup)
    plan = _sealed(profile, run, users, draft, groups, now=now, guarded=identity is not None)
    journal.record_plan(plan)
    expected = estimate(plan, await scim.capabilities(), pace_known(journal, scim, setup))
    return Preview(plan, Population(()), users, estimate=expected)


def check_not_paused(journal: Journal, profile: Profile) -> None:
    """Refuse to sync what was just undone. Raises SafeguardStop (exit code 3)."""
    run = journal.paused_by(profile.id, profile.webex.organization_id)
    if run is not None:
        raise SafeguardStop(
            f"Sync is paused for this setup, because run {run} was undone. Nothing was written.",
            fix="Mend the setup or its people, look at a preview, and then go on with"
            " “sparkwizard sync --release”.",
            code="sync-paused",
        )


def _may_have_happened(record: ActionRecord) -> bool:
    """Return whether an action changed Webex, for all we know; the fields themselves tell."""
    return (
        record.state in (ActionState.APPLIED, ActionState.SENT) or record.code == "value-not-kept"
    )


async def _ground(
    profile: Profile,
    done: list[Action],
    users: UsersRead,
    scim: ScimClient,
    journal: Journal,
    *,
    identity: Identity | None,
) -> UndoGround:
    by_id = {user.id: user for user in users.users}
    # lists lag behind writes
    unseen = [one.webex_id for one in done if one.webex_id and one.webex_id not in by_id]
    organization = profile.webex.organization_id
    return UndoGround(
        users=users,
        by_id=by_id | await read_each(scim, list(dict.fromkeys(unseen))),
        links=journal.links(profile.id, organization),
        owned_elsewhere=journal.linked_elsewhere(profile.id, organization),
        operator_id=operator_id(identity, users),
        never_touched=NeverTouched(profile.safeguards.never_touch),
    )


def _sealed(
    profile: Profile,
    run: RunRecord,
    users: UsersRead,
    draft: Draft,
    groups: GroupDraft,
    *,
    now: datetime,
    guarded: bool,
) -> Plan:
    return Plan(
        created_at=now,
        profile_id=profile.id,
        profile_name=profile.name,
        profile_digest=profile.digest,
        source_digest=profile.source_digest,
        organization_id=profile.webex.organization_id,
        tenant_url=profile.webex.tenant_url,
        actions=draft.actions,
        stops=draft.stops,
        findings=(*users.findings, *groups[1], *_findings(run, draft)),
        users_complete=users.complete,
        managed_active=draft.managed_active,
        removals_allowed=draft.removals_allowed,
        operator_guarded=guarded,
        users_read=len(users.users),
        undoes=run.id,
        groups=groups[0],
    ).sealed()


def _findings(run: RunRecord, draft: Draft) -> Iterator[Reason]:
    text = (
        f"This plan undoes run {run.id}. Once it is applied, sync pauses for this setup until it is"
        " released with “sparkwizard sync --release”."
    )
    yield Reason("undo", text)
    if any(stop.reason.code == "too-many-removals" for stop in draft.stops):
        text = (
            "To turn off all the users that the run created, make the undo again with"
            " --confirm-removals."
        )
        yield Reason("undo-removals", text)
    if number := sum(UNLINKED in a.reasons and not a.kind.writes for a in draft.actions):
        who = "1 user" if number == 1 else f"{number:,} users"
        text = f"This setup lets go of {who} whom the run took over as they were."
        yield Reason("undo-lets-go", text)
