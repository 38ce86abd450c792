"""The limits that hold back a class of actions, so that one does not stop the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sparkwizard.provisioning.types import Action, ActionKind, Reason, Stop

__all__ = ["BAR_CODES", "Bars", "removal_stops"]

BAR_CODES = frozenset(("source-incomplete", "users-incomplete", "source-changed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Say whether anything forbids every removal: something incomplete, or a new source."""

    source_complete: bool
    users_complete: bool
    source_confirmed: bool

    @property
    def reason(self) -> Reason | None:
        """Return what forbids every disable and delete, or None."""
        if not self.source_complete:
            return Reason(
                "source-incomplete",
                "Not removed: the people could not be read completely, so nobody loses access.",
            )
        if not self.users_complete:
            return Reason(
                "users-incomplete",
                "Not removed: the Webex users could not be read completely, so nobody loses"
                " access.",
            )
        if not self.source_confirmed:
            return Reason(
                "source-changed",
                "Not removed: this setup reads its people from somewhere else than before."
                " Confirm the new source first.",
            )
        return None


def removal_stops(
    actions: Sequence[Action], bars: Bars, allowed: int, managed_active: int
) -> tuple[Stop, ...]:
    """Return which removals are held back, by kind.

    ``allowed`` is the limit on disables and deletes together; ``managed_active`` what it was
    computed from.
    """
    if bars.reason:
        return _barred(actions, bars.reason)
    counts = Counter(action.kind for action in actions if action.kind.removes)
    if counts.total() <= allowed:
        return ()
    reason = Reason(
        "too-many-removals",
        f"{counts.total()} people would lose access, and the limit of this setup allows {allowed}"
        f" ({managed_active} active users are managed). Nobody loses access until you look at them"
        " or raise the limit.",
    )
    return tuple(Stop(kind, counts[kind], reason) for kind in ActionKind if counts[kind])


def _barred(actions: Sequence[Action], bar: Reason) -> tuple[Stop, ...]:
    held = sum(1 for a in actions if a.reasons and a.reasons[-1].code in BAR_CODES)
    return (Stop(ActionKind.DISABLE, held, bar),) if held else ()
