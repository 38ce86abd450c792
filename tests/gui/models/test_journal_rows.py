"""The journal's table tells what a run did to groups as well, after people."""

from sparkwizard.gui.models.outcomes import journal_model
from sparkwizard.provisioning.groups.types import Member, member_change
from sparkwizard.provisioning.types import Action, ActionKind, Change
from sparkwizard.runs.types import ActionRecord, ActionState

PERSON = Action(ActionKind.UPDATE, "s", "u", "Ana", changes=(Change("title", "Old", "New"),))
JOIN = Action(
    ActionKind.UPDATE, "g", "Sales", "Sales", changes=member_change(added=[Member("s", "w", "Ana")])
)


def test_members_who_joined_are_told_by_name_after_people() -> None:
    model = journal_model(
        [ActionRecord(0, PERSON, ActionState.APPLIED)], [ActionRecord(0, JOIN, ActionState.APPLIED)]
    )
    assert model.columns[0].title == "Person or group"
    assert [row.record.action.label for row in model.rows] == ["Ana", "Sales"]
    assert model.rows[1].what == "Join: Ana"
    assert model.rows[1].icon[0] == "people"


def test_what_was_not_done_says_why_and_what_was_done_says_what() -> None:
    failed = ActionRecord(1, PERSON, ActionState.FAILED, message="No licence is free.")
    model = journal_model([ActionRecord(0, PERSON, ActionState.APPLIED), failed])
    assert model.columns[0].title == "Person"
    assert [row.what for row in model.rows] == ["Job title", "No licence is free."]
