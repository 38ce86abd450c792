"""How a run came out, in words."""

from sparkwizard.provisioning.types import Action, ActionKind, Counts, Reason, Stop
from sparkwizard.runs.types import ActionState, Outcome, RunResult, RunState
from sparkwizard.wizard.run.outcome import compared, failure_words, failures, fix_words, verdict

ANNA = Action(ActionKind.CREATE, "1", "anna@contoso.example", "Anna")


def result(
    *,
    state: RunState = RunState.DONE,
    failed: int = 0,
    left: int = 0,
    stops: tuple[Stop, ...] = (),
    outcomes: tuple[Outcome, ...] = (),
    **done: int,
) -> RunResult:
    counts = Counts(create=187, update=25, disable=2, problem=3)
    return RunResult(
        run_id=1,
        state=state,
        counts=counts,
        applied=sum(done.values()),
        failed=failed,
        not_attempted=left,
        by_kind={ActionKind(kind): number for kind, number in done.items()},
        stops=stops,
        outcomes=outcomes,
        seconds=58,
    )


def test_success_tells_how_many_people_are_in_webex() -> None:
    told = verdict(result(create=187, update=25, disable=2))
    assert told.good
    assert told.title == "212 people are in Webex"
    assert told.heading == "Everything that was planned has happened"
    assert "58 seconds" in told.text


def test_who_lost_access_is_not_said_to_be_in_webex() -> None:
    assert verdict(result(disable=2)).title == "2 people lost access to Webex"


def test_nothing_to_do_is_a_good_result() -> None:
    assert verdict(result()).title == "Everybody is as they should be"


def test_a_failure_is_counted_in_the_title() -> None:
    told = verdict(result(create=185, update=25, disable=2, failed=2))
    assert told.title == "212 of 214 changes were made"
    assert not told.good


def test_a_cancelled_run_says_how_far_it_came() -> None:
    told = verdict(result(state=RunState.CANCELLED, create=100, left=114))
    assert told.title == "Stopped: 100 of 214 changes were made"


def test_a_broken_run_says_how_far_it_came() -> None:
    told = verdict(result(state=RunState.FAILED, create=100, left=114))
    assert told.title.startswith("Stopped: 100 of 214")


def test_a_pilot_leads_to_the_rest() -> None:
    told = verdict(result(create=1), pilot=True)
    assert told.title == "1 person is in Webex"
    assert "preview the rest" in told.text


def test_actual_stands_beside_predicted() -> None:
    lines = compared(result(create=186, update=25, disable=2, failed=1))
    assert [(line.label, line.predicted, line.actual, line.words) for line in lines] == [
        ("Created", 187, 186, "1 not done"),
        ("Updated", 25, 25, "As predicted"),
        ("Disabled", 2, 2, "As predicted"),
        ("Problems", 3, 3, "Left alone, see the report"),
    ]


def test_a_pilot_is_compared_with_its_one_person() -> None:
    (line,) = compared(result(create=1), {ActionKind.CREATE: 1})
    assert (line.predicted, line.actual, line.as_predicted) == (1, 1, True)


def test_what_a_limit_held_back_is_called_so() -> None:
    stop = Stop(ActionKind.DISABLE, 2, Reason("too-many-removals", "Too many."))
    lines = compared(result(create=187, update=25, left=2, stops=(stop,)))
    assert [line.words for line in lines if line.kind is ActionKind.DISABLE] == [
        "Held back by a limit"
    ]


def test_only_what_can_be_tried_again_is_listed() -> None:
    failed = Outcome(0, ANNA, ActionState.FAILED, code="conflict", message="Taken.")
    held = Outcome(1, ANNA, ActionState.NOT_ATTEMPTED, code="held-back")
    assert failures(result(outcomes=(failed, held))) == (failed,)


def test_a_lost_answer_is_not_called_a_failure() -> None:
    assert failure_words(Outcome(0, ANNA, ActionState.SENT)) == "Not known yet"
    assert failure_words(Outcome(0, ANNA, ActionState.FAILED)) == "Not created"


def test_every_failure_has_something_to_do_about_it() -> None:
    taken = Outcome(0, ANNA, ActionState.FAILED, code="conflict")
    unknown = Outcome(0, ANNA, ActionState.FAILED, code="something-new")
    lost = Outcome(0, ANNA, ActionState.SENT)
    assert "unique across all organizations" in fix_words(taken)
    assert "Try these again" in fix_words(unknown)
    assert "repeats only what is missing" in fix_words(lost)
