"""Compare what was foretold with what Entra's service did, person by person. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import UNSET

from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.entra.provisioning_job.remedies import error_remedy
from sparkwizard.provisioning.groups.types import MEMBERS
from sparkwizard.provisioning.mapping.references import MANAGER
from sparkwizard.provisioning.target.schema import canonical_target, same_value
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json
from sparkwizard.runs.cloud.foretold_groups import folded_groups, log_of_group
from sparkwizard.runs.cloud.types import Comparison, HandOffKind, HandOffPerson
from sparkwizard.values import replace

__all__ = ["WORDS", "compare"]

# how the logs tell that somebody is out of scope, and that both sides agree already
_NOT_KEPT, _KEPT = "NotEffectivelyEntitled", "RedundantExport"
_DONE = {
    "create": ActionKind.CREATE,
    "update": ActionKind.UPDATE,
    "disable": ActionKind.DISABLE,
    "delete": ActionKind.DELETE,
}
WORDS = {
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


def compare(
    actions: Iterable[Action], entries: Iterable[LogEntry], groups: Iterable[Action] = ()
) -> Comparison:
    """Return everybody who was foretold, and those only the logs have.

    ``entries`` are those since it was foretold, newest first; ``groups`` the actions of groups.
    """
    every = list(entries)
    logs = _by_source(entry for entry in every if not _is_group(entry))
    people = [*_foretold(actions, logs), *_strangers(logs)]
    group_logs = _by_source(filter(_is_group, every))
    for action in (folded := folded_groups(groups)):
        if entry := group_logs.get(action.source_id.lower()):
            group_logs[action.source_id.lower()] = log_of_group(action, entry)
    without = [replace(one, changes=_but_members(one)) for one in folded]
    told = [*_foretold(without, group_logs), *_strangers(group_logs)]
    return Comparison(_sorted(people), _sorted(told))


def _but_members(action: Action) -> tuple[Change, ...]:
    return tuple(change for change in action.changes if change.attribute != MEMBERS)


def _is_group(entry: LogEntry) -> bool:
    return entry.source_type.lower() == "group"


def _sorted(found: Iterable[HandOffPerson]) -> tuple[HandOffPerson, ...]:
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.kind)))


def _by_source(entries: Iterable[LogEntry]) -> dict[str, LogEntry]:
    """Return what counts of each person: what was done first, else what was said last.

    What later cycles did is no matter of the foretelling; what the same cycle did in its second
    pass belongs to it.
    """
    found: dict[str, LogEntry] = {}
    backwards = list(entries)[::-1]  # Graph's times are whole seconds: its order counts too
    for entry in sorted(backwards, key=lambda one: one.at):
        key = entry.source_id.lower() or entry.source_name.casefold()
        known = found.get(key)
        if known is None or not did(known):
            found[key] = entry
        elif entry.cycle_id == known.cycle_id and did(entry):
            found[key] = replace(known, changes=(*known.changes, *entry.changes))
    return found


def did(entry: LogEntry) -> ActionKind | None:
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
    targets = {key: entry.target_id for key, entry in logs.items()}
    for action in actions:
        key = action.source_id.lower()
        if key not in logs:
            key = by_name.get(action.user_name.casefold(), key)
        yield _person(_with_reference(action, targets), logs.pop(key, None))


def _with_reference(action: Action, targets: Mapping[str, str]) -> Action:
    """Return an action with the id of a manager whom the same cycle created."""
    refers_to = action.refers_to
    if refers_to is UNSET:
        return action
    changes = tuple(
        replace(change, after=targets.get(refers_to, change.after))
        if change.attribute == MANAGER
        else change
        for change in action.changes
    )
    return replace(action, changes=changes)


def _person(action: Action, entry: LogEntry | None) -> HandOffPerson:
    kind, text = _writes(action, entry) if action.kind.writes else _leaves(action, entry)
    return HandOffPerson(kind, action.source_id, action.label, action.kind, entry, text)


def _writes(action: Action, entry: LogEntry | None) -> tuple[HandOffKind, str]:
    foretold = WORDS[action.kind]
    if entry is None:
        return HandOffKind.MISSING, f"Foretold to be {foretold}; Entra has done nothing yet."
    done = did(entry)
    if done is None:
        return HandOffKind.DIFFERING, f"Foretold to be {foretold}, but {why_not(entry)}"
    if done is not action.kind:
        return HandOffKind.DIFFERING, f"Foretold to be {foretold}, but {WORDS[done]} by Entra."
    if other := next(_other_values(action, entry), ""):
        return HandOffKind.DIFFERING, f"{foretold.capitalize()} with other values: {other}."
    return HandOffKind.MATCHED, f"{foretold.capitalize()} as foretold."


def _leaves(action: Action, entry: LogEntry | None) -> tuple[HandOffKind, str]:
    reason = action.reasons[-1].text if action.reasons else "Nothing was to be changed."
    if entry is None:
        return HandOffKind.MATCHED, _as_foretold(action, reason)
    if (done := did(entry)) is not None:
        text = f"{WORDS[done].capitalize()} by Entra, though foretold to be left alone: {reason}"
        return HandOffKind.UNEXPECTED, text
    fails, failed = action.kind is ActionKind.PROBLEM, entry.status == "failure"
    if fails and failed:
        return HandOffKind.MATCHED, f"It failed, as foretold. {reason}"
    if fails or failed or _says_otherwise(action, entry):
        expected = "fail" if fails else "be left as they are"
        return HandOffKind.DIFFERING, f"Foretold to {expected} ({reason}), but {why_not(entry)}"
    return HandOffKind.MATCHED, _as_foretold(action, reason)


def _as_foretold(action: Action, reason: str) -> str:
    if action.kind is ActionKind.UNCHANGED:
        return "As it should be, as foretold."
    return f"Left out, as foretold. {reason}"


def _says_otherwise(action: Action, entry: LogEntry) -> bool:
    """Return whether the log skips somebody for another reason: it keeps them, or it does not."""
    unchanged = action.kind is ActionKind.UNCHANGED
    return entry.error_code == (_NOT_KEPT if unchanged else _KEPT)


def _strangers(logs: Mapping[str, LogEntry]) -> Iterator[HandOffPerson]:
    for key, entry in logs.items():
        if (done := did(entry)) is not None:
            text = f"{WORDS[done].capitalize()} by Entra; nothing was foretold of this."
            yield HandOffPerson(HandOffKind.UNEXPECTED, key, entry.label, None, entry, text)


def why_not(entry: LogEntry) -> str:
    """Say why nothing was done, as the log tells it."""
    remedy = error_remedy(entry.error_code)
    outcome = "left out by Entra." if entry.status == "skipped" else "it failed."
    said = (remedy.text if remedy else entry.error_code, entry.reason)
    return " ".join((outcome, *filter(None, said)))


def _other_values(action: Action, entry: LogEntry) -> Iterator[str]:
    """Yield where the log names another value than was foretold, or an attribute that was not."""
    written = {canonical_target(name).lower(): (name, new) for name, _old, new in entry.changes}
    for change in action.changes:
        found = written.pop(canonical_target(change.attribute).lower(), None)
        if found is not None and not _same(change.attribute, change.after, found[1]):
            yield f"{change.attribute} is “{found[1]}” and not “{_shown(change.after)}”"
    if action.kind is not ActionKind.CREATE:  # what a new user gets besides is the service's own
        written.pop("active", None)  # the kind says that
        yield from (f"{name} became “{new}”" for name, new in written.values())


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
