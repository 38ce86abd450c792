"""What start and overview tell about a setup from its runs."""

from datetime import UTC, datetime

import pytest

from sparkwizard.provisioning.types import Action, ActionKind, Counts, Reason, Stop
from sparkwizard.runs.types import ActionRecord, ActionState, GroupTally, RunRecord, RunState
from sparkwizard.values import replace
from sparkwizard.webex.types import Identity, Organization, Role, TokenKind
from sparkwizard.wizard.run.setup_facts import (
    default_name,
    findings_of,
    in_scope_words,
    last_run,
    run_changes,
    run_outcome,
)

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def run(
    *,
    state: RunState = RunState.DONE,
    applied: int = 214,
    failed: int = 0,
    stops: tuple[Stop, ...] = (),
) -> RunRecord:
    return RunRecord(
        id=1,
        plan_digest="d",
        profile_id="p",
        profile_name="Contoso",
        organization_id="o",
        tenant_url="u",
        started_at=NOW.replace(hour=14, minute=24),
        finished_at=NOW,
        state=state,
        counts=Counts(create=187, update=27),
        stops=stops,
        applied=applied,
        failed=failed,
    )


@pytest.mark.parametrize(
    ("people", "groups", "changes", "outcome"),
    [
        (214, GroupTally(), "214 changes", "Done"),
        (214, GroupTally(applied=3), "214 changes, 3 changes of groups", "Done"),
        (0, GroupTally(applied=1), "1 change of groups", "Done"),
        (2, GroupTally(applied=1, failed=2), "2 changes, 1 change of groups", "2 failed"),
        (0, GroupTally(), "No changes", "Done"),
    ],
)
def test_changes_of_groups_are_told_beside_those_of_people(
    people: int, groups: GroupTally, changes: str, outcome: str
) -> None:
    one = replace(run(applied=people), groups=groups)
    assert (run_changes(one), run_outcome(one)[0]) == (changes, outcome)


def record(
    message: str, state: ActionState = ActionState.FAILED, *, code: str = ""
) -> ActionRecord:
    action = Action(ActionKind.CREATE, "s", "u", "U")
    return ActionRecord(1, action, state, code=code, message=message)


def test_a_setup_without_runs_says_so() -> None:
    known = last_run((), NOW)
    assert (known.state, known.when) == ("Not run yet", "Never")


def test_the_newest_run_is_told_with_its_time_and_changes() -> None:
    known = last_run((run(), run(applied=1)), NOW)
    assert (known.tone, known.when) == ("success", "Today 14:24, 214 changes")


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (run(), ("Done", "success")),
        (run(failed=2), ("2 failed", "danger")),
        (run(state=RunState.CANCELLED), ("Stopped by you", "warning")),
        (run(state=RunState.RUNNING), ("Not finished", "warning")),
        (run(state=RunState.FAILED), ("Broke off", "danger")),
        (
            run(stops=(Stop(ActionKind.DISABLE, 40, Reason("limit", "Too many.")),)),
            ("Held back by a limit", "warning"),
        ),
    ],
)
def test_every_end_of_a_run_has_words_and_a_tone(
    given: RunRecord, outcome: tuple[str, str]
) -> None:
    assert run_outcome(given) == outcome


def test_a_run_that_changed_nobody_says_so() -> None:
    assert run_changes(run(applied=0)) == "No changes"


def test_who_is_in_scope_counts_everybody_but_the_skipped() -> None:
    counts = Counts(create=187, update=27, unchanged=1807, skipped=397, disable=2)
    assert in_scope_words(counts) == "2,021 of 2,418 people"


def test_failures_of_one_reason_are_one_finding_most_common_first() -> None:
    actions = [
        record("Anna is taken.", code="one"),
        record("Bo is taken.", code="two"),
        record("Cy is taken.", code="two"),
        record("", ActionState.APPLIED),
    ]
    assert [finding.text for finding in findings_of(run(), actions)] == [
        "2 people failed alike. U: Bo is taken.",
        "U: Anna is taken.",
    ]


def test_who_was_left_alone_is_told_after_failures_and_what_a_limit_held_back_once() -> None:
    stop = Stop(ActionKind.DISABLE, 2, Reason("too-many-removals", "Too many."))
    left = ActionState.NOT_ATTEMPTED
    findings = findings_of(
        run(stops=(stop,)),
        [record("Changed.", left, code="drift")] * 3
        + [record("No licence.", code="400"), record("Held.", left, code="held-back")],
        [record("Two have this name.", left, code="ambiguous")],
    )
    assert [(one.text, one.people) for one in findings] == [
        ("U: No licence.", 1),
        ("3 people were left alone alike. U: Changed.", 3),
        ("U: Two have this name.", 1),
        ("Too many.", 2),
    ]


def test_a_failure_without_words_is_still_told() -> None:
    (finding,) = findings_of(run(), [record("")])
    assert finding.text == "U: Webex refused without a reason."


def test_what_a_limit_held_back_is_a_finding() -> None:
    held = run(stops=(Stop(ActionKind.DISABLE, 40, Reason("limit", "40 would lose access.")),))
    assert findings_of(held, ())[0].text == "40 would lose access."


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("Contoso", "a@b.example", "Contoso"),
        ("", "a@b.example", "b.example"),
        ("", "", "Webex"),
    ],
)
def test_a_new_setup_is_named_for_its_organization(name: str, email: str, expected: str) -> None:
    somebody = Identity(
        Organization("u", "b", name), "A", email, "p", Role.FULL_ADMIN, TokenKind.UNKNOWN
    )
    assert default_name(somebody) == expected
