"""What the journal keeps of Entra's job: frozen values, of which ``types`` hands out all."""

from datetime import datetime
from enum import StrEnum

import msgspec

__all__ = ["CloudWrite", "KnownJob", "SavedSchema", "WriteState"]


class WriteState(StrEnum):
    """Name where one write to the tenant stands."""

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class CloudWrite(msgspec.Struct, frozen=True):
    """Hold one write to the tenant as the journal keeps it."""

    id: int
    plan_digest: str
    step: str
    sentence: str
    state: WriteState
    message: str
    request_id: str
    at: datetime


class SavedSchema(msgspec.Struct, frozen=True):
    """Name a schema that was kept before it was replaced."""

    id: int
    application_id: str
    job_id: str
    digest: str
    saved_at: datetime


class KnownJob(msgspec.Struct, frozen=True):
    """Hold how the job of a setup stood when it was last seen."""

    application_id: str
    job_id: str
    on: bool
    seen_at: datetime
