"""How the schedule of a setup stands, in words; the window and the command say the same."""

from collections.abc import Iterator
from datetime import datetime

from sparkwizard.runs.schedule.job import Standing

__all__ = ["SIGNED_IN", "result_words", "standing_lines"]

SIGNED_IN = (
    "It runs while you are signed in on this computer: the keyring with the token is locked while"
    " nobody is."
)
_RESULTS = {
    0: "done",
    1: "ended with an error",
    3: "stopped by a safeguard",
    4: "done, but some actions failed",
    130: "cancelled",
}


def standing_lines(standing: Standing | None) -> Iterator[str]:
    """Yield how a schedule stands; None is none."""
    if standing is None:
        yield "There is no schedule for this setup on this computer."
        return
    if not standing.active:
        yield "The schedule is installed but switched off."
    elif standing.minutes:
        yield f"This setup is synchronized every {standing.minutes} minutes."
    if standing.running:
        yield "It runs at this moment."
    elif standing.next_run:
        yield f"Next run: {_local(standing.next_run)}"
    if standing.last_run:
        yield f"Last run: {_local(standing.last_run)}"
    if result := result_words(standing.exit_code):
        yield f"Last result: {result}"


def result_words(code: int | None) -> str | None:
    """Return what the exit code of a run means, None where there was none."""
    return None if code is None else _RESULTS.get(code, f"ended with exit code {code}")


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
