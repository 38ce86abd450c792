"""Writes of one step that somebody asks for by name: switch, restart, restore, renew, on demand."""

import json
import re

from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.job_types import OnDemandResult, RestartKind
from sparkwizard.entra.provisioning_job.planning.settings import (
    BASE_ADDRESS,
    SECRET_TOKEN,
    is_masked,
)
from sparkwizard.entra.provisioning_job.remedies import RESTARTS
from sparkwizard.entra.provisioning_job.types import Application, Job, Principal, Step, TenantState
from sparkwizard.errors import InputError, RemoteError
from sparkwizard.provisioning.entra_schema.document import decode, sections
from sparkwizard.provisioning.types import Json
from sparkwizard.runs.cloud.watching import find
from sparkwizard.runs.cloud.writers import Writers, credentials_refused, in_its_words
from sparkwizard.setup.profile import Profile

__all__ = ["on_demand", "renew", "restart", "restore_schema", "switch"]

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


async def switch(writers: Writers, profile: Profile, *, on: bool) -> bool:
    """Switch provisioning on or off; return whether it was otherwise before."""
    application, job = await find(writers.client, profile)
    if job.status.on == on:
        return False
    sentence = f"Switch provisioning {'on' if on else 'off'}."
    await writers.switch(_state(application, job), sentence, on=on)
    return True


async def restart(writers: Writers, profile: Profile, kind: RestartKind) -> None:
    """Restart the job in one of its ways. Raises InputError where it is off."""
    application, job = await find(writers.client, profile)
    if not job.status.on:
        raise InputError(
            "Provisioning is off, and a restart would switch it on. Nothing was done.",
            fix="Switch it on first, then restart it.",
            code="cloud-off",
        )
    await writers.restart(_state(application, job), kind, RESTARTS[kind].text)


async def restore_schema(writers: Writers, profile: Profile, number: int) -> int:
    """Put a kept schema back; the one that is there is kept first, and its number returned."""
    document = writers.journal.schema_document(profile.id, number)
    kept = next((k for k in writers.journal.saved_schemas(profile.id) if k.id == number), None)
    if document is None or kept is None:
        raise InputError(
            f"No schema {number} was saved for this setup.",
            fix="“cloud restore-schema” without a number lists those that were.",
            code="no-schema",
        )
    application, job = await find(writers.client, profile)
    if (application.id, job.id) != (kept.application_id, kept.job_id):
        raise InputError(
            f"Schema {number} was saved from another application or job.",
            fix="Put it back by hand in the Entra admin centre, or choose another one.",
            code="other-job",
        )
    before = await writers.client.schema(application.id, job.id)
    saved = writers.keep_schema(application.id, job.id, before)
    content: dict[str, Json] = json.loads(document)
    told = f"Put schema {number} back."
    with in_its_words("Entra did not take the schema"), writers.written(Step.SCHEMA, told):
        await writers.client.put_schema(application.id, job.id, content)
    return saved


async def renew(writers: Writers, profile: Profile) -> None:
    """Give Entra the new Secret Token of ``writers``, and leave every other setting as it is.

    It is tested first; one that is refused is not saved.
    """
    application, job = await find(writers.client, profile)
    there = await writers.client.settings(application.id)
    lost = sorted(k for k, value in there.items() if k != SECRET_TOKEN and is_masked(value))
    if lost:
        raise InputError(
            f"{', '.join(lost)} of this application can't be read back and would get lost.",
            fix="Enter the new token in the Entra admin centre.",
            code="other-secret",
        )
    settings = {**{key: value or "" for key, value in there.items()}, SECRET_TOKEN: writers.token}
    body = [{"key": key, "value": value} for key, value in settings.items()]
    tested = [one for one in body if one["key"] in (BASE_ADDRESS, SECRET_TOKEN)]
    try:
        await writers.client.validate(application.id, job.id, tested)
    except RemoteError as error:
        if error.status != 400:
            raise
        raise credentials_refused(settings.get(BASE_ADDRESS, "Webex"), error) from error
    with writers.written(Step.SETTINGS, "Renew the Secret Token."):
        await writers.client.put_settings(application.id, body)


async def on_demand(writers: Writers, profile: Profile, person: str) -> OnDemandResult:
    """Provision one person, by object ID or userPrincipalName, or one group by its object ID."""
    application, job = await find(writers.client, profile)
    subject = await _subject(writers.client, person)
    rule = _rule_id(await writers.client.schema(application.id, job.id))
    told = f"Provision {subject.label} on demand."
    with (
        in_its_words(f"Entra did not provision {subject.label}"),
        writers.written("on-demand", told),
    ):
        return await writers.client.on_demand(application.id, job.id, rule, subject)


async def _subject(client: JobClient, person: str) -> Principal:
    asked = person.strip()
    by_id = bool(_GUID.fullmatch(asked))
    found = await client.principal(asked) if by_id else await client.person_named(asked)
    if found.missing:
        raise InputError(
            f"Nobody in the directory is called {asked}.",
            fix="Give the userPrincipalName or the object ID.",
            code="no-such-person",
        )
    return found


def _rule_id(schema: dict[str, Json]) -> str:
    """Return the synchronization rule that users go by."""
    for rule, mapping in sections(decode(schema)):
        if mapping.text("sourceObjectName").lower() == "user" and rule.text("id"):
            return rule.text("id")
    raise InputError(
        "The schema of this job has no rule for users.",
        fix="Write the attribute mapping first.",
        code="no-rule",
    )


def _state(application: Application, job: Job) -> TenantState:
    return TenantState(application=application, job=job)
