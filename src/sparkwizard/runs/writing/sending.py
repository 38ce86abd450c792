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
from sparkwizard.provisioning.types import ActionKind, User
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.runs.writing.known_users import Known
from sparkwizard.runs.writing.outcomes import (
    applied,
    bulk_sentence,
    changed,
    failed,
    name_taken,
    not_reached,
    unanswered,
    unclear,
    unsettled,
)
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
        # places of those whose answer in a Bulk request showed that all was kept
        self.shown: set[int] = set()

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
                yield [not_reached(record)]

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
            return failed(record, error)
        if outcome := await self.settle(record):
            return outcome
        if again:
            return await self.write_one(replace(record, attempts=1), again=again - 1)
        return failed(record, error)

    async def _looked_at(self, record: ActionRecord) -> User | Outcome | None:
        """Return what ``_current`` does; a user that can't be read is a failure of its own."""
        try:
            return await self._current(record)
        except ENDING:
            raise
        except SparkWizardError as error:
            if isinstance(error, Unreachable) and not error.sent:
                raise
            return failed(record, error)

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
            return self.verified(applied(record, action.webex_id), user) if user else None
        finding = standing_of(action, user)
        if finding.found is Found.DONE:
            return applied(record, action.webex_id)
        return user if finding.found is Found.NOT_DONE else changed(record)

    async def _send(self, record: ActionRecord, current: User | None) -> Written:
        action, scim = record.action, self._scim
        if current is None:
            return await scim.create_user(action.changes)
        if action.kind is ActionKind.DELETE:
            return Written(action.webex_id, None, await scim.delete_user(action.webex_id))
        return await scim.patch_user(action.webex_id, action.changes, current=current)

    async def _checked(self, record: ActionRecord, written: Written) -> Outcome:
        done = applied(record, written.webex_id, written.tracking_id)
        if record.action.kind is ActionKind.DELETE:
            return done
        try:
            user = written.user or await self._scim.get_user(written.webex_id)
        except ENDING:
            raise
        except SparkWizardError as reading:
            return unsettled(record, reading)
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
            return unsettled(record, reading)
        return None if finding.found is Found.NOT_DONE else changed(record)

    async def _as_found(self, record: ActionRecord, user: User | None) -> Outcome:
        """Return the outcome of what happened though nobody answered; a new user is looked at."""
        done = applied(record, user.id if user else record.action.webex_id)
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
            yield [failed(record, error) for record, error in left]
        elif left:
            records = [replace(record, attempts=1) for record, _ in left]
            async for outcomes in self._write_bulk(records, again=again - 1):
                yield outcomes

    async def _settle_conflict(self, record: ActionRecord, error: Conflict) -> Outcome:
        """Tell our own earlier create, whose answer was lost, from a stranger of that name.

        The request itself may have gone out twice: a busy server can do it and still say "later".
        """
        if record.action.kind is not ActionKind.CREATE:
            return changed(record) if error.status == 412 else failed(record, error)
        if record.attempts == 0 and not is_marked(record.action):
            return name_taken(record, error)
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
            return unsettled(record, reading)
        return name_taken(record, error)

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
            yield [not_reached(record) for record, _ in to_send]
            return
        async for outcomes in self._send_bulk(to_send, again=again):
            yield outcomes

    async def _send_bulk(
        self, to_send: Sequence[Seen], *, again: int
    ) -> AsyncIterator[Sequence[Outcome]]:
        pairs = [(record, self._operation(record, current)) for record, current in to_send]
        sent = [(record, operation) for record, operation in pairs if operation]
        yield [applied(record, record.action.webex_id) for record, op in pairs if op is None]
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
        yield [await self._of_bulk(one, said) for one, said in answered if not unclear(one, said)]
        open_yet = [(one, unanswered(said)) for one, said in answered if unclear(one, said)]
        async for outcomes in self._settle_all(open_yet, again=again):
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
            yield [failed(record, error) for record, _ in doubts]

    def _operation(self, record: ActionRecord, current: User | None) -> BulkOperation | None:
        action, name = record.action, f"a{record.seq}"
        if current is None:
            return self._scim.create_operation(name, action.changes)
        if action.kind is ActionKind.DELETE:
            return self._scim.delete_operation(name, action.webex_id)
        return self._scim.patch_operation(name, action.webex_id, action.changes, current=current)

    async def _of_bulk(self, record: ActionRecord, answer: BulkOutcome) -> Outcome:
        if 200 <= answer.status < 300:
            webex_id, changes = answer.webex_id or record.action.webex_id, record.action.changes
            if answer.user and not not_kept(changes, answer.user.resource):
                self.shown.add(record.seq)
            return applied(record, webex_id, answer.tracking_id)
        if answer.status == 404 and record.action.kind is ActionKind.DELETE:
            return applied(record, record.action.webex_id, answer.tracking_id)
        error_type = Conflict if answer.status in (409, 412) else RemoteError
        error = error_type(
            bulk_sentence(record, answer), status=answer.status, tracking_id=answer.tracking_id
        )
        if isinstance(error, Conflict):
            return await self._settle_conflict(record, error)
        return failed(record, error)
