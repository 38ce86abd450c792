"""Compare what the preview foretold with what Entra's service did, person by person. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.entra.provisioning_job.remedies import error_remedy
from sparkwizard.provisioning.target_schema import canonical_target, same_value
from sparkwizard.provisioning.types import Action, ActionKind, Json
from sparkwizard.runs.cloud.types import Comparison, HandOffKind, HandOffPerson

__all__ = ["compare"]

_DONE = {
    "create": ActionKind.CREATE,
    "update": ActionKind.UPDATE,
    "disable": ActionKind.DISABLE,
    "delete": ActionKind.DELETE,
}
_WORDS = {
    ActionKind.CREATE: "created",
    ActionKind.UPDATE: "changed",
    ActionKind.DISABLE: "turned off",
    ActionKind.DELETE: "deleted",
}
_ORDER = [
    HandOffKind.UNEXPECTED,
    HandOffKind.DIFFERING,
    HandOffKind.MISSING,
    HandOffKind.MATCHED,
]


def compare(actions: Iterable[Action], entries: Iterable[LogEntry]) -> Comparison:
    """Return every person of the preview, and those only the logs have.

    ``entries`` are those since the preview was made, newest first; groups are left out.
    """
    logs = _by_person(entries)
    people = [*_foretold(actions, logs), *_strangers(logs)]
    return Comparison(tuple(sorted(people, key=lambda one: _ORDER.index(one.kind))))


def _by_person(entries: Iterable[LogEntry]) -> dict[str, LogEntry]:
    """Return what counts of each person: what was done first, else what was said last.

    What later cycles did is no matter of the preview.
    """
    found: dict[str, LogEntry] = {}
    backwards = list(entries)[::-1]  # Graph's times are whole seconds: its order counts too
    for entry in sorted(backwards, key=lambda one: one.at):
        if entry.source_type.lower() == "group":
            continue
        key = entry.source_id.lower() or entry.source_name.casefold()
        known = found.get(key)
        if known is None or not _did(known):
            found[key] = entry
    return found


def _did(entry: LogEntry) -> ActionKind | None:
    """Return what was done to a Webex user, None for nothing."""
    if entry.status not in ("success", "warning"):
        return None
    done = _DONE.get(entry.action)
    if done is ActionKind.UPDATE and _turns_off(entry):
        return ActionKind.DISABLE
    return done


def _turns_off(entry: LogEntry) -> bool:
    return any(
        name == "active" and _unquoted(new).lower() == "false" for name, _old, new in entry.changes
    )


def _foretold(actions: Iterable[Action], logs: dict[str, LogEntry]) -> Iterator[HandOffPerson]:
    by_name = {entry.source_name.casefold(): key for key, entry in logs.items()}
    for action in actions:
        key = action.source_id.lower()
        if key not in logs:
            key = by_name.get(action.user_name.casefold(), key)
        yield _person(action, logs.pop(key, None))


def _person(action: Action, entry: LogEntry | None) -> HandOffPerson:
    kind, text = _writes(action, entry) if action.kind.writes else _leaves(action, entry)
    return HandOffPerson(kind, action.source_id, action.label, action.kind, entry, text)


def _writes(action: Action, entry: LogEntry | None) -> tuple[HandOffKind, str]:
    foretold = _WORDS[action.kind]
    if entry is None:
        return HandOffKind.MISSING, f"Foretold to be {foretold}; Entra has done nothing yet."
    done = _did(entry)
    if done is None:
        return HandOffKind.DIFFERING, f"Foretold to be {foretold}, but {_why_not(entry)}"
    if done is not action.kind:
        return HandOffKind.DIFFERING, f"Foretold to be {foretold}, but {_WORDS[done]} by Entra."
    if other := list(_other_values(action, entry)):
        return HandOffKind.DIFFERING, f"{foretold.capitalize()} with other values: {other[0]}."
    return HandOffKind.MATCHED, f"{foretold.capitalize()} as foretold."


def _leaves(action: Action, entry: LogEntry | None) -> tuple[HandOffKind, str]:
    done = _did(entry) if entry else None
    if done is None:
        return HandOffKind.MATCHED, "Left as they are, as foretold."
    why = action.reasons[0].text if action.reasons else "nothing was to be changed."
    return (
        HandOffKind.UNEXPECTED,
        f"{_WORDS[done].capitalize()} by Entra; the preview left them alone: {why}",
    )


def _strangers(logs: Mapping[str, LogEntry]) -> Iterator[HandOffPerson]:
    for key, entry in logs.items():
        if (done := _did(entry)) is not None:
            text = f"{_WORDS[done].capitalize()} by Entra; the preview did not have them."
            yield HandOffPerson(HandOffKind.UNEXPECTED, key, entry.label, None, entry, text)


def _why_not(entry: LogEntry) -> str:
    remedy = error_remedy(entry.error_code)
    outcome = "left out by Entra." if entry.status == "skipped" else "it failed."
    said = (remedy.text if remedy else entry.error_code, entry.reason)
    return " ".join((outcome, *filter(None, said)))


def _other_values(action: Action, entry: LogEntry) -> Iterator[str]:
    """Yield where both name an attribute and mean different values."""
    written = {canonical_target(name).lower(): new for name, _old, new in entry.changes}
    for change in action.changes:
        key = canonical_target(change.attribute).lower()
        if key in written and not _same(change.attribute, change.after, written[key]):
            yield f"{change.attribute} is “{written[key]}” and not “{_shown(change.after)}”"


def _same(attribute: str, foretold: Json, logged: str) -> bool:
    """Return whether a value of the log, which may stand in quotes, is what was foretold."""
    shown = _shown(foretold).casefold()
    if shown in (logged.casefold(), _unquoted(logged).casefold()):
        return True
    return same_value(attribute, foretold, _unquoted(logged))


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return text[1:-1] if quoted else text


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    return "" if value is None else str(value)
