"""The limits that hold back a class of actions, so that one does not stop the others."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from sparkwizard.provisioning.types import Action, ActionKind, Json, Reason, Stop, User
from sparkwizard.values import replace

__all__ = [
    "BAR_CODES",
    "IS_ADMINISTRATOR",
    "LAST_ADMINISTRATOR",
    "NOBODY",
    "Bars",
    "NeverTouched",
    "is_full_administrator",
    "keep_an_administrator",
    "removal_stops",
]

FULL_ADMINISTRATOR = "id_full_admin"
"""The role's value in a user's ``roles[]`` (facts/webex.md, 1, *Full-admin check*)."""
LAST_ADMINISTRATOR = Reason(
    "last-administrator",
    "Kept: without this user no active full administrator of the organization would be left."
    " Make somebody else one first, or turn this one off in Control Hub.",
)

IS_ADMINISTRATOR = Reason(
    "full-administrator", "This user is a full administrator of the Webex organization."
)
"""Stands on the removal of one, so that apply makes sure once more that another is left."""

BAR_CODES = frozenset(("source-incomplete", "users-incomplete", "source-changed"))


class Bars(msgspec.Struct, frozen=True, kw_only=True):
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


_REMOVING = frozenset(kind for kind in ActionKind if kind.removes)


def removal_stops(
    actions: Sequence[Action], bars: Bars, allowed: int, managed_active: int
) -> tuple[Stop, ...]:
    """Return which removals are held back, by kind.

    ``allowed`` is the limit on disables and deletes together; ``managed_active`` what it was
    computed from.
    """
    if bars.reason:
        return _barred(actions, bars.reason)
    counts = Counter(action.kind for action in actions if action.kind in _REMOVING)
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


class NeverTouched:
    """Tell who is never touched: names without regard to case, ``*`` at the start or the end."""

    __slots__ = ("_endings", "_names", "_starts")

    REASON = Reason(
        "never-touched", "Left alone: this setup names this person as one never to be touched."
    )

    def __init__(self, patterns: Iterable[str]) -> None:
        texts = [_plain(pattern.strip()) for pattern in patterns]
        self._starts = tuple(text[:-1] for text in texts if text.endswith("*"))
        self._endings = tuple(text[1:] for text in texts if text.startswith("*"))
        self._names = frozenset(text for text in texts if "*" not in text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NeverTouched) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def _all(self) -> tuple[frozenset[str], ...]:
        return self._names, frozenset(self._starts), frozenset(self._endings)

    @property
    def is_nobody(self) -> bool:
        """Return whether it covers nobody at all."""
        return not (self._names or self._starts or self._endings)

    def covers(self, *names: object) -> bool:
        """Return whether somebody with one of these names is among them."""
        if self.is_nobody:
            return False
        known = [_plain(name) for name in names if isinstance(name, str) and name]
        return any(
            name in self._names or name.startswith(self._starts) or name.endswith(self._endings)
            for name in known
        )

    def covers_user(self, user: User) -> bool:
        """Return whether a Webex user is among them, by any of the user's names and ids."""
        if self.is_nobody:
            return False
        emails = user.resource.get("emails")
        addresses = [
            one.get("value")
            for one in (emails if isinstance(emails, list) else ())
            if isinstance(one, dict)
        ]
        return self.covers(user.user_name, user.external_id, user.id, *addresses)


def _plain(name: str) -> str:
    """Return a name as it is compared: letters and accents composed, case folded."""
    return unicodedata.normalize("NFC", name).casefold()


NOBODY = NeverTouched(())


def is_full_administrator(user: User) -> bool:
    """Return whether the listing shows this user as a full administrator."""
    roles = user.resource.get("roles")
    return any(
        _role(one) == FULL_ADMINISTRATOR for one in (roles if isinstance(roles, list) else ())
    )


def _role(role: Json) -> str:
    value = role.get("value") if isinstance(role, dict) else role
    return str(value).strip().lower()


_REMOVING = frozenset(kind for kind in ActionKind if kind.removes)


def keep_an_administrator(actions: Sequence[Action], users: Iterable[User]) -> tuple[Action, ...]:
    """Take back the removals by which the last active full administrators would lose access.

    Which of several is to stay is for a person to say, so that all of them are kept.
    """
    removed = {action.webex_id for action in actions if action.kind in _REMOVING}
    if not removed:
        return tuple(actions)
    administrators = {u.id for u in users if u.active and is_full_administrator(u)}
    if not administrators & removed:
        return tuple(actions)
    told = _kept if administrators <= removed else _marked
    return tuple(
        told(action) if action.kind.removes and action.webex_id in administrators else action
        for action in actions
    )


def _marked(action: Action) -> Action:
    return replace(action, reasons=(*action.reasons, IS_ADMINISTRATOR))


def _kept(action: Action) -> Action:
    reasons = (*action.reasons, LAST_ADMINISTRATOR)
    return replace(action, kind=ActionKind.PROBLEM, changes=(), reasons=reasons)
