"""What ``cloud foretell`` and ``cloud check`` print: JSON for machines, lines for people."""

from collections.abc import Iterator, Sequence

from sparkwizard.commands.cloud.documents import LISTED
from sparkwizard.provisioning.by_entra import Foresight
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.cloud.foretold_groups import folded_groups
from sparkwizard.runs.cloud.types import HandOff, HandOffKind, HandOffPerson
from sparkwizard.wizard.cloud.foretold_words import foretold_words, here_words
from sparkwizard.wizard.cloud.words import comparison_words
from sparkwizard.wizard.plan.changes import headline, people, why
from sparkwizard.wizard.plan.group_words import group_words

__all__ = ["foretold_document", "foretold_lines", "hand_off_document", "hand_off_lines"]


def foretold_document(found: Foresight) -> dict[str, object]:
    """Return what the service will do with each person, and where this computer would not."""
    foretold = found.foretold
    return {
        **foretold.counts.as_dict(),
        "otherwise_here": len(found.here),
        "findings": [{"code": one.code, "text": one.text} for one in foretold.findings],
        "actions": [
            _action(action, found.here.get(action.source_id)) for action in foretold.actions
        ],
        "groups": [
            {"action": one.kind.value, "group": one.label, "source_id": one.source_id}
            for one in (folded_groups(foretold.groups.actions) if foretold.groups else ())
        ],
    }


def _action(action: Action, here: Action | None) -> dict[str, object]:
    return {
        "action": action.kind.value,
        "person": action.label,
        "user_name": action.user_name,
        "source_id": action.source_id,
        "webex_id": action.webex_id or None,
        "changes": [
            {"attribute": c.attribute, "before": c.before, "after": c.after} for c in action.changes
        ],
        "reasons": [{"code": r.code, "text": r.text} for r in action.reasons],
        "here": here_words(here) or None,
    }


def foretold_lines(found: Foresight) -> Iterator[str]:
    """Say how many would be what, who is turned off or fails, and whom we would treat otherwise."""
    yield foretold_words(found.foretold.counts)
    if found.foretold.groups:
        yield f"Groups: {group_words(found.foretold.groups.counts)}"
    for action in found.foretold.actions:
        if action.kind in (ActionKind.DISABLE, ActionKind.DELETE, ActionKind.PROBLEM):
            yield f"  {action.label}: {headline(action)}. {why(action)}"
    if found.here:
        yield f"Otherwise than this computer would: {people(len(found.here))}."
    by_id = {action.source_id: action for action in found.foretold.actions}
    for source_id, here in list(found.here.items())[:LISTED]:
        action = by_id[source_id]
        yield f"  {action.label}: {headline(action)}. {why(action)} {here_words(here)}"
    yield from (f"Note: {finding.text}" for finding in found.foretold.findings)


def hand_off_document(found: HandOff) -> dict[str, object]:
    """Return differences of the schema, and people beside what was foretold."""
    comparison = found.comparison
    return {
        "same_schema": not found.differences,
        "differences": [
            {"key": d.key, "text": d.sentence, "setup": d.setup, "entra": d.entra}
            for d in found.differences
        ],
        "foretold": found.foretold.counts.as_dict() if found.foretold else None,
        "waiting": found.waiting,
        **{kind.value: comparison.count(kind) if comparison else None for kind in HandOffKind},
        "people": [_compared(one) for one in (comparison.people if comparison else ())],
        "groups": [_compared(one) for one in (comparison.groups if comparison else ())],
    }


def _compared(one: HandOffPerson) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "person": one.label,
        "source_id": one.source_id,
        "foretold": one.foretold.value if one.foretold else None,
        "action": one.entry.action if one.entry else None,
        "status": one.entry.status if one.entry else None,
        "text": one.text,
    }


def hand_off_lines(found: HandOff) -> Iterator[str]:
    """Say differences, people and groups that need a look."""
    if found.differences:
        yield f"The schema differs from the setup in {len(found.differences)} points:"
        yield from (f"  {difference.sentence}" for difference in found.differences)
    else:
        yield "The schema says what the setup says."
    if found.comparison is not None:
        yield from _comparison_lines("People", found.comparison.people)
        if found.comparison.groups:
            yield from _comparison_lines("Groups", found.comparison.groups)
    elif found.waiting:
        yield "What the next cycle will do is foretold and kept. Check again once it has ended."
    else:
        yield "Without a Webex token nothing is foretold, so people are not compared."


def _comparison_lines(what: str, compared: Sequence[HandOffPerson]) -> Iterator[str]:
    yield f"{what}: {comparison_words(compared)}"
    look = [one for one in compared if one.kind is not HandOffKind.MATCHED]
    yield from (f"  {one.label}: {one.text}" for one in look[:LISTED])
    if len(look) > LISTED:
        yield f"  and {len(look) - LISTED:,} more; --json lists them all"
