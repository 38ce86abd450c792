"""What an answer of Webex makes of an action: its outcome, in the words that people read."""

from sparkwizard.errors import Conflict, RemoteError, SparkWizardError
from sparkwizard.net.redact import redact
from sparkwizard.provisioning.planning.soft_deleted import NAME_HELD
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import NOT_REACHED, ActionRecord, ActionState, Outcome
from sparkwizard.values import replace
from sparkwizard.webex.types import BulkOutcome

__all__ = [
    "applied",
    "bulk_sentence",
    "changed",
    "failed",
    "name_taken",
    "not_reached",
    "unanswered",
    "unclear",
    "unsettled",
]

_DRIFTED = "This user was changed in Webex after the preview, so it was left alone."
_NAME_GIVEN = "Somebody else got this user name in Webex after the preview, so it was left alone."


def unclear(record: ActionRecord, answer: BulkOutcome) -> bool:
    """Return whether an operation's answer leaves open what became of it."""
    if 200 <= answer.status < 300:
        return not (answer.webex_id or record.action.webex_id)
    return answer.status in (0, 429) or answer.status >= 500


def applied(record: ActionRecord, webex_id: str, tracking_id: str = "") -> Outcome:
    """Return that an action was carried out, and as which request."""
    return Outcome(
        record.seq,
        record.action,
        ActionState.APPLIED,
        tracking_id=redact(tracking_id),
        webex_id=webex_id,
    )


def failed(record: ActionRecord, error: SparkWizardError) -> Outcome:
    """Return that an action failed, in the words of its error."""
    tracking_id = error.tracking_id if isinstance(error, RemoteError) else ""
    return Outcome(
        record.seq,
        record.action,
        ActionState.FAILED,
        code=error.code,
        message=_words(error),
        tracking_id=redact(tracking_id),
    )


def name_taken(record: ActionRecord, error: Conflict) -> Outcome:
    """Return that a user could not be created because the name is somebody else's."""
    return replace(failed(record, error), message=f"{_words(error)} {NAME_HELD}")


def _words(error: SparkWizardError) -> str:
    """Return what happened, what the other side said about it, and what to do."""
    detail = error.detail.strip().rstrip(".") if isinstance(error, RemoteError) else ""
    said = f"It said: {detail}." if detail else ""
    return " ".join(filter(None, (error.message, said, error.fix)))


def unsettled(record: ActionRecord, reading: SparkWizardError) -> Outcome:
    """Return that nobody could tell what became of an action: it is settled later."""
    return replace(failed(record, reading), state=ActionState.SENT)


def not_reached(record: ActionRecord) -> Outcome:
    """Return that a run was stopped before an action."""
    code, message = NOT_REACHED
    return Outcome(record.seq, record.action, ActionState.NOT_ATTEMPTED, code=code, message=message)


def changed(record: ActionRecord) -> Outcome:
    """Return that somebody changed the user after the preview."""
    created = record.action.kind is ActionKind.CREATE
    return Outcome(
        record.seq,
        record.action,
        ActionState.NOT_ATTEMPTED,
        code="drift",
        message=_NAME_GIVEN if created else _DRIFTED,
    )


def unanswered(answer: BulkOutcome) -> RemoteError:
    """Return the error of an operation of which Bulk did not say what became."""
    return RemoteError(
        answer.detail or "Webex did not say what became of this.",
        fix="Try this one again.",
        status=answer.status,
        tracking_id=answer.tracking_id,
    )


def bulk_sentence(record: ActionRecord, answer: BulkOutcome) -> str:
    """Return in a sentence why Webex refused an operation of Bulk."""
    said = f": {answer.detail.rstrip('.')}" if answer.detail else ""
    if answer.status in (409, 412):
        return (
            f"Somebody in Webex already has the name {record.action.user_name}, perhaps in another"
            f" organization{said}."
        )
    return f"Webex refused this change (status {answer.status}){said}."
