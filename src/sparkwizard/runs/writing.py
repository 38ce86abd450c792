"""Send actions to Webex, alone or in Bulk, and turn every answer into an outcome.

No answer is believed unchecked, and no write is repeated before reading whether it happened.
"""

from collections.abc import Sequence
from dataclasses import replace

from sparkwizard.errors import (
    Cancelled,
    Conflict,
    NotAuthorized,
    RemoteError,
    SparkWizardError,
    Unreachable,
)
from sparkwizard.net.errors_of import may_have_happened
from sparkwizard.provisioning.types import ActionKind, User
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.settling import Found, not_kept, settle, standing_of
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import BulkOperation, BulkOutcome, Written

__all__ = ["Writer"]

BULK_REFUSED = frozenset((400, 404, 405, 413, 415, 501))


class Writer:
    """Write to one Webex organization.

    ``bulk`` is how many operations a Bulk request may hold, 0 for none; it drops to 0 when the
    server refuses Bulk after all. ``known`` holds users read a moment ago by id, which saves asking
    for each before it is changed. Raises NotAuthorized, Unreachable and Cancelled, which end a run;
    every other failure is an outcome.
    """

    def __init__(self, scim: ScimClient, control: RunControl, *, bulk: int) -> None:
        self._scim = scim
        self._control = control
        self.bulk = bulk
        self.known: dict[str, User] = {}

    async def write(self, records: Sequence[ActionRecord]) -> list[Outcome]:
        """Send one batch; more than one record only where ``bulk`` allows it."""
        if self.bulk and len(records) > 1:
            return await self._write_bulk(records)
        return [await self.write_one(record) for record in records]

    # -- one request each -----------------------------------------------------------------------

    async def write_one(self, record: ActionRecord, *, again: bool = True) -> Outcome:
        """Send one action; ``again`` allows one repetition after reading that it did not happen."""
        try:
            current = await self._current(record)
            if isinstance(current, Outcome):
                return current
            written = await self._send(record, current)
        except (NotAuthorized, Cancelled):
            raise
        except SparkWizardError as error:
            return await self._after_error(record, error, again=again)
        return await self._checked(record, written)

    async def _after_error(
        self, record: ActionRecord, error: SparkWizardError, *, again: bool
    ) -> Outcome:
        if isinstance(error, Conflict):
            return await self._settle_conflict(record, error)
        if isinstance(error, Unreachable) and not error.sent:
            raise error
        if may_have_happened(error):
            return await self._settle(record, error, again=again)
        return _failed(record, error)

    async def _current(self, record: ActionRecord) -> User | Outcome | None:
        """Return the user about to be changed, or an outcome where it is not as the plan knew it.

        None means that there is no user yet, as it should be for a create.
        """
        action = record.action
        if action.kind is ActionKind.CREATE:
            return None
        user = self.known.pop(action.webex_id, None) or await self._scim.get_user(action.webex_id)
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
        user = written.user or await self._scim.get_user(written.webex_id)
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
        """Tell by reading what became of a request an earlier run sent; None: nothing happened."""
        finding = await settle(self._scim, record.action, sleep=self._control.sleep)
        if finding.found is Found.NOT_DONE:
            return None
        if finding.found is Found.DONE:
            webex_id = finding.user.id if finding.user else record.action.webex_id
            return _applied(record, webex_id)
        return _changed(record)

    async def _settle(
        self, record: ActionRecord, error: SparkWizardError, *, again: bool
    ) -> Outcome:
        try:
            outcome = await self.settle(record)
        except (NotAuthorized, Cancelled):
            raise
        except SparkWizardError as reading:
            # neither the answer nor the state could be had: it stays "sent" and is settled later
            return replace(_failed(record, reading), state=ActionState.SENT)
        if outcome:
            return outcome
        if again:
            return await self.write_one(replace(record, attempts=1), again=False)
        return _failed(record, error)

    async def _settle_conflict(self, record: ActionRecord, error: Conflict) -> Outcome:
        """Tell our own earlier create, whose answer was lost, from a stranger of that name."""
        if record.action.kind is not ActionKind.CREATE:
            return _changed(record)
        if record.attempts > 0:
            finding = await settle(
                self._scim, record.action, expected=True, sleep=self._control.sleep
            )
            if finding.found is Found.DONE and finding.user:
                return _applied(record, finding.user.id)
        return _failed(record, error)

    # -- Bulk -----------------------------------------------------------------------------------

    async def _write_bulk(self, records: Sequence[ActionRecord]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        to_send: list[tuple[ActionRecord, User | None]] = []
        for record in records:
            current = await self._current(record)
            if isinstance(current, Outcome):
                outcomes.append(current)
            else:
                to_send.append((record, current))
        return outcomes + (await self._send_bulk(to_send) if to_send else [])

    async def _send_bulk(
        self, to_send: Sequence[tuple[ActionRecord, User | None]]
    ) -> list[Outcome]:
        pairs = [(record, self._operation(record, current)) for record, current in to_send]
        sent = [(record, operation) for record, operation in pairs if operation]
        try:
            answers = await self._scim.bulk([operation for _, operation in sent])
        except (NotAuthorized, Cancelled):
            raise
        except SparkWizardError as error:
            return await self._after_bulk_error([record for record, _ in sent], error)
        same = [_applied(record, record.action.webex_id) for record, op in pairs if op is None]
        return same + [
            await self._of_bulk(record, answer)
            for (record, _), answer in zip(sent, answers, strict=True)
        ]

    async def _after_bulk_error(
        self, records: Sequence[ActionRecord], error: SparkWizardError
    ) -> list[Outcome]:
        if isinstance(error, RemoteError) and error.status in BULK_REFUSED:
            self.bulk = 0
            return [await self.write_one(record) for record in records]
        if isinstance(error, Unreachable) and not error.sent:
            raise error
        if may_have_happened(error):
            return await side_by_side(lambda r: self._settle(r, error, again=True), records)
        return [_failed(record, error) for record in records]

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
            if webex_id:
                return _applied(record, webex_id, answer.tracking_id)
            return await self._settle(record, _unanswered(answer), again=False)
        if answer.status in (0, 429) or answer.status >= 500:
            return await self._settle(record, _unanswered(answer), again=True)
        error_type = Conflict if answer.status in (409, 412) else RemoteError
        error = error_type(
            _bulk_sentence(record, answer), status=answer.status, tracking_id=answer.tracking_id
        )
        if isinstance(error, Conflict):
            return await self._settle_conflict(record, error)
        return _failed(record, error)


def _applied(record: ActionRecord, webex_id: str, tracking_id: str = "") -> Outcome:
    return Outcome(
        record.seq,
        record.action,
        ActionState.APPLIED,
        tracking_id=tracking_id,
        webex_id=webex_id,
    )


def _failed(record: ActionRecord, error: SparkWizardError) -> Outcome:
    tracking_id = error.tracking_id if isinstance(error, RemoteError) else ""
    return Outcome(
        record.seq,
        record.action,
        ActionState.FAILED,
        code=error.code,
        message=str(error),
        tracking_id=tracking_id,
    )


def _changed(record: ActionRecord) -> Outcome:
    return Outcome(
        record.seq,
        record.action,
        ActionState.NOT_ATTEMPTED,
        code="drift",
        message="This user was changed in Webex after the preview, so it was left alone.",
    )


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
