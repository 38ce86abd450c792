"""The inverse of what a run did: which users would be turned off, which fields restored.

A field is restored only where it still holds the run's value (design, section 6, *Undo*). Nothing
is read or written here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from sparkwizard.provisioning.planning.planner import Draft
from sparkwizard.provisioning.planning.safeguards import (
    NOBODY,
    Bars,
    NeverTouched,
    keep_an_administrator,
    removal_stops,
)
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.target.schema import label, same_value
from sparkwizard.provisioning.types import (
    LET_GO,
    Action,
    ActionKind,
    Change,
    Json,
    Link,
    Reason,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.values import replace

__all__ = ["UNLINKED", "UndoGround", "draft_undo"]

UNLINKED = Reason(LET_GO, "This setup did not manage this user before the run and no longer does.")
"""Stands on an action after which the link that the run made is gone."""


class UndoGround(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Hold what an undo rests on: Webex as it is now, and what else a plan may not touch.

    ``links`` are this profile's by source id; ``owned_elsewhere`` the Webex ids that other profiles
    manage; ``operator_id`` the token owner's Webex id, empty where unknown. ``by_id`` are all users
    known, more than the list shows where it lags. ``taken_over`` are the links to users who are
    managed since the run, by source id.
    """

    users: UsersRead
    by_id: Mapping[str, User]
    links: Mapping[str, Link]
    owned_elsewhere: frozenset[str] = frozenset()
    operator_id: str = ""
    never_touched: NeverTouched = NOBODY
    taken_over: Mapping[str, Link] = msgspec.field(default_factory=dict)

    @cached_property
    def links_by_user(self) -> Mapping[str, Link]:
        """Return the links by Webex id."""
        return {link.webex_id: link for link in self.links.values()}

    @property
    def bar(self) -> Reason | None:
        """Return what forbids every removal, or None."""
        return self._bars.reason

    @property
    def _bars(self) -> Bars:
        complete = self.users.complete
        return Bars(source_complete=True, users_complete=complete, source_confirmed=True)

    def stops_of(self, actions: Sequence[Action], limit: RemovalLimit | None) -> Draft:
        """Return the actions as a draft under the limit on removals; None: they were confirmed."""
        users = (self.by_id.get(webex_id) for webex_id in self.links_by_user)
        managed = sum(1 for user in users if user and user.active)
        removals = sum(1 for action in actions if action.kind.removes)
        allowed = limit.allowed(managed) if limit else max(removals, 1)
        stops = removal_stops(actions, self._bars, allowed, managed)
        return Draft(tuple(actions), stops, managed, allowed)


def draft_undo(done: Iterable[Action], ground: UndoGround, limit: RemovalLimit | None) -> Draft:
    """Decide the inverse of actions that were carried out, the last one first.

    ``limit`` on removals is None where a person confirmed them. What can't be undone is a problem,
    what was changed since is left as it is; both say so.
    """
    done = list(done)
    actions = [_inverse(action, ground) for action in reversed(done)]
    kept = keep_an_administrator(actions, ground.by_id.values())
    written = {action.source_id for action in done}
    others = [link for link in ground.taken_over.values() if link.source_id not in written]
    return ground.stops_of((*kept, *map(_let_go, others)), limit)


def _let_go(link: Link) -> Action:
    """Return what happens to a user whom the run found as they should be: nothing in Webex."""
    name = link.user_name or link.source_id
    return Action(
        ActionKind.UNCHANGED,
        link.source_id,
        name,
        name,
        link.webex_id,
        reasons=(UNLINKED,),
        linked=True,
        sign_in=link.sign_in or msgspec.UNSET,
    )


def _inverse(action: Action, ground: UndoGround) -> Action:
    user = ground.by_id.get(action.webex_id)
    base = replace(
        action,
        kind=ActionKind.SKIPPED,
        changes=(),
        reasons=(),
        before={},
        row=0,
        refers_to=msgspec.UNSET,
    )
    if action.kind is ActionKind.DELETE:
        return replace(base, kind=ActionKind.PROBLEM, reasons=(_IRREVERSIBLE,))
    if not action.webex_id:
        return replace(base, kind=ActionKind.PROBLEM, reasons=(_UNSETTLED,))
    if user is None:
        return replace(base, reasons=(_GONE,))
    base = replace(base, user_name=user.user_name, linked=user.id in ground.links_by_user)
    if ground.never_touched.covers_user(user) or ground.never_touched.covers(
        action.source_id, action.sign_in
    ):
        return replace(base, reasons=(NeverTouched.REASON,))
    if action.kind is ActionKind.CREATE:
        return _undone_create(base, user, ground)
    return _restored(base, action, user, ground)


# -- a user that was created -------------------------------------------------------------------


def _undone_create(base: Action, user: User, ground: UndoGround) -> Action:
    base = replace(base, before={"userName": user.user_name, "active": user.active})
    if not user.active:
        return replace(base, reasons=(_OFF_ALREADY,))
    return _turned_off(base, (Change("active", True, False),), (_CREATED,), user, ground)


def _turned_off(
    base: Action,
    changes: tuple[Change, ...],
    reasons: tuple[Reason, ...],
    user: User,
    ground: UndoGround,
) -> Action:
    if refusal := _may_not_lose_access(user, ground):
        return replace(base, kind=ActionKind.PROBLEM, reasons=(*reasons, refusal))
    if ground.bar:
        return replace(base, reasons=(*reasons, ground.bar))
    return replace(base, kind=ActionKind.DISABLE, changes=changes, reasons=reasons)


def _may_not_lose_access(user: User, ground: UndoGround) -> Reason | None:
    if user.id == ground.operator_id:
        return Reason("operator", "This is you: the token you use belongs to this user.")
    if user.id in ground.owned_elsewhere:
        return Reason("other-profile", "Another setup on this computer manages this user.")
    if user.id not in ground.links_by_user:
        return Reason("never-managed", "This setup no longer manages this user.")
    return None


# -- a user that was changed -------------------------------------------------------------------


def _restored(base: Action, action: Action, user: User, ground: UndoGround) -> Action:
    standing = list(_standing(action, user))
    changes = tuple(change for change, still in standing if still)
    others = [change for change, still in standing if not still]
    foreign = [one for one in others if not same_value(one.attribute, one.before, one.after)]
    reasons = (_changed_since(foreign),) if foreign else ()
    unlinked = (UNLINKED,) if _first_match(action, ground) else ()
    if not changes:
        return replace(base, reasons=(*(reasons or (_BEFORE_ALREADY,)), *unlinked))
    now = {change.attribute: change.before for change in changes}
    state = {**now, "userName": user.user_name, "active": user.active}
    base = replace(base, before=state)
    if any(change.attribute == "active" and change.after is False for change in changes):
        return _turned_off(base, changes, (_BACK, *reasons), user, ground)
    reasons = (_BACK, *reasons, *unlinked)
    return replace(base, kind=ActionKind.UPDATE, changes=changes, reasons=reasons)


def _standing(action: Action, user: User) -> Iterator[tuple[Change, bool]]:
    """Yield each change turned round, and whether the field still holds the run's value."""
    for change in action.changes:
        now = _now(user, change.attribute)
        back = Change(change.attribute, now, change.before)
        yield back, same_value(change.attribute, now, change.after)


def _now(user: User, target: str) -> Json:
    return user.active if target == "active" else read_path(user.resource, target)


def _first_match(action: Action, ground: UndoGround) -> bool:
    """Return whether the run linked this user for the first time, and to nobody else since."""
    link = ground.taken_over.get(action.source_id)
    found = any(reason.code == "matched" for reason in action.reasons)
    return found and link is not None and link.webex_id == action.webex_id


def _changed_since(changes: Sequence[Change]) -> Reason:
    names = ", ".join(label(change.attribute) for change in changes)
    return Reason("changed-since", f"Left as it is, because it was changed after the run: {names}.")


_BACK = Reason("restored", "Back to the values from before the run.")
_BEFORE_ALREADY = Reason("restored-already", "Has the values from before the run already.")
_CREATED = Reason("created-by-run", "Created by the run: turned off, not deleted.")
_OFF_ALREADY = Reason("already-disabled", "Created by the run, and turned off already.")
_GONE = Reason("not-in-webex", "No longer in Webex.")
_IRREVERSIBLE = Reason(
    "irreversible", "Deleted by the run. A deleted user can't be brought back from here."
)
_UNSETTLED = Reason(
    "unsettled",
    "Nobody knows whether Webex created this user: the run ended before its answer. Apply the run's"
    " plan again, or make a new preview, and look.",
)
