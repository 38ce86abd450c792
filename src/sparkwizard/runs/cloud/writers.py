"""The writes to the tenant, one method for each step; each is in the journal before it leaves."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.entra.provisioning_job.planning.roles import role_for
from sparkwizard.entra.provisioning_job.planning.schema import (
    merged_schema,
    schema_changes,
    schema_digest,
)
from sparkwizard.entra.provisioning_job.planning.settings import (
    BASE_ADDRESS,
    SECRET_TOKEN,
    settings_body,
)
from sparkwizard.entra.provisioning_job.types import (
    DEFAULT_ACCESS,
    Application,
    Desired,
    Job,
    Step,
    TenantChange,
    TenantState,
)
from sparkwizard.errors import (
    Conflict,
    InputError,
    NotFound,
    RemoteError,
    SparkWizardError,
    UnexpectedAnswer,
)
from sparkwizard.net.errors_of import may_have_happened
from sparkwizard.net.retry import waiting_is_on
from sparkwizard.runs.cloud.types import WriteState
from sparkwizard.runs.journal import Journal

__all__ = ["TRIES", "Writers", "credentials_refused", "in_its_words", "pause"]

TRIES, _PAUSE = 20, 3.0
"""A new application is not found everywhere at once; a minute is enough for most."""

type Changes = Sequence[TenantChange]


class Writers(msgspec.Struct):
    """Write what is still open of a step. ``saved_schema`` is the number of the schema kept."""

    client: JobClient
    journal: Journal
    profile_id: str
    plan_digest: str
    token: str
    saved_schema: int = 0

    async def add_application(self, desired: Desired, state: TenantState) -> str:
        """Add the application; return its id once it can be found."""
        template = state.template
        if template is None:
            raise InputError(
                f"Microsoft's gallery has no application called {desired.name}.",
                fix="Choose an application that is there, or a non-gallery application.",
                code="template-missing",
            )
        with self.written(Step.APPLICATION, f"Add the application {desired.name}.") as note:
            made = await self.client.add_application(template.id, desired.name)
            note(made)
        await self._until_found(made)
        return made

    async def _until_found(self, application_id: str) -> None:
        for _try in range(TRIES):
            if await self.client.application(application_id):
                try:
                    if await self.client.job_templates(application_id):
                        return
                except NotFound:
                    pass
            await pause()
        raise UnexpectedAnswer(
            "The new application was added, but Entra does not find it everywhere yet.",
            fix="Wait a few minutes, then start the same list again: it goes on from there.",
            code="application-not-yet",
            sent=True,
        )

    async def add_job(self, state: TenantState) -> None:
        """Make the provisioning job, which is off."""
        application = _application(state)
        if not state.job_template_id:
            raise InputError(
                f"{application.name} knows no automatic provisioning.",
                fix="Choose another application, or a non-gallery application.",
                code="no-provisioning",
            )
        with self.written(Step.JOB, f"Set provisioning of {application.name} up."):
            await self.client.add_job(application.id, state.job_template_id)

    async def assign(self, state: TenantState, todo: Changes) -> None:
        """Assign people and groups, one request each."""
        application = _application(state)
        role = role_for(application) or DEFAULT_ACCESS
        for change in todo:
            principal = change.key.removeprefix("assign:")
            with self.written(Step.ASSIGNMENTS, change.sentence):
                try:
                    await self.client.assign(application.id, principal, role)
                except RemoteError as error:
                    if not _is_there_already(error):
                        raise

    async def save_settings(self, desired: Desired, state: TenantState) -> None:
        """Let Entra test Tenant URL and token, then save all settings in one request."""
        application, job = _application(state), _job(state)
        body = settings_body(desired, state, self.token)
        tested = [one for one in body if one["key"] in (BASE_ADDRESS, SECRET_TOKEN)]
        try:
            await self.client.validate(application.id, job.id, tested)
        except RemoteError as error:
            if error.status != 400:
                raise
            raise credentials_refused(desired.tenant_url, error) from error
        told = "Save Tenant URL, Secret Token and settings."
        with in_its_words("Entra did not take the settings"), self.written(Step.SETTINGS, told):
            await self.client.put_settings(application.id, body)

    async def save_schema(self, desired: Desired, state: TenantState) -> None:
        """Keep the schema that is there, put the merged one, and look at what was kept of it."""
        application, job = _application(state), _job(state)
        before = state.schema or {}
        merged = merged_schema(desired, before, state.parsed, state.operators)
        self.saved_schema = self.keep_schema(application.id, job.id, before)
        told = "Write attribute mapping and scoping filters."
        with in_its_words("Entra did not take the mapping"), self.written(Step.SCHEMA, told):
            await self.client.put_schema(application.id, job.id, merged)
            left = schema_changes(desired, await self.client.schema(application.id, job.id))
            if left:
                raise UnexpectedAnswer(
                    f"Entra kept something else than was written: {left[0].sentence}",
                    fix="Look at the attribute mapping in the Entra admin centre; the former schema"
                    f" is saved as number {self.saved_schema}.",
                    code="schema-not-kept",
                    sent=True,
                )

    def keep_schema(self, application_id: str, job_id: str, schema: object) -> int:
        """Keep a schema in the journal before it is replaced."""
        document = schema if isinstance(schema, dict) else {}
        return self.journal.keep_schema(
            self.profile_id,
            application_id,
            job_id,
            schema_digest(document),
            msgspec.json.encode(document),
        )

    async def restart(self, state: TenantState, kind: RestartKind, sentence: str) -> None:
        """Restart the job."""
        with self.written(Step.RESTART, sentence):
            await self.client.restart(_application(state).id, _job(state).id, kind)

    async def switch(self, state: TenantState, sentence: str, *, on: bool) -> None:
        """Switch provisioning on or off."""
        send = self.client.start if on else self.client.pause
        with in_its_words("Entra did not switch provisioning"), self.written(Step.STATUS, sentence):
            await send(_application(state).id, _job(state).id)

    @contextmanager
    def written(self, step: str, sentence: str) -> Iterator[Callable[[str], None]]:
        """Write a request down before it is sent and how it came out after; yield a note-taker."""
        notes: list[str] = []
        number = self.journal.begin_cloud_write(self.profile_id, self.plan_digest, step, sentence)
        try:
            yield notes.append
        except SparkWizardError as error:
            request = error.tracking_id if isinstance(error, RemoteError) else ""
            # what may have arrived stays open: it is settled by reading before it is repeated
            state = WriteState.SENT if may_have_happened(error) else WriteState.FAILED
            self.journal.end_cloud_write(number, state, error.message, request)
            raise
        self.journal.end_cloud_write(number, WriteState.DONE, " ".join(notes))


@contextmanager
def in_its_words(what: str) -> Iterator[None]:
    """Turn a refusal of the service (400) into a sentence that hands on what it says."""
    try:
        yield
    except RemoteError as error:
        if error.status != 400:
            raise
        said = f" It says: {error.detail}" if error.detail else ""
        raise InputError(
            f"{what}; it stays as it was.{said}",
            fix="Correct what it says, and make a new list of changes (“cloud plan”).",
            code="entra-refused",
        ) from error


async def pause() -> None:
    """Wait before the tenant is read once more."""
    await asyncio.sleep(_PAUSE if waiting_is_on() else 0)


def _application(state: TenantState) -> Application:
    assert state.application is not None, "a step before this one makes it"
    return state.application


def _job(state: TenantState) -> Job:
    assert state.job is not None, "a step before this one makes it"
    return state.job


def _is_there_already(error: RemoteError) -> bool:
    """Return whether somebody is assigned already ("Permission being assigned already exists")."""
    return isinstance(error, Conflict) or "already exist" in error.detail.lower()


def credentials_refused(tenant_url: str, error: RemoteError) -> InputError:
    """Return the error of a Tenant URL and token that Entra tested in vain."""
    said = f" It says: {error.detail}" if error.detail else ""
    return InputError(
        f"Entra tested the Secret Token at {tenant_url}, and it was refused; nothing was saved."
        f"{said}",
        fix="Check the Tenant URL, and enter a token of a full administrator that has not expired.",
        code="credentials-refused",
    )
