"""How a run came out, in words: predicted against actual, and what each failure means."""

from collections.abc import Mapping

import msgspec

from sparkwizard.provisioning.types import ActionKind, Counts
from sparkwizard.runs.types import ActionState, Outcome, RunResult, RunState
from sparkwizard.wizard.moments import took_words
from sparkwizard.wizard.plan.changes import people
from sparkwizard.wizard.plan.group_words import group_result_words
from sparkwizard.wizard.run.ring_words import ring_stop

__all__ = ["Compared", "Verdict", "compared", "failure_words", "failures", "fix_words", "verdict"]

_DONE_WORDS: Mapping[ActionKind, str] = {
    ActionKind.CREATE: "Created",
    ActionKind.UPDATE: "Updated",
    ActionKind.DISABLE: "Disabled",
    ActionKind.DELETE: "Deleted",
    ActionKind.PROBLEM: "Problems",
}


class Compared(msgspec.Struct, frozen=True):
    """Hold one line of predicted against actual."""

    kind: ActionKind
    label: str
    predicted: int
    actual: int
    words: str
    as_predicted: bool


class Verdict(msgspec.Struct, frozen=True):
    """Hold the title of the result, its heading and sentence, and whether all went well."""

    title: str
    heading: str
    text: str
    good: bool


def predicted(result: RunResult, pilot: Mapping[ActionKind, int] | None = None) -> Counts:
    """Return what the plan foresaw, or a pilot's share of it."""
    if pilot is None:
        return result.counts
    return Counts(**{kind.value: number for kind, number in pilot.items()})


def compared(
    result: RunResult, pilot: Mapping[ActionKind, int] | None = None
) -> tuple[Compared, ...]:
    """Return a line for each kind of change that was foreseen."""
    held = {stop.action for stop in result.stops if stop.reason.code != "ring-stopped"}
    counts = predicted(result, pilot).as_dict()
    lines = []
    for kind, words in _DONE_WORDS.items():
        number = counts[kind.value]
        if not number:
            continue
        if kind is ActionKind.PROBLEM:
            lines.append(Compared(kind, words, number, number, "Left alone, see the report", True))
            continue
        actual = result.by_kind.get(kind, 0)
        lines.append(Compared(kind, words, number, actual, *_remark(number, actual, kind in held)))
    return tuple(lines)


def _remark(number: int, actual: int, held: bool) -> tuple[str, bool]:
    if held:
        return "Held back by a limit", False
    if number == actual:
        return "As predicted", True
    return f"{number - actual:,} not done", False


def verdict(result: RunResult, *, pilot: bool = False, undoes: int | None = None) -> Verdict:
    """Return how the run came out; ``undoes`` is the run that this one undid."""
    if bad := _not_all(result):
        return bad
    took = f"It took {took_words(result.seconds)}."
    if pilot:
        waiting = result.groups is not None and result.groups.waiting
        groups = " Groups are as they were: they come with everybody." if waiting else ""
        text = f"{took} Look at this person in Webex, then preview the rest.{groups}"
        return Verdict(_title(result), "The first person went through", text, True)
    if undoes is not None:
        text = f"{took} Sync is paused for this setup until “sparkwizard sync --release”."
        return Verdict(
            f"Run {undoes} is undone", "Everything that was planned has happened", text, True
        )
    return Verdict(_title(result), "Everything that was planned has happened", took, True)


def _not_all(result: RunResult) -> Verdict | None:
    """Return how a run came out that did not do all it should."""
    left = result.failed + result.not_attempted
    total = result.applied + left
    done = f"{result.applied:,} of {total:,} {'change was' if total == 1 else 'changes were'} made"
    if result.state is RunState.CANCELLED:
        text = "Nothing is half done. The rest can be applied when you like."
        return Verdict(f"Stopped: {done}", "Stopped because you asked for it", text, False)
    if result.state is RunState.FAILED:
        text = "Nothing is half done. Go on when the cause is settled."
        return Verdict(f"Stopped: {done}", "Stopped before the end", text, False)
    if why := ring_stop(result):
        text = f"{why} Look at the first below, then try again: it goes on ring by ring."
        return Verdict(done, "A ring stopped the rest", text, False)
    if left:
        text = f"{people(left)} could not be changed as planned. Each reason is shown below."
        return Verdict(done, "Not everything went as planned", text, False)
    if text := group_result_words(result.groups):
        return Verdict(_title(result), "Not everything went as planned", text, False)
    return None


def _title(result: RunResult) -> str:
    there = result.by_kind.get(ActionKind.CREATE, 0) + result.by_kind.get(ActionKind.UPDATE, 0)
    gone = result.by_kind.get(ActionKind.DISABLE, 0) + result.by_kind.get(ActionKind.DELETE, 0)
    if there:
        return f"{people(there)} {'is' if there == 1 else 'are'} in Webex"
    if gone:
        return f"{people(gone)} lost access to Webex"
    return "Everybody is as they should be"


def failures(result: RunResult) -> tuple[Outcome, ...]:
    """Return what was not carried out and could be tried again, who was not begun with last."""
    groups = result.groups.outcomes if result.groups else ()
    left = [
        outcome
        for outcome in (*result.outcomes, *groups)
        if outcome.state is not ActionState.APPLIED and outcome.code != "held-back"
    ]
    return tuple(sorted(left, key=lambda outcome: outcome.code == "ring-stopped"))


def failure_words(outcome: Outcome) -> str:
    """Return what did not happen, e.g. "Not created"."""
    if outcome.state is ActionState.SENT:
        return "Not known yet"
    word = _DONE_WORDS.get(outcome.action.kind, "Changed").lower()
    return f"Not {word}"


def fix_words(outcome: Outcome) -> str:
    """Return what to do about a change that was not made, in one sentence."""
    if outcome.state is ActionState.SENT:
        return "Try these again: SparkWizard looks in Webex first and repeats only what is missing."
    return _FIXES.get(outcome.code, "Try these again; if it stays, ask support with the report.")


_FIXES: Mapping[str, str] = {
    "conflict": "Find out who has it: a Webex user name is unique across all organizations.",
    "drift": "Somebody changed this user since the preview. Preview again to see what is left.",
    "forbidden": "Use the token of a full administrator, then try these again.",
    "not-reached": "Nothing was sent for this person. Try these again to go on.",
    "not-there": "Look for the user in Control Hub, then preview again.",
    "ring-stopped": "Nothing was sent for this person. Try these again to go on, ring by ring.",
    "throttled": "Wait a minute, then try these again.",
    "value-not-kept": "Leave the attribute out of the mapping, or set it in Control Hub.",
}
