"""Read the state of the tenant that a set-up rests on. Nothing is changed by it.

Testing the saved credentials and parsing expressions are *POST*s that change nothing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sparkwizard.entra.provisioning_job.answers.decoding import text_in
from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.desired import GALLERY_NAME
from sparkwizard.entra.provisioning_job.planning.schema import expressions_to_parse
from sparkwizard.entra.provisioning_job.planning.settings import BASE_ADDRESS, is_masked
from sparkwizard.entra.provisioning_job.types import (
    NON_GALLERY_TEMPLATE,
    Application,
    Desired,
    Job,
    Principal,
    Template,
    TenantState,
)
from sparkwizard.errors import Forbidden, MappingError
from sparkwizard.provisioning.types import Json, Reason
from sparkwizard.values import replace

__all__ = ["find_application", "find_job", "read_tenant"]

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


async def read_tenant(
    client: JobClient, desired: Desired, *, job_id: str = "", partly: bool = False
) -> TenantState:
    """Read everything a plan rests on.

    ``partly`` goes on where a permission is missing and says what could not be read; without it
    ``Forbidden`` is raised. Raises ``MappingError`` for an expression that Entra can't read.
    """
    reader = _Reader(client, desired, partly=partly)
    return await reader.read(job_id)


class _Reader:
    def __init__(self, client: JobClient, desired: Desired, *, partly: bool) -> None:
        self._client = client
        self._desired = desired
        self._partly = partly
        self._unreadable: list[Reason] = []

    async def read(self, job_id: str) -> TenantState:
        state = await find_application(self._client, self._desired)
        state = replace(state, principals=await self._principals())
        application = state.application
        if application is None:
            return self._ended(state)
        with_job = await self._with_job(state, application, job_id)
        try:
            assigned = await self._client.assignments(application.id)
            with_job = replace(with_job, assignments=assigned)
        except Forbidden as error:
            self._note("who is assigned", error)
        return self._ended(with_job)

    def _ended(self, state: TenantState) -> TenantState:
        return replace(state, unreadable=tuple(self._unreadable))

    def _note(self, what: str, error: Forbidden) -> None:
        if not self._partly:
            raise error
        self._unreadable.append(Reason(error.code, f"{what.capitalize()} can't be read."))

    async def _principals(self) -> tuple[Principal, ...]:
        found = []
        try:
            for one in self._desired.assign:
                by_id = bool(_GUID.fullmatch(one))
                find = self._client.principal if by_id else self._client.group_named
                found.append(await find(one))
        except Forbidden as error:
            self._note("the groups to assign", error)
            return ()
        return tuple(found)

    async def _with_job(
        self, state: TenantState, application: Application, job_id: str
    ) -> TenantState:
        try:
            job = await find_job(self._client, application.id, job_id)
            if job is None:
                template = await self._job_template(application.id)
                return replace(state, job_template_id=template)
            return await self._with_content(replace(state, job=job), application.id, job)
        except Forbidden as error:
            self._note("the provisioning of this application", error)
            return state

    async def _job_template(self, application_id: str) -> str:
        found = await self._client.job_templates(application_id)
        return _best_template(found)

    async def _with_content(self, state: TenantState, app: str, job: Job) -> TenantState:
        settings = await self._client.settings(app)
        schema = await self._client.schema(app, job.id)
        masked = frozenset(key for key, value in settings.items() if is_masked(value))
        plain = {k: v for k, v in settings.items() if k not in masked and v is not None}
        works: bool | None = None
        if plain.get(BASE_ADDRESS):
            works = await self._works(app, job.id)
        filters = self._desired.filters
        return replace(
            state,
            settings=plain,
            masked=masked,
            credentials_work=works,
            schema=schema,
            parsed=await self._parsed(app, job.id, schema),
            operators=await self._client.operators(app, job.id) if filters else frozenset(),
        )

    async def _works(self, application_id: str, job_id: str) -> bool | None:
        try:
            return await self._client.saved_credentials_work(application_id, job_id)
        except Forbidden:
            if not self._partly:
                raise
            return None  # the test needs the right to write

    async def _parsed(
        self, application_id: str, job_id: str, schema: Mapping[str, Json]
    ) -> dict[str, Json]:
        if self._partly:
            return {}
        parsed: dict[str, Json] = {}
        try:
            wanted = expressions_to_parse(self._desired, schema, parsed)
        except MappingError:
            return {}  # another application's schema: the plan says so
        for text in wanted:
            found = await self._client.parse(application_id, job_id, text)
            if not isinstance(found, dict):
                raise _unreadable_expression(text, str(found or ""))
            parsed[text] = found
        return parsed


# -- finding -----------------------------------------------------------------------------------


async def find_application(client: JobClient, desired: Desired) -> TenantState:
    """Find the application: the one that is named, else the only one there is of its kind."""
    if desired.application_id:
        application = await client.application(desired.application_id)
        return TenantState(application=application)
    if desired.application == "existing":
        return TenantState()
    if desired.application == "non-gallery":
        template = Template(NON_GALLERY_TEMPLATE, desired.name)
        found = await client.applications_named(desired.name)
        ours = tuple(one for one in found if one.template_id == NON_GALLERY_TEMPLATE)
        return _chosen(ours, template)
    gallery = await client.template_named(GALLERY_NAME)
    candidates = await client.applications_of(gallery.id) if gallery else ()
    return _chosen(candidates, gallery)


def _chosen(found: Sequence[Application], template: Template | None) -> TenantState:
    if len(found) == 1:
        return TenantState(application=found[0], template=template)
    return TenantState(candidates=tuple(found), template=template)


async def find_job(client: JobClient, application_id: str, job_id: str = "") -> Job | None:
    """Return the job of an application: the one that is named, else the first."""
    jobs = await client.jobs(application_id)
    named = [job for job in jobs if job.id == job_id]
    return next(iter(named or jobs), None)


def _best_template(found: Sequence[Mapping[str, Any]]) -> str:
    """Return what to make a job from: the default one, else the first."""
    usual = [one for one in found if one.get("default") is True]
    chosen = (usual or list(found))[:1]
    return text_in(chosen[0], "id") if chosen else ""


def _unreadable_expression(text: str, why: str) -> MappingError:
    said = f" It says: {why[:200]}" if why else ""
    return MappingError(
        f"Entra can't read this expression: {text[:200]}.{said}",
        fix="Change it in the attribute mapping.",
        code="entra-expression",
    )
