"""The requests to Graph that the service is set up and watched with: one method, one request.

Paths and bodies are those of Microsoft's description (facts: entra.md §6). Nothing is decided here.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sparkwizard.entra.graph import Graph
from sparkwizard.entra.provisioning_job.answers.decoding import (
    application_in,
    assignment_in,
    job_in,
    template_in,
    text_in,
)
from sparkwizard.entra.provisioning_job.answers.log_entries import entry_in
from sparkwizard.entra.provisioning_job.answers.on_demand import on_demand_body, on_demand_in
from sparkwizard.entra.provisioning_job.job_types import LogEntry, OnDemandResult, RestartKind
from sparkwizard.entra.provisioning_job.types import (
    Application,
    Assignment,
    Job,
    Principal,
    Template,
)
from sparkwizard.entra.query import quoted
from sparkwizard.errors import NotFound, RemoteError
from sparkwizard.provisioning.types import Json

__all__ = ["JobClient"]

_APPLICATION = "id,appId,displayName,applicationTemplateId,appRoles"
_LOG_PAGE = 500


class JobClient:
    """Ask and change one organization's applications and provisioning jobs.

    Every method raises ``NetError`` and ``RemoteError``; what reads one thing returns None where
    it is not there.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    # -- applications ---------------------------------------------------------------------------

    async def template_named(self, name: str) -> Template | None:
        """Find an entry of the gallery by its name."""
        found = await self._graph.values(
            "/applicationTemplates", {"$filter": f"displayName eq {quoted(name)}"}
        )
        return template_in(found[0]) if found else None

    async def template(self, template_id: str) -> Template | None:
        """Read an entry of the gallery."""
        try:
            return template_in(await self._graph.get(f"/applicationTemplates/{_id(template_id)}"))
        except NotFound:
            return None

    async def application(self, application_id: str) -> Application | None:
        """Read an application by the object ID of its service principal."""
        path = f"/servicePrincipals/{_id(application_id)}"
        try:
            return application_in(await self._graph.get(path, {"$select": _APPLICATION}))
        except NotFound:
            return None

    async def applications_of(self, template_id: str) -> tuple[Application, ...]:
        """Return the applications that were added from a template."""
        return await self._applications(f"applicationTemplateId eq {quoted(template_id)}")

    async def applications_named(self, name: str) -> tuple[Application, ...]:
        """Return the applications of this name."""
        return await self._applications(f"displayName eq {quoted(name)}")

    async def applications_starting(self, start: str) -> tuple[Application, ...]:
        """Return the applications whose name starts so, to choose one of them."""
        return await self._applications(f"startswith(displayName,{quoted(start)})")

    async def _applications(self, filter_: str) -> tuple[Application, ...]:
        params = {"$filter": filter_, "$select": _APPLICATION}
        found = await self._graph.values("/servicePrincipals", params)
        return tuple(application_in(one) for one in found)

    async def add_application(self, template_id: str, name: str) -> str:
        """Add an application, and return the object ID of its service principal."""
        path = f"/applicationTemplates/{_id(template_id)}/instantiate"
        made = await self._graph.post(path, {"displayName": name})
        principal = made.get("servicePrincipal")
        return text_in(principal, "id") if isinstance(principal, dict) else ""

    # -- assignments ----------------------------------------------------------------------------

    async def assignments(self, application_id: str) -> tuple[Assignment, ...]:
        """Return who is assigned to an application."""
        path = f"/servicePrincipals/{_id(application_id)}/appRoleAssignedTo"
        return tuple(assignment_in(one) for one in await self._graph.values(path))

    async def assign(self, application_id: str, principal_id: str, role_id: str) -> None:
        """Assign a person or a group."""
        body = {"principalId": principal_id, "resourceId": application_id, "appRoleId": role_id}
        await self._graph.post(f"/servicePrincipals/{_id(application_id)}/appRoleAssignedTo", body)

    async def principal(self, object_id: str) -> Principal:
        """Say who has this object ID: a group, a person, or nobody."""
        for kind, path in (("Group", "groups"), ("User", "users")):
            try:
                body = await self._graph.get(
                    f"/{path}/{_id(object_id)}", {"$select": "id,displayName"}
                )
            except NotFound:
                continue
            name = text_in(body, "displayName")
            return Principal(object_id, name, "Group" if kind == "Group" else "User")
        return Principal(object_id, missing=True)

    async def group_named(self, name: str) -> Principal:
        """Find a group by its name; more than one of a name count as missing."""
        params = {"$filter": f"displayName eq {quoted(name)}", "$select": "id,displayName"}
        found = await self._graph.values("/groups", params)
        if len(found) != 1:
            return Principal(name, missing=True)
        return Principal(text_in(found[0], "id"), text_in(found[0], "displayName"), "Group")

    async def person_named(self, user_principal_name: str) -> Principal:
        """Find a person by the name they sign in with."""
        path = f"/users/{quote(user_principal_name, safe='@.-_')}"
        try:
            body = await self._graph.get(path, {"$select": "id,displayName"})
        except NotFound:
            return Principal(user_principal_name, missing=True)
        return Principal(text_in(body, "id"), text_in(body, "displayName"), "User")

    # -- jobs -----------------------------------------------------------------------------------

    async def jobs(self, application_id: str) -> tuple[Job, ...]:
        """Return the provisioning jobs of an application."""
        found = await self._graph.values(f"{_sync(application_id)}/jobs")
        return tuple(job_in(one) for one in found)

    async def job(self, application_id: str, job_id: str) -> Job | None:
        """Read one job with how it stands."""
        try:
            return job_in(await self._graph.get(_job(application_id, job_id)))
        except NotFound:
            return None

    async def job_templates(self, application_id: str) -> list[Mapping[str, Any]]:
        """Return what jobs can be made from; each with id, factoryTag and default."""
        return await self._graph.values(f"{_sync(application_id)}/templates")

    async def add_job(self, application_id: str, template_id: str) -> str:
        """Make a job, which is off, and return its id."""
        made = await self._graph.post(f"{_sync(application_id)}/jobs", {"templateId": template_id})
        return text_in(made, "id")

    async def start(self, application_id: str, job_id: str) -> None:
        """Switch a job on."""
        await self._graph.post(f"{_job(application_id, job_id)}/start", repeatable=True)

    async def pause(self, application_id: str, job_id: str) -> None:
        """Switch a job off; a cycle under way comes to its end."""
        await self._graph.post(f"{_job(application_id, job_id)}/pause", repeatable=True)

    async def restart(self, application_id: str, job_id: str, kind: RestartKind) -> None:
        """Restart a job."""
        criteria = {"resetScope": kind.reset_scope} if kind.reset_scope else {}
        await self._graph.post(f"{_job(application_id, job_id)}/restart", {"criteria": criteria})

    # -- settings -------------------------------------------------------------------------------

    async def settings(self, application_id: str) -> dict[str, str | None]:
        """Return the settings; what is hidden is None or asterisks."""
        try:
            found = await self._graph.values(f"{_sync(application_id)}/secrets")
        except NotFound:
            return {}
        return {text_in(one, "key"): one.get("value") for one in found if isinstance(one, dict)}

    async def put_settings(self, application_id: str, body: Sequence[Mapping[str, str]]) -> None:
        """Replace all settings."""
        await self._graph.put(f"{_sync(application_id)}/secrets", {"value": list(body)})

    async def saved_credentials_work(self, application_id: str, job_id: str) -> bool:
        """Let the service test what it has; False where Webex did not accept it."""
        path = f"{_job(application_id, job_id)}/validateCredentials"
        try:
            await self._graph.post(path, {"useSavedCredentials": True}, repeatable=True)
        except RemoteError as error:
            if error.status != 400:
                raise
            return False
        return True

    async def validate(
        self, application_id: str, job_id: str, credentials: Sequence[Mapping[str, str]]
    ) -> None:
        """Let the service test credentials before they are saved; ``RemoteError`` 400 for no."""
        path = f"{_job(application_id, job_id)}/validateCredentials"
        await self._graph.post(path, {"credentials": list(credentials)}, repeatable=True)

    # -- schema ---------------------------------------------------------------------------------

    async def schema(self, application_id: str, job_id: str) -> dict[str, Json]:
        """Read the schema of a job."""
        found = await self._graph.get(f"{_job(application_id, job_id)}/schema")
        return {key: value for key, value in found.items() if not key.startswith("@odata.")}

    async def put_schema(
        self, application_id: str, job_id: str, schema: Mapping[str, Json]
    ) -> None:
        """Replace the schema of a job whole."""
        await self._graph.put(f"{_job(application_id, job_id)}/schema", dict(schema))

    async def parse(self, application_id: str, job_id: str, expression: str) -> Json:
        """Return the service's own reading of an expression; a text says why it has none."""
        path = f"{_job(application_id, job_id)}/schema/parseExpression"
        said = await self._graph.post(
            path, {"expression": expression, "testInputObject": None}, repeatable=True
        )
        parsed = said.get("parsedExpression")
        if said.get("parsingSucceeded") is not False and isinstance(parsed, dict):
            return parsed
        error = said.get("error")
        return text_in(error, "message") if isinstance(error, dict) else ""

    async def operators(self, application_id: str, job_id: str) -> frozenset[str]:
        """Return what the service calls the operators of filters; empty where it does not say."""
        path = f"{_job(application_id, job_id)}/schema/filterOperators"
        try:
            found = await self._graph.values(path)
        except RemoteError as error:
            if error.status not in (400, 404, 405, 501):
                raise
            return frozenset()
        names = (text_in(one, "id") or text_in(one, "name") for one in found)
        return frozenset(name for name in names if name)

    # -- on demand, logs ------------------------------------------------------------------------

    async def on_demand(
        self, application_id: str, job_id: str, rule_id: str, person: Principal
    ) -> OnDemandResult:
        """Provision one person, or one group of at most five, at once."""
        path = f"{_job(application_id, job_id)}/provisionOnDemand"
        body = on_demand_body(rule_id, person.id, person.kind or "User")
        return on_demand_in(await self._graph.post(path, body), person.label)

    async def log_entries(
        self, job_id: str, *, since: datetime | None = None
    ) -> AsyncGenerator[LogEntry]:
        """Yield the entries of a job's logs as Graph orders them, newest first."""
        clauses = [f"jobId eq {quoted(job_id)}"]
        clauses += [f"activityDateTime gt {_moment(since)}"] if since else []
        params: dict[str, str | int] = {"$filter": " and ".join(clauses), "$top": _LOG_PAGE}
        async with aclosing(self._graph.pages("/auditLogs/provisioning", params)) as pages:
            async for page in pages:
                for value in page.values:
                    if isinstance(value, dict):
                        yield entry_in(value)


def _sync(application_id: str) -> str:
    return f"/servicePrincipals/{_id(application_id)}/synchronization"


def _job(application_id: str, job_id: str) -> str:
    return f"{_sync(application_id)}/jobs/{_id(job_id)}"


def _id(text: str) -> str:
    return quote(text, safe=".-_~")


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
