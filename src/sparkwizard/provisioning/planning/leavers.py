"""Decide what happens to a managed user whose person left the source or the scope."""

from datetime import datetime, timedelta

import msgspec

from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Change,
    Link,
    Reason,
    User,
)
from sparkwizard.values import replace

__all__ = ["DELETE_AFTER", "decide_leaver", "unsure_leaver"]

DELETE_AFTER = timedelta(days=30)
"""How long a user stays disabled before a delete is due (design §6, *active*)."""


def decide_leaver(
    link: Link,
    user: User,
    why: Reason,
    *,
    allowed: Actions,
    refusal: Reason | None,
    bar: Reason | None,
    now: datetime,
    row: int = 0,
) -> Action:
    """Disable an active leaver, delete one disabled long ago where asked for, else leave alone.

    ``refusal`` names a user who may not lose access, ``bar`` what holds back every removal.
    """
    base = Action(
        ActionKind.SKIPPED,
        link.source_id,
        user.user_name or link.user_name,
        user.label,
        webex_id=user.id,
        before={"userName": user.user_name, "active": user.active},
        linked=True,
        row=row,
        sign_in=link.sign_in or msgspec.UNSET,
    )
    due = _due(link, user, allowed, now)
    if isinstance(due, Reason):
        return replace(base, reasons=(why, due))
    if refusal:
        asked = refusal is NeverTouched.REASON
        kind = ActionKind.SKIPPED if asked else ActionKind.PROBLEM
        return replace(base, kind=kind, reasons=(why, refusal))
    if bar:
        return replace(base, reasons=(why, bar))
    changes = (Change("active", True, False),) if due is ActionKind.DISABLE else ()
    return replace(base, kind=due, changes=changes, reasons=(why,))


def unsure_leaver(link: Link, user: User, why: Reason) -> Action:
    """Leave it to a person whether somebody left whose name or user somebody else claims now.

    They may be one and the same, made anew in the source. Telling it lets a cycle try again: the
    other may go, too.
    """
    name = link.user_name or user.user_name
    text = (
        f"Somebody else in the source has the name or the id of the user {name} by now, and may be"
        " the same person. If this one has left, turn the user off in Control Hub."
    )
    return Action(
        ActionKind.PROBLEM,
        link.source_id,
        user.user_name or name,
        user.label,
        webex_id=user.id,
        before={"userName": user.user_name, "active": user.active},
        linked=True,
        reasons=(why, Reason("name-of-another", text)),
        sign_in=link.sign_in or msgspec.UNSET,
    )


def _due(link: Link, user: User, allowed: Actions, now: datetime) -> ActionKind | Reason:
    if user.active:
        if allowed.disable:
            return ActionKind.DISABLE
        return Reason("disable-off", "Stays active: this setup does not disable users.")
    if allowed.delete and link.disabled_at and now - link.disabled_at >= DELETE_AFTER:
        return ActionKind.DELETE
    return Reason("already-disabled", "Already disabled in Webex.")
