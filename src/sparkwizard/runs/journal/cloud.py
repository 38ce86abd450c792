"""What the journal keeps of Entra's provisioning service: plans, writes, schemas, jobs, ticks.

Each write to the tenant is written down before it leaves (``sent``) and after (``done`` or
``failed``). A schema is kept whole before it is replaced, so that it can be put back. No Secret
Token is ever among it.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sparkwizard.runs.cloud.kept import CloudWrite, KnownJob, SavedSchema, WriteState
from sparkwizard.runs.journal.file import JournalFile

__all__ = ["CloudRecords"]


class CloudRecords(JournalFile):
    """Keep what was done to Entra's provisioning service, and what was known of it last."""

    # -- plans and writes -----------------------------------------------------------------------

    def keep_cloud_plan(self, digest: str, profile_id: str, content: bytes) -> None:
        """Keep a plan of changes to the tenant that somebody was shown."""
        with self._writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO cloud_plans VALUES (?, ?, ?, ?)",
                (digest, profile_id, zlib.compress(content), self._now()),
            )

    def cloud_plan(self, digest: str) -> bytes | None:
        """Return a plan that was shown, None where there was none of this digest."""
        found = self._read("SELECT content FROM cloud_plans WHERE digest = ?", digest)
        return zlib.decompress(cast("bytes", found[0][0])) if found else None

    def begin_cloud_write(self, profile_id: str, digest: str, step: str, sentence: str) -> int:
        """Write down that this is about to be sent; what follows may have happened."""
        with self._writing() as db:
            cursor = db.execute(
                "INSERT INTO cloud_writes (profile_id, plan_digest, step, sentence, state, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (profile_id, digest, step, sentence, WriteState.SENT, self._now()),
            )
        return int(cursor.lastrowid or 0)

    def end_cloud_write(
        self, write_id: int, state: WriteState, message: str = "", request_id: str = ""
    ) -> None:
        """Write down how it came out."""
        with self._writing() as db:
            db.execute(
                "UPDATE cloud_writes SET state = ?, message = ?, request_id = ?, at = ?"
                " WHERE id = ?",
                (state, message, request_id, self._now(), write_id),
            )

    def cloud_writes(self, profile_id: str) -> list[CloudWrite]:
        """Return what was sent for a setup, newest first."""
        found = self._read(
            "SELECT id, plan_digest, step, sentence, state, message, request_id, at"
            " FROM cloud_writes WHERE profile_id = ? ORDER BY id DESC",
            profile_id,
        )
        return [_write(row) for row in found]

    # -- schemas --------------------------------------------------------------------------------

    def keep_schema(
        self, profile_id: str, application_id: str, job_id: str, digest: str, document: bytes
    ) -> int:
        """Keep a schema as it was before it is replaced, and return its number."""
        with self._writing() as db:
            cursor = db.execute(
                "INSERT INTO cloud_schemas"
                " (profile_id, application_id, job_id, digest, document, saved_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (profile_id, application_id, job_id, digest, zlib.compress(document), self._now()),
            )
        return int(cursor.lastrowid or 0)

    def saved_schemas(self, profile_id: str) -> list[SavedSchema]:
        """Return the schemas kept for a setup, newest first."""
        found = self._read(
            "SELECT id, application_id, job_id, digest, saved_at FROM cloud_schemas"
            " WHERE profile_id = ? ORDER BY id DESC",
            profile_id,
        )
        return [_schema(row) for row in found]

    def schema_document(self, profile_id: str, number: int) -> bytes | None:
        """Return a schema that was kept for a setup, None for no such number."""
        if not 0 < number < 1 << 63:
            return None  # SQLite holds no such number
        found = self._read(
            "SELECT document FROM cloud_schemas WHERE profile_id = ? AND id = ?", profile_id, number
        )
        return zlib.decompress(cast("bytes", found[0][0])) if found else None

    # -- what was known last --------------------------------------------------------------------

    def remember_job(
        self, profile_id: str, organization_id: str, application_id: str, job_id: str, *, on: bool
    ) -> None:
        """Remember how the job of a setup stood when it was seen."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO cloud_jobs VALUES (?, ?, ?, ?, ?, ?)",
                (profile_id, organization_id, application_id, job_id, int(on), self._now()),
            )

    def forget_job(self, profile_id: str, organization_id: str) -> None:
        """Forget a job that is gone."""
        with self._writing() as db:
            db.execute(
                "DELETE FROM cloud_jobs WHERE profile_id = ? AND organization_id = ?",
                (profile_id, organization_id),
            )

    def known_job(self, profile_id: str, organization_id: str) -> KnownJob | None:
        """Return the job of a setup as it was seen last, None where none was seen."""
        found = self._read(
            "SELECT application_id, job_id, is_on, seen_at FROM cloud_jobs"
            " WHERE profile_id = ? AND organization_id = ?",
            profile_id,
            organization_id,
        )
        if not found:
            return None
        application, job, on, seen = found[0]
        return KnownJob(str(application), str(job), bool(on), _moment(seen))

    def keep_foretold(self, profile_id: str, plan: bytes) -> None:
        """Keep the preview that a first cycle of the service is compared with."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO cloud_foretold VALUES (?, ?, ?)",
                (profile_id, zlib.compress(plan), self._now()),
            )

    def foretold(self, profile_id: str) -> bytes | None:
        """Return the preview kept for a setup, None for none."""
        found = self._read("SELECT plan FROM cloud_foretold WHERE profile_id = ?", profile_id)
        return zlib.decompress(cast("bytes", found[0][0])) if found else None

    # -- the checklist --------------------------------------------------------------------------

    def tick(self, profile_id: str, items: Iterable[str], *, ticked: bool = True) -> None:
        """Tick points of the checklist off, or take the ticks away."""
        sql = (
            "INSERT OR IGNORE INTO cloud_ticks VALUES (?, ?, ?)"
            if ticked
            else "DELETE FROM cloud_ticks WHERE profile_id = ? AND item = ?"
        )
        with self._writing() as db:
            for item in items:
                row = (profile_id, item, self._now()) if ticked else (profile_id, item)
                db.execute(sql, row)

    def ticks(self, profile_id: str) -> frozenset[str]:
        """Return the points of the checklist that were ticked off by hand."""
        found = self._read("SELECT item FROM cloud_ticks WHERE profile_id = ?", profile_id)
        return frozenset(str(row[0]) for row in found)


def _write(row: tuple[object, ...]) -> CloudWrite:
    number, digest, step, sentence, state, message, request_id, at = row
    return CloudWrite(
        cast("int", number),
        str(digest),
        str(step),
        str(sentence),
        WriteState(str(state)),
        str(message),
        str(request_id),
        _moment(at),
    )


def _schema(row: tuple[object, ...]) -> SavedSchema:
    number, application, job, digest, saved = row
    return SavedSchema(cast("int", number), str(application), str(job), str(digest), _moment(saved))


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
