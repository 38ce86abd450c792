"""Write one group to Webex: itself, then who is in it; every answer is looked at.

A group is read before it is changed, so that nothing is written twice and nothing over what others
changed since the preview; it is read again afterwards, to see what was kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from sparkwizard.errors import (
    Cancelled,
    Conflict,
    NotAuthorized,
    RemoteError,
    SparkWizardError,
    Throttled,
    Unreachable,
)
from sparkwizard.net.errors_of import may_have_happened
from sparkwizard.net.redact import redact
from sparkwizard.net.retry import waiting_is_on
from sparkwizard.provisioning.groups.types import GroupLink, Member, WebexGroup, members_in
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.runs.writing.second_pass import REFERENCE_PENDING
from sparkwizard.runs.writing.settling import LAG_WAITS
from sparkwizard.values import replace
from sparkwizard.webex.scim_groups import ScimGroups

__all__ = ["MEMBER_REFUSED", "GroupWriter", "Ours"]

MEMBER_REFUSED = "member-refused"
"""Code of members of whom Webex took some and refused others."""

ENDING = (NotAuthorized, Throttled, Cancelled)

type Record = Callable[[Sequence[Outcome], Sequence[GroupLink]], None]


class Ours(msgspec.Struct, frozen=True):
    """Hold, as of now, which Webex user each person has, and whom a group may lose."""

    users: Mapping[str, str]
    removable: frozenset[str]


class GroupWriter(msgspec.Struct):
    """Write the actions of one group, one after another.

    ``sent`` writes down that a request is about to leave, ``record`` how it came out. Raises what
    ends a run; every other failure is an outcome.
    """

    groups: ScimGroups
    control: RunControl
    ours: Ours
    sent: Callable[[int], None]
    record: Record
    group_id: str = ""
    _to_be: dict[str, Json] = {}
    _current: set[str] | None = None
    _to_check: list[tuple[ActionRecord, frozenset[str], frozenset[str]]] = msgspec.field(
        default_factory=list
    )

    async def write(self, records: Sequence[ActionRecord]) -> None:
        """Carry out what is planned or was sent without an answer."""
        todo = [r for r in records if r.state in (ActionState.PLANNED, ActionState.SENT)]
        self.group_id = next((r.action.webex_id for r in records if r.action.webex_id), "")
        own = (one for r in records if _own(r.action) for one in r.action.changes)
        self._to_be = {one.attribute: one.after for one in own}
        for place, record in enumerate(todo):
            if not await self.control.may_go_on():
                raise Cancelled("Stopped.")
            outcome = await self._tried(record, first=place == 0)
            links = [self._link(outcome)] if outcome.state is ActionState.APPLIED else []
            self.record([outcome], links)
            if outcome.code == "drift" or (_own(record.action) and not self.group_id):
                rest = [_left(one, outcome.code, outcome.message) for one in todo[place + 1 :]]
                self.record(rest, ())
                return
        await self._read_back()

    def _link(self, outcome: Outcome) -> GroupLink:
        return GroupLink(outcome.action.source_id, self.group_id, outcome.action.user_name)

    async def _tried(self, record: ActionRecord, *, first: bool, again: bool = True) -> Outcome:
        """Carry one action out; where nobody knows whether it happened, look and try once more."""
        try:
            return await self._one(record, first=first)
        except ENDING:
            raise
        except SparkWizardError as error:
            if isinstance(error, Unreachable) and not error.sent:
                raise
            if not again or not may_have_happened(error):
                return _failed(record, error)
        self._current = None
        return await self._tried(replace(record, attempts=1), first=True, again=False)

    async def _one(self, record: ActionRecord, *, first: bool) -> Outcome:
        action = record.action
        if action.kind is ActionKind.CREATE:
            return await self._create(record)
        if not self.group_id:
            return _left(record, "not-there", "The group is not in Webex.")
        if first:
            group = await self.groups.get(self.group_id)
            if group is None or not self._as_planned(action, group):
                return _drifted(record)
            if _own(action) and _holds(group, action.changes):
                return _applied(record, self.group_id)
        if _own(action):
            return await self._rename(record)
        return await self._members(record)

    # -- the group itself -----------------------------------------------------------------------

    async def _create(self, record: ActionRecord) -> Outcome:
        action = record.action
        was_sent = record.state is ActionState.SENT or record.attempts > 0
        there = await self._look_for(action.user_name, LAG_WAITS[:2] if was_sent else ())
        if there:
            if not (was_sent and len(there) == 1 and _holds(there[0], action.changes)):
                return _drifted(record)
            self.group_id = there[0].id
            return _applied(record, self.group_id)
        self.sent(record.seq)
        try:
            made = await self.groups.create(action.changes)
        except Conflict as error:
            return _failed(record, error)
        self.group_id, self._current = made.id, set()
        return self._kept(record, made)

    async def _look_for(self, name: str, waits: Sequence[float]) -> tuple[WebexGroup, ...]:
        """Find groups of a name; one made just now may be found only later."""
        there = await self.groups.find(name)
        for seconds in waits:
            if there:
                break
            if waiting_is_on():
                await self.control.sleep(seconds)
            there = await self.groups.find(name)
        return there

    def _as_planned(self, action: Action, group: WebexGroup) -> bool:
        """Return whether a group is as the plan knew it, or as the run has made it already."""
        return all(
            group.resource.get(name) in (value, self._to_be.get(name, value))
            for name, value in action.before.items()
        )

    async def _rename(self, record: ActionRecord) -> Outcome:
        self.sent(record.seq)
        shown = await self.groups.change(self.group_id, record.action.changes)
        return self._kept(record, shown)

    def _kept(self, record: ActionRecord, shown: WebexGroup) -> Outcome:
        if _holds(shown, record.action.changes):
            return _applied(record, shown.id)
        return replace(
            _applied(record, shown.id),
            state=ActionState.FAILED,
            code="value-not-kept",
            message="Webex accepted the change of this group but did not keep all of it.",
        )

    # -- members --------------------------------------------------------------------------------

    async def _members(self, record: ActionRecord) -> Outcome:
        if self._current is None:
            self._current = set(await self.groups.members(self.group_id))
        added, removed = members_in(record.action)
        users = [self.ours.users.get(one.source_id, one.webex_id) for one in added]
        missing = [one for one, user in zip(added, users, strict=True) if not user]
        more = frozenset(filter(None, users)) - self._current
        fewer = {one.webex_id for one in removed if one.webex_id in self.ours.removable}
        less = frozenset(fewer & self._current)
        refused: list[Member] = []
        if more or less:
            self.sent(record.seq)
            refused = await self._send(sorted(more), sorted(less), added)
        self._to_check.append((record, more - {one.webex_id for one in refused}, less))
        return _of_members(record, self.group_id, missing, refused)

    async def _send(
        self, more: list[str], less: list[str], added: Sequence[Member]
    ) -> list[Member]:
        """Send one bundle; where Webex refuses it as a whole, find out whom it means."""
        assert self._current is not None, "read before"
        try:
            if more:
                await self.groups.add_members(self.group_id, more)
            if less:
                await self.groups.remove_members(self.group_id, less)
        except RemoteError as error:
            users = more or less
            if error.status not in (400, 404, 409, 422) or isinstance(error, ENDING):
                raise
            if len(users) == 1:
                return [replace(_named(users[0], added, self.ours), webex_id=users[0])]
            half = len(users) // 2
            refused: list[Member] = []
            for some in (users[:half], users[half:]):
                refused += await self._send(some if more else [], [] if more else some, added)
            return refused
        self._current |= set(more)
        self._current -= set(less)
        return []

    async def _read_back(self) -> None:
        """See who is in the group now; lists lag behind writes (facts/webex.md, 2)."""
        if not any(more or less for _, more, less in self._to_check):
            return
        lost: list[Outcome] = []
        for seconds in (*LAG_WAITS[:3], 0.0):
            now = await self.groups.members(self.group_id)
            lost = list(self._not_kept(now))
            if not lost or not seconds:
                break
            if waiting_is_on():
                await self.control.sleep(seconds)
        self.record(lost, ())

    def _not_kept(self, now: frozenset[str]) -> Iterator[Outcome]:
        for record, more, less in self._to_check:
            number = len(more - now) + len(less & now)
            if number:
                said = f"Webex accepted the change of members but did not keep {number:,} of them."
                yield replace(
                    _applied(record, self.group_id),
                    state=ActionState.FAILED,
                    code="value-not-kept",
                    message=said,
                )


def _own(action: Action) -> bool:
    """Return whether an action is about the group itself, not who is in it."""
    return not any(members_in(action))


def _holds(group: WebexGroup, changes: Sequence[Change]) -> bool:
    return all(group.resource.get(one.attribute) == one.after for one in changes)


def _named(user: str, added: Sequence[Member], ours: Ours) -> Member:
    found = (one for one in added if ours.users.get(one.source_id, one.webex_id) == user)
    return next(found, Member("", user, user))


def _of_members(
    record: ActionRecord, group_id: str, missing: Sequence[Member], refused: Sequence[Member]
) -> Outcome:
    done = _applied(record, group_id)
    if not missing and not refused:
        return done
    names = ", ".join(one.label for one in (*missing, *refused)[:5])
    many = len(missing) + len(refused)
    names = names if many <= 5 else f"{names} and {many - 5:,} more"
    why = "have no Webex user yet" if not refused else "were refused by Webex"
    return replace(
        done,
        state=ActionState.FAILED,
        code=MEMBER_REFUSED if refused else REFERENCE_PENDING,
        message=f"Not in the group, because they {why}: {names}. Everybody else is.",
    )


def _applied(record: ActionRecord, group_id: str) -> Outcome:
    return Outcome(record.seq, record.action, ActionState.APPLIED, webex_id=group_id)


def _left(record: ActionRecord, code: str, message: str) -> Outcome:
    state = ActionState.NOT_ATTEMPTED
    return Outcome(record.seq, record.action, state, code=code, message=message)


def _drifted(record: ActionRecord) -> Outcome:
    created = record.action.kind is ActionKind.CREATE
    text = "Somebody else made a group of this name" if created else "This group was changed"
    return _left(record, "drift", f"{text} in Webex after the preview, so it was left alone.")


def _failed(record: ActionRecord, error: SparkWizardError) -> Outcome:
    tracking_id = error.tracking_id if isinstance(error, RemoteError) else ""
    detail = error.detail.strip().rstrip(".") if isinstance(error, RemoteError) else ""
    said = f"It said: {detail}." if detail else ""
    return Outcome(
        record.seq,
        record.action,
        ActionState.FAILED,
        code=error.code,
        message=" ".join(filter(None, (error.message, said, error.fix))),
        tracking_id=redact(tracking_id),
    )
