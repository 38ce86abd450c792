"""Which links a run makes: who manages which Webex user, and who was turned off by whom."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Link
from sparkwizard.provisioning.undo import UNLINKED
from sparkwizard.runs.types import ActionState, Outcome
from sparkwizard.values import replace

__all__ = ["link_after", "links_of_unchanged", "links_without_writes"]


def link_after(
    outcome: Outcome, links: Mapping[str, Link], now: datetime, planned_at: datetime
) -> Link | None:
    """Return the link that an outcome leaves behind, None where it changes none.

    ``links`` are those before, by Webex id: a person's own id may change (design §6, *upgraded*).
    A link with an empty Webex id drops the old one: the user was deleted, or the run that linked
    it is undone. A user whose values were not all kept is there all the same and is linked.
    ``planned_at`` is when the action saw the user.
    """
    written = outcome.state is ActionState.APPLIED or outcome.code == "value-not-kept"
    action = outcome.action
    if not written:
        return None
    if action.kind is ActionKind.DELETE or any(r.code == UNLINKED.code for r in action.reasons):
        return Link(action.source_id, "")
    webex_id = outcome.webex_id or action.webex_id
    return Link(
        action.source_id,
        webex_id,
        str(_after(action, "userName") or action.user_name),
        _disabled_at(outcome, links.get(webex_id), now, planned_at),
        action.sign_in or "",
    )


def _disabled_at(
    outcome: Outcome, old: Link | None, now: datetime, planned_at: datetime
) -> datetime | None:
    action = outcome.action
    active = _after(action, "active")
    if active is False and action.kind is ActionKind.DISABLE:
        return now
    # a user whose values were not all kept may still be off
    if active is True and outcome.state is ActionState.APPLIED:
        return None
    return _still_off_since(action, old, planned_at)


def _still_off_since(action: Action, old: Link | None, planned_at: datetime) -> datetime | None:
    """Return the date of the old link unless its user was seen active since.

    Somebody else turned the user on: whoever turns it off again is not this setup, and a delete
    may not count from the old date.
    """
    if old is None or old.disabled_at is None:
        return None
    seen_on = action.before.get("active") is True and old.disabled_at < planned_at.astimezone()
    return None if seen_on else old.disabled_at


def _after(action: Action, attribute: str) -> object:
    return next((c.after for c in action.changes if c.attribute == attribute), None)


def links_without_writes(plan: Plan, links: Mapping[str, Link]) -> Iterator[Link]:
    """Yield the links that a plan makes or drops without a request; ``links`` are by Webex id."""
    if not plan.is_undo:
        return links_of_unchanged(plan.actions, links, plan.created_at)
    others = (one for one in plan.actions if one.kind is not ActionKind.UNCHANGED)
    return chain(links_of_unchanged(others, links, plan.created_at), _let_go(plan.actions, links))


def links_of_unchanged(
    actions: Iterable[Action], links: Mapping[str, Link], planned_at: datetime
) -> Iterator[Link]:
    """Yield the links of users that are as they should be already (design §6, *Managed*).

    So are those of users whom somebody else turned on since this setup had turned them off.
    ``links`` are those before, by Webex id; ``planned_at`` is when the actions saw the users.
    """
    for action in actions:
        old = links.get(action.webex_id)
        off = _still_off_since(action, old, planned_at)
        if action.kind is ActionKind.UNCHANGED:
            name = action.sign_in or ""
            known = old and (old.source_id, old.disabled_at, old.sign_in)
            if known != (action.source_id, off, name):
                yield Link(action.source_id, action.webex_id, action.user_name, off, name)
        elif old and old.disabled_at != off:
            yield replace(old, disabled_at=off)


def _let_go(actions: Iterable[Action], links: Mapping[str, Link]) -> Iterator[Link]:
    """Yield what drops the links that an undo lets go of without a change in Webex.

    ``links`` are those before, by Webex id: one that is somebody else's by now stays.
    """
    for action in actions:
        old = links.get(action.webex_id)
        mine = old is not None and old.source_id == action.source_id
        if mine and not action.kind.writes and UNLINKED in action.reasons:
            yield Link(action.source_id, "")
