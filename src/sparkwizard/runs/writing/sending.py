"""Send actions to Webex, alone or in Bulk, and turn every answer into an outcome.

No answer is believed unchecked, and no write is repeated before reading whether it happened.
"""

import time
from collections.abc import AsyncIterator, Sequence

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
from sparkwizard.provisioning.planning.soft_deleted import NAME_HELD
from sparkwizard.provisioning.types import ActionKind, User
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.runs.types import NOT_REACHED, ActionRecord, ActionState, Outcome
from sparkwizard.runs.writing.known_users import Known
from sparkwizard.runs.writing.settling import (
    LAG_WAITS,
    Found,
    is_marked,
    not_kept,
    settle,
    standing_of,
)
from sparkwizard.values import replace
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import BulkOperation, BulkOutcome, Written

__all__ = ["Writer"]

BULK_REFUSED = frozenset((400, 404, 405, 413, 415, 501))
REPETITIONS = 3  # of a write, each after reading that it did not happen
ENDING = (NotAuthorized, Throttled, Cancelled)

type Seen = tuple[ActionRecord, User | None]
"""An action with the user it is about to change, None for one to be created."""
type Doubt = tuple[ActionRecord, SparkWizardError]
"""An action that may or may not have happened, and why nobody knows."""


class Writer:
    """Write to one Webex organization.

    ``bulk`` is how many operations a Bulk request may hold, 0 for none; it drops to 0 when the
    server refuses Bulk after all. Raises NotAuthorized, Throttled, Unreachable and Cancelled, which
    end a run; every other failure is an outcome.
    """

    def __init__(self, scim: ScimClient, control: RunControl, *, bulk: int) -> None:
        self._scim = scim
        self._control = control
        self.bulk = bulk
        self._known = Known()

    async def look_at_all(self) -> None:
        """Read every user at once, which saves asking for each before it is changed."""
        pauses, begun = self._control.pauses, time.monotonic()
        read = await self._scim.list_users()
        self._known = Known({user.id: user for user in read.users}, begun, pauses)

    async def write(self, records: Sequence[ActionRecord]) -> AsyncIterator[Sequence[Outcome]]:
        """Send one batch; yield outcomes as they are known, so that none waits for the others.

        More than one record go together only where ``bulk`` allows it.
        """
        together = self.bulk and len(records) > 1
        async for outcomes in self._write_bulk(records) if together else self._each(records):
            yield outcomes

    # -- one request each -----------------------------------------------------------------------

    async def _each(self, records: Sequence[ActionRecord]) -> AsyncIterator[Sequence[Outcome]]:
        for record in records:
            if await self._control.may_go_on():
                yield [await self.write_one(record)]
            else:
                yield [_not_reached(record)]

    async def write_one(self, record: ActionRecord, *, again: int = REPETITIONS) -> Outcome:
        """Send one action, up to ``again`` more times where reading shows it did not happen."""
        current = await self._looked_at(record)
        if isinstance(current, Outcome):
            return current
        try:
            written = await self._send(record, current)
        except ENDING:
            raise
        except SparkWizardError as error:
            return await self._after_error(record, error, again=again)
        return await self._checked(record, written)

    async def _after_error(
        self, record: ActionRecord, error: SparkWizardError, *, again: int
    ) -> Outcome:
        if isinstance(error, Conflict):
            return await self._settle_conflict(record, error)
        if isinstance(error, Unreachable) and not error.sent:
            raise error
        if not may_have_happened(error):
            return _failed(record, error)
        if outcome := await self.settle(record):
            return outcome
        if again:
            return await self.write_one(replace(record, attempts=1), again=again - 1)
        return _failed(record, error)

    async def _looked_at(self, record: ActionRecord) -> User | Outcome | None:
        """Return what ``_current`` does; a user that can't be read is a failure of its own."""
        try:
            return await self._current(record)
        except ENDING:
            raise
        except SparkWizardError as error:
            if isinstance(error, Unreachable) and not error.sent:
                raise
            return _failed(record, error)

    async def _current(self, record: ActionRecord) -> User | Outcome | None:
        """Return the user about to be changed, or an outcome where it is not as the plan knew it.

        None means that there is no user yet, as it should be for a create.
        """
        action = record.action
        if not action.webex_id:
            return None
        seen = self._known.take(action.webex_id, self._control.pauses)
        user = seen or await self._scim.get_user(action.webex_id)
        if action.kind is ActionKind.CREATE:
            # an earlier try made this user, though not all values were kept
            return self.verified(_applied(record, action.webex_id), user) if user else None
        finding = standing_of(action, user)
        if finding.found is Found.DONE:
            return _applied(record, action.webex_id)
        return user if finding.found is Found.NOT_DONE else _changed(record)

    async def _send(self, record: ActionRecord, current: User | None) -> Written:
        action, scim = record.action, self._scim
        if current is None:
            return await scim.create_user(action.changes)
        if action.kind is ActionKind.DELETE:
            return Written(action.webex_id, None, await scim.delete_user(action.webex_id))
        return await scim.patch_user(action.webex_id, action.changes, current=current)

    async def _checked(self, record: ActionRecord, written: Written) -> Outcome:
        done = _applied(record, written.webex_id, written.tracking_id)
        if record.action.kind is ActionKind.DELETE:
            return done
        try:
            user = written.user or await self._scim.get_user(written.webex_id)
        except ENDING:
            raise
        except SparkWizardError as reading:
            return _unsettled(record, reading)
        return self.verified(done, user)

    def verified(self, outcome: Outcome, user: User | None) -> Outcome:
        """Return the outcome after comparing what was written with what Webex now shows."""
        if user is None:
            return replace(
                outcome,
                state=ActionState.FAILED,
                code="not-there",
                message="Webex accepted this, but the user can't be read back.",
            )
        lost = not_kept(outcome.action.changes, user.resource)
        if not lost:
            return outcome
        return replace(
            outcome,
            state=ActionState.FAILED,
            code="value-not-kept",
            message=f"Webex accepted the change but did not keep: {', '.join(lost)}.",
        )

    # -- lost answers ---------------------------------------------------------------------------

    async def settle(self, record: ActionRecord) -> Outcome | None:
        """Tell by reading what became of a request that was sent; None: nothing happened.

        Where neither the answer nor the state can be had, it stays "sent" and is settled later.
        """
        try:
            finding = await settle(self._scim, record.action, sleep=self._control.sleep)
            if finding.found is Found.DONE:
                return await self._as_found(record, finding.user)
        except ENDING:
            raise
        except SparkWizardError as reading:
            return _unsettled(record, reading)
        return None if finding.found is Found.NOT_DONE else _changed(record)

    async def _as_found(self, record: ActionRecord, user: User | None) -> Outcome:
        """Return the outcome of what happened though nobody answered; a new user is looked at."""
        done = _applied(record, user.id if user else record.action.webex_id)
        if user is None or record.action.kind is not ActionKind.CREATE:
            return done
        outcome = self.verified(done, user)
        if outcome.state is ActionState.APPLIED:
            return outcome
        # searches lag behind writes; a user asked for by id does not
        return self.verified(done, await self._scim.get_user(user.id))

    async def _settle_all(
        self, doubts: Sequence[Doubt], *, again: int
    ) -> AsyncIterator[Sequence[Outcome]]:
        """Settle by reading; what did not happen goes together ``again`` more times at most."""
        settled = await side_by_side(self.settle, [record for record, _ in doubts])
        yield [outcome for outcome in settled if outcome]
        left = [doubt for doubt, outcome in zip(doubts, settled, strict=True) if not outcome]
        if not again:
            yield [_failed(record, error) for record, error in left]
        elif left:
            records = [replace(record, attempts=1) for record, _ in left]
            async for outcomes in self._write_bulk(records, again=again - 1):
                yield outcomes

    async def _settle_conflict(self, record: ActionRecord, error: Conflict) -> Outcome:
        """Tell our own earlier create, whose answer was lost, from a stranger of that name.

        The request itself may have gone out twice: a busy server can do it and still say "later".
        """
        if record.action.kind is not ActionKind.CREATE:
            return _changed(record) if error.status == 412 else _failed(record, error)
        if record.attempts == 0 and not is_marked(record.action):
            return _name_taken(record, error)
        waits = LAG_WAITS if record.attempts else LAG_WAITS[:1]
        try:
            finding = await settle(
                self._scim, record.action, waits=waits, sleep=self._control.sleep
            )
            if finding.found is Found.DONE and finding.user:
                return await self._as_found(record, finding.user)
        except ENDING:
            raise
        except SparkWizardError as reading:
            return _unsettled(record, reading)
        return _name_taken(record, error)

    # -- Bulk -----------------------------------------------------------------------------------

    async def _write_bulk(
        self, records: Sequence[ActionRecord], *, again: int = REPETITIONS
    ) -> AsyncIterator[Sequence[Outcome]]:
        found = await side_by_side(self._looked_at, records)
        yield [one for one in found if isinstance(one, Outcome)]
        to_send: list[Seen] = [
            (record, one)
            for record, one in zip(records, found, strict=True)
            if not isinstance(one, Outcome)
        ]
        if not to_send:
            return
        if not await self._control.may_go_on():
            yield [_not_reached(record) for record, _ in to_send]
            return
        async for outcomes in self._send_bulk(to_send, again=again):
            yield outcomes

    async def _send_bulk(
        self, to_send: Sequence[Seen], *, again: int
    ) -> AsyncIterator[Sequence[Outcome]]:
        pairs = [(record, self._operation(record, current)) for record, current in to_send]
        sent = [(record, operation) for record, operation in pairs if operation]
        yield [_applied(record, record.action.webex_id) for record, op in pairs if op is None]
        try:
            answers = await self._scim.bulk([operation for _, operation in sent])
        except ENDING:
            raise
        except SparkWizardError as error:
            doubts = [(record, error) for record, _ in sent]
            async for outcomes in self._after_bulk_error(doubts, error, again=again):
                yield outcomes
            return
        answered = list(zip([record for record, _ in sent], answers, strict=True))
        yield [await self._of_bulk(one, said) for one, said in answered if not _unclear(one, said)]
        unclear = [(one, _unanswered(said)) for one, said in answered if _unclear(one, said)]
        async for outcomes in self._settle_all(unclear, again=again):
            yield outcomes

    async def _after_bulk_error(
        self, doubts: Sequence[Doubt], error: SparkWizardError, *, again: int
    ) -> AsyncIterator[Sequence[Outcome]]:
        if isinstance(error, Unreachable) and not error.sent:
            raise error
        if isinstance(error, RemoteError) and error.status in BULK_REFUSED:
            self.bulk = 0
            async for outcomes in self._each([record for record, _ in doubts]):
                yield outcomes
        elif may_have_happened(error):
            async for outcomes in self._settle_all(doubts, again=again):
                yield outcomes
        else:
            yield [_failed(record, error) for record, _ in doubts]

    def _operation(self, record: ActionRecord, current: User | None) -> BulkOperation | None:
        action, name = record.action, f"a{record.seq}"
        if current is None:
            return self._scim.create_operation(name, action.changes)
        if action.kind is ActionKind.DELETE:
            return self._scim.delete_operation(name, action.webex_id)
        return self._scim.patch_operation(name, action.webex_id, action.changes, current=current)

    async def _of_bulk(self, record: ActionRecord, answer: BulkOutcome) -> Outcome:
        if 200 <= answer.status < 300:
            webex_id = answer.webex_id or record.action.webex_id
            return _applied(record, webex_id, answer.tracking_id)
        if answer.status == 404 and record.action.kind is ActionKind.DELETE:
            return _applied(record, record.action.webex_id, answer.tracking_id)
        error_type = Conflict if answer.status in (409, 412) else RemoteError
        error = error_type(
            _bulk_sentence(record, answer), status=answer.status, tracking_id=answer.tracking_id
        )
        if isinstance(error, Conflict):
            return await self._settle_conflict(record, error)
        return _failed(record, error)


def _unclear(record: ActionRecord, answer: BulkOutcome) -> bool:
    """Return whether an operation's answer leaves open what became of it."""
    if 200 <= answer.status < 300:
        return not (answer.webex_id or record.action.webex_id)
    return answer.status in (0, 429) or answer.status >= 500


def _applied(record: ActionRecord, webex_id: str, tracking_id: str = "") -> Outcome:
    return Outcome(
        record.seq,
        record.action,
        ActionState.APPLIED,
        tracking_id=redact(tracking_id),
        webex_id=webex_id,
    )


def _failed(record: ActionRecord, error: SparkWizardError) -> Outcome:
    tracking_id = error.tracking_id if isinstance(error, RemoteError) else ""
    return Outcome(
        record.seq,
        record.action,
        ActionState.FAILED,
        code=error.code,
        message=_words(error),
        tracking_id=redact(tracking_id),
    )


def _name_taken(record: ActionRecord, error: Conflict) -> Outcome:
    return replace(_failed(record, error), message=f"{_words(error)} {NAME_HELD}")


def _words(error: SparkWizardError) -> str:
    """Return what happened, what the other side said about it, and what to do."""
    detail = error.detail.strip().rstrip(".") if isinstance(error, RemoteError) else ""
    said = f"It said: {detail}." if detail else ""
    return " ".join(filter(None, (error.message, said, error.fix)))


def _unsettled(record: ActionRecord, reading: SparkWizardError) -> Outcome:
    return replace(_failed(record, reading), state=ActionState.SENT)


def _not_reached(record: ActionRecord) -> Outcome:
    code, message = NOT_REACHED
    return Outcome(record.seq, record.action, ActionState.NOT_ATTEMPTED, code=code, message=message)


def _changed(record: ActionRecord) -> Outcome:
    created = record.action.kind is ActionKind.CREATE
    return Outcome(
        record.seq,
        record.action,
        ActionState.NOT_ATTEMPTED,
        code="drift",
        message=_NAME_GIVEN if created else _DRIFTED,
    )


_DRIFTED = "This user was changed in Webex after the preview, so it was left alone."
_NAME_GIVEN = "Somebody else got this user name in Webex after the preview, so it was left alone."


def _unanswered(answer: BulkOutcome) -> RemoteError:
    return RemoteError(
        answer.detail or "Webex did not say what became of this.",
        fix="Try this one again.",
        status=answer.status,
        tracking_id=answer.tracking_id,
    )


def _bulk_sentence(record: ActionRecord, answer: BulkOutcome) -> str:
    said = f": {answer.detail.rstrip('.')}" if answer.detail else ""
    if answer.status in (409, 412):
        return (
            f"Somebody in Webex already has the name {record.action.user_name}, perhaps in another"
            f" organization{said}."
        )
    return f"Webex refused this change (status {answer.status}){said}."
