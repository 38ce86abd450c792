"""What a mail about a run says: plain text, the outcome in the subject, never a secret."""

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from sparkwizard.errors import Cancelled
from sparkwizard.net.redact import redact
from sparkwizard.provisioning.groups.types import GroupCounts
from sparkwizard.runs.notify.types import Ended
from sparkwizard.runs.types import ActionState, GroupResult, RunResult, RunState

if TYPE_CHECKING:
    from email.message import EmailMessage

__all__ = ["compose", "run_mail", "test_mail"]

LISTED = 10
LONGEST_SUBJECT = 160
LONGEST_LINE = 400


def run_mail(profile_name: str, ended: Ended, *, computer: str, report: str) -> tuple[str, str]:
    """Return subject and text about a run; ``report`` is the command line that shows all of it."""
    lines = [
        f"{profile_name} to Cisco Webex, from the computer {computer}.",
        "",
        *_lines(ended, report),
        "You get this mail because the setup names your address under [notifications].",
    ]
    return f"SparkWizard: {profile_name}: {_outcome(ended)}", _text(lines)


def test_mail(profile_name: str, *, computer: str) -> tuple[str, str]:
    """Return subject and text of a mail that only shows that mail arrives."""
    lines = [
        f"Mail about the setup {profile_name} arrives here.",
        "",
        f"It was sent as a test from the computer {computer}. Nothing was run or changed.",
    ]
    return f"SparkWizard: {profile_name}: test mail", _text(lines)


def compose(
    subject: str, text: str, *, sender: str, to: tuple[str, ...], now: datetime
) -> "EmailMessage":
    """Return the mail; the addresses were checked, the subject can't end its header."""
    from email.message import EmailMessage  # noqa: PLC0415 -- most runs write no mail

    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = _line(subject)[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text)
    return message


def _outcome(ended: Ended) -> str:
    result = ended.result
    if result is None:
        cancelled = isinstance(ended.error, Cancelled)
        return "the run was stopped" if cancelled else "the run failed"
    groups = result.groups or GroupResult(GroupCounts())
    failed, left = result.failed + groups.failed, result.not_attempted + groups.not_attempted
    total = result.applied + groups.applied + failed + left
    made = f"{result.applied + groups.applied:,} of {total:,} changes"
    said = (
        (result.state is RunState.CANCELLED, f"stopped after {made}"),
        (ended.error is not None, f"ended early after {made}"),
        (failed > 0, f"{failed:,} of {total:,} changes failed"),
        (bool(result.stops or groups.stop), f"held back by a safeguard, {made} made"),
        (left > 0, f"{left:,} of {total:,} changes left alone"),
        (total > 0, f"all {total:,} changes were made"),
        (True, "there was nothing to change"),
    )
    return next(words for true, words in said if true)


def _lines(ended: Ended, report: str) -> Iterator[str]:
    if ended.error:
        yield ended.error.message
        if ended.error.fix:
            yield ended.error.fix
        yield ""
    result = ended.result
    if result is None:
        return
    yield f"Run {result.run_id}"
    yield f"  made          {result.applied:>9,}"
    yield f"  failed        {result.failed:>9,}"
    yield f"  not attempted {result.not_attempted:>9,}"
    if groups := result.groups:
        yield (
            f"  of groups: {groups.applied:,} changes made, {groups.failed:,} failed,"
            f" {groups.not_attempted:,} not attempted"
        )
    yield ""
    counts = result.counts.as_dict().items()
    yield "Planned: " + ", ".join(f"{kind} {number:,}" for kind, number in counts) + "."
    for stop in result.stops:
        yield f"Held back: {stop.reason.text}"
    if result.groups and result.groups.stop:
        yield f"Held back: {result.groups.stop.text}"
    yield from _failures(result)
    yield ""
    yield "See everything on that computer with:"
    yield f"  {report}"
    yield ""


def _failures(result: RunResult) -> Iterator[str]:
    # `outcomes` hold only what was not done; what failed comes first
    every = (*result.outcomes, *(result.groups.outcomes if result.groups else ()))
    found = sorted(every, key=lambda outcome: outcome.state is not ActionState.FAILED)
    if found:
        yield ""
        yield "What was not done, and why:"
    for outcome in found[:LISTED]:
        person = f"{outcome.action.label} <{outcome.action.user_name}>"
        yield f"  {person}, {outcome.action.kind.value}: {outcome.message}"
        if outcome.tracking_id and outcome.state is ActionState.FAILED:
            yield f"    Tracking ID {outcome.tracking_id}"
    if len(found) > LISTED:
        yield f"  and {len(found) - LISTED:,} more"


def _text(lines: list[str]) -> str:
    return "".join(f"{_indented(line)}\n" for line in lines)


def _indented(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    inner = " ".join(_plain(line[indent:]).split(" "))
    return (" " * indent + redact(inner))[:LONGEST_LINE].rstrip()


def _line(text: str) -> str:
    """Return a text on one line, without signs that can't be seen and without secrets."""
    return redact(" ".join(_plain(text).split()))


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
