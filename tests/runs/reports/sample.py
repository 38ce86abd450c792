"""A run with something of everything, for the tests of reports."""

from datetime import UTC, datetime, timedelta

from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Change,
    Counts,
    Reason,
    Stop,
)
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord, RunState

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = ("Adele Vance", "Anna Schmidt", "Pavel Dvořák", "Aino Virtanen", "李小龍", "Zoë Hara")


def sample_run(people: int = 60) -> tuple[RunRecord, list[ActionRecord]]:
    """Return a run that created, updated and disabled, with failures and what was left alone."""
    actions = [_record(number) for number in range(people)]
    states = [record.state for record in actions]
    kinds = [record.action.kind for record in actions]
    counts = Counts(
        create=kinds.count(ActionKind.CREATE),
        update=kinds.count(ActionKind.UPDATE),
        disable=kinds.count(ActionKind.DISABLE),
        unchanged=1_806,
        skipped=395,
        problem=3,
    )
    run = RunRecord(
        id=7,
        plan_digest="9f" * 32,
        profile_id="p1",
        profile_name="Contoso",
        organization_id="5e60f08c-0000-4000-8000-7e7d6d6b0d2a",
        tenant_url="https://webexapis.com/identity/scim/5e60f08c-0000-4000-8000-7e7d6d6b0d2a/v2",
        started_at=NOON,
        finished_at=NOON + timedelta(seconds=95),
        state=RunState.DONE,
        counts=counts,
        stops=(Stop(ActionKind.DELETE, 2, Reason("limit", "Two deletes are over the limit.")),),
        applied=states.count(ActionState.APPLIED),
        failed=states.count(ActionState.FAILED),
        not_attempted=states.count(ActionState.NOT_ATTEMPTED),
    )
    return run, actions


def _record(number: int) -> ActionRecord:
    action = _action(number)
    at = NOON + timedelta(seconds=2 + (number * 37 % 90))
    tracking = f"SPARKWIZARD_{number:032x}"
    if number % 20 == 7:
        said = "Webex refused this: the user name belongs to another organization."
        return ActionRecord(number, action, ActionState.FAILED, 1, "conflict", said, tracking, at)
    if number % 20 == 13:
        said = "The user was changed in Webex after the preview."
        return ActionRecord(number, action, ActionState.NOT_ATTEMPTED, 0, "drift", said)
    return ActionRecord(number, action, ActionState.APPLIED, 1, tracking_id=tracking, at=at)


def _action(number: int) -> Action:
    name = NAMES[number % len(NAMES)]
    user_name = f"person{number:03d}@contoso.example"
    if number % 3 == 0:
        changes = (
            Change("userName", None, user_name),
            Change("displayName", None, name),
            Change("active", None, True),
        )
        reason = Reason("not-in-webex", "In scope and not in Webex yet.")
        return Action(ActionKind.CREATE, f"s{number}", user_name, name, "", changes, (reason,))
    if number % 10 == 4:
        off = (Change("active", True, False),)
        reason = Reason("left", "No longer in the source.")
        return Action(
            ActionKind.DISABLE, f"s{number}", user_name, name, f"w{number}", off, (reason,)
        )
    changed = (
        Change("title", "Trainee", "Engineer"),
        Change('emails[type eq "work"].value', "old@contoso.example", user_name),
    )
    reason = Reason("changed", "In scope by “Germany, no contractors”.")
    return Action(
        ActionKind.UPDATE, f"s{number}", user_name, name, f"w{number}", changed, (reason,)
    )
