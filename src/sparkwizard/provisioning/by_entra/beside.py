"""Lay what the service does beside what this computer would do, and name where they differ."""

from collections.abc import Iterable

from sparkwizard.provisioning.by_entra import words
from sparkwizard.provisioning.by_entra.managers import folded
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.values import replace

__all__ = ["beside_this_computer"]


def beside_this_computer(
    entra: Iterable[Action], here: Iterable[Action]
) -> tuple[tuple[Action, ...], dict[str, Action]]:
    """Return the service's actions, and this computer's by source id where they do otherwise.

    Whom only this computer would change (people it managed, who left) is among the service's
    actions then, as somebody it leaves alone.
    """
    own = {action.source_id: action for action in folded(here)}
    both = [*entra]
    met = {action.source_id for action in both}
    both += [
        replace(action, kind=ActionKind.SKIPPED, changes=(), reasons=(words.UNKNOWN_TO_ENTRA,))
        for action in own.values()
        if action.kind.writes and action.source_id not in met
    ]
    otherwise = {
        action.source_id: own[action.source_id]
        for action in both
        if action.source_id in own and _effect(action) != _effect(own[action.source_id])
    }
    return tuple(both), otherwise


def _effect(action: Action) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """Return what comes of an action in Webex: leaving alone is the same for whatever reason."""
    if not action.kind.writes:
        return "", "", frozenset()
    changes = frozenset((change.attribute, repr(change.after)) for change in action.changes)
    return action.kind.value, action.webex_id, changes
