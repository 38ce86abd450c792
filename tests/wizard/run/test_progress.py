"""How far a run is, and how long it still takes."""

from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.types import ActionState, Begun, Outcome
from sparkwizard.wizard.run.progress import Pace, Tally

ANNA = Action(ActionKind.CREATE, "1", "anna@contoso.example", "Anna")


def outcome(seq: int, state: ActionState, action: Action = ANNA) -> Outcome:
    return Outcome(seq, action, state)


def begun(tally: Tally, total: int, *, before: int = 0, run: int = 1) -> None:
    tally.begin(Begun(run, total, before))


def test_each_outcome_counts_once() -> None:
    tally = Tally()
    begun(tally, 3)
    tally.take(outcome(0, ActionState.APPLIED))
    tally.take(outcome(1, ActionState.FAILED))
    assert tally.done == 2
    assert tally.applied[ActionKind.CREATE] == 1
    assert tally.failed == 1


def test_a_later_outcome_of_the_same_action_replaces_the_earlier() -> None:
    tally = Tally()
    begun(tally, 2)
    tally.take(outcome(0, ActionState.APPLIED))
    tally.take(outcome(0, ActionState.FAILED))
    assert (tally.applied[ActionKind.CREATE], tally.failed, tally.done) == (0, 1, 1)
    tally.take(outcome(0, ActionState.APPLIED))
    assert (tally.applied[ActionKind.CREATE], tally.failed, tally.done) == (1, 0, 1)


def test_failures_only_come_on_top_until_one_is_taken_back() -> None:
    tally = Tally()
    begun(tally, 3)
    tally.take(outcome(0, ActionState.FAILED))
    tally.take(outcome(1, ActionState.FAILED))
    tally.take(outcome(2, ActionState.APPLIED))
    assert (tally.failed, tally.taken_back) == (2, 0)
    tally.take(outcome(0, ActionState.APPLIED))
    assert (tally.failed, tally.taken_back) == (1, 1)
    begun(tally, 3, before=2)
    assert (tally.failed, tally.taken_back) == (0, 2)


def test_going_on_with_a_run_keeps_what_was_done_and_tries_what_failed() -> None:
    tally = Tally()
    begun(tally, 3)
    tally.take(outcome(0, ActionState.APPLIED))
    tally.take(outcome(1, ActionState.FAILED))
    begun(tally, 3, before=1)
    assert tally.done == 1
    assert tally.not_done == ()
    tally.take(outcome(1, ActionState.APPLIED))
    assert tally.done == 2


def test_a_run_of_an_earlier_day_starts_with_what_was_done_then() -> None:
    tally = Tally()
    begun(tally, 10, before=4)
    assert tally.done == 4


def test_another_run_starts_at_nothing() -> None:
    tally = Tally()
    begun(tally, 2, run=1)
    tally.take(outcome(0, ActionState.APPLIED))
    begun(tally, 5, run=2)
    assert (tally.done, tally.total, tally.applied.total()) == (0, 5, 0)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from((ActionState.APPLIED, ActionState.FAILED, ActionState.SENT)),
        )
    )
)
def test_no_order_of_outcomes_counts_more_than_there_is(
    told: list[tuple[int, ActionState]],
) -> None:
    tally = Tally()
    begun(tally, 10)
    for seq, state in told:
        tally.take(outcome(seq, state))
    last = dict(told)
    assert tally.done == len(last)
    applied = sum(1 for state in last.values() if state is ActionState.APPLIED)
    assert tally.applied.total() == applied
    assert tally.failed == len(last) - applied


def test_no_time_is_told_in_the_first_seconds() -> None:
    pace = Pace()
    pace.mark(0, 0)
    pace.mark(2, 50)
    assert pace.seconds_left(2, 100) is None


def test_the_time_left_follows_the_pace() -> None:
    pace = Pace()
    for second in range(11):
        pace.mark(second, second * 10)
    assert pace.seconds_left(10, 200) == 10


def test_no_time_is_told_while_nothing_moves() -> None:
    pace = Pace()
    pace.mark(0, 0)
    pace.mark(10, 0)
    assert pace.seconds_left(10, 100) is None


def test_a_slow_start_is_forgotten() -> None:
    pace = Pace(window=10)
    pace.mark(0, 0)
    pace.mark(100, 10)
    for second in range(101, 121):
        pace.mark(second, 10 + (second - 100) * 10)
    left = pace.seconds_left(120, 310)
    assert left is not None
    assert 9 < left < 12


def test_a_computer_that_slept_in_the_middle_foretells_no_hours() -> None:
    pace = Pace()
    for now in range(11):
        pace.look(now)
        pace.mark(now, now * 10)
    pace.look(7200)
    pace.mark(7200, 110)
    assert pace.seconds_left(7200, 200) is None
    for now in range(7201, 7206):
        pace.look(now)
        pace.mark(now, 110 + (now - 7200) * 10)
    assert pace.seconds_left(7205, 200) == 4


def test_a_slow_answer_is_no_sleep_while_the_window_looks() -> None:
    pace = Pace()
    pace.mark(0, 0)
    for now in range(61):
        pace.look(now)
    pace.mark(60, 3)
    assert pace.seconds_left(60, 6) == 60


def test_a_pause_does_not_count_as_slowness() -> None:
    pace = Pace()
    pace.mark(0, 0)
    pace.mark(10, 100)
    pace.rest()
    pace.mark(500, 100)
    pace.mark(505, 150)
    assert pace.seconds_left(505, 200) == 5
