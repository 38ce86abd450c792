"""Answer synchronization: templates, jobs, secrets."""

import asyncio
import time
from collections import deque
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.access import authorize, authorize_administrator
from sparkwizard.practice.graph.answers import (
    GraphRefusal,
    bad_request,
    json_answer,
    read_object,
)
from sparkwizard.practice.graph.faults import retry_headers
from sparkwizard.practice.graph.sync.principals import find_job, find_principal
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.jobs import shown_job
from sparkwizard.practice.provisioning_service.running.engine import Engine
from sparkwizard.practice.provisioning_service.running.webex_scim import Unreachable
from sparkwizard.practice.provisioning_service.secret_keys import SECRET_KEYS

READ_SYNC = ("Synchronization.Read.All",)
WRITE_SYNC = ("Synchronization.ReadWrite.All",)
_SCOPES = frozenset(
    {
        *("None", "ConnectorDataStore", "Escrows", "Watermark", "QuarantineState", "Full"),
        "ForceDeletes",
    }
)
# GD/api/synchronization-synchronizationjob-provisionondemand.md
_ON_DEMAND, _WITHIN = 5, 10.0


class JobRoutes:
    """Answer under ``/servicePrincipals/{id}/synchronization``."""

    def __init__(self, world: EntraWorld, engine: Engine) -> None:
        self._world = world
        self._engine = engine
        self._service = world.provisioning
        self._on_demand: deque[float] = deque()

    def routes(self) -> list[Route]:
        """Return the routes."""
        sync = "/servicePrincipals/{id}/synchronization"
        job = f"{sync}/jobs/{{job}}"
        return [
            Route(f"{sync}/templates", self.templates),
            Route(f"{sync}/secrets", self.replace_secrets, methods=["PUT"]),
            Route(f"{sync}/secrets", self.secrets),
            Route(f"{sync}/jobs", self.add, methods=["POST"]),
            Route(f"{sync}/jobs", self.jobs),
            Route(f"{sync}/jobs/validateCredentials", self.validate_new, methods=["POST"]),
            Route(job, self.delete, methods=["DELETE"]),
            Route(job, self.read),
            Route(f"{job}/start", self.start, methods=["POST"]),
            Route(f"{job}/pause", self.pause, methods=["POST"]),
            Route(f"{job}/restart", self.restart, methods=["POST"]),
            Route(f"{job}/validateCredentials", self.validate, methods=["POST"]),
            Route(f"{job}/provisionOnDemand", self.on_demand, methods=["POST"]),
        ]

    async def templates(self, request: Request) -> Response:
        """List what jobs can be made from."""
        authorize(self._world, request, *READ_SYNC)
        principal = find_principal(self._world, request)["id"]
        return self._listed(principal, "templates", self._service.shown_templates(principal))

    async def jobs(self, request: Request) -> Response:
        """List the jobs."""
        authorize(self._world, request, *READ_SYNC)
        principal = find_principal(self._world, request)["id"]
        configured = self._service.configured(principal)
        jobs = self._service.jobs.get(principal, {}).values()
        shown = [shown_job(job, configured=configured) for job in jobs]
        return self._listed(principal, "jobs", shown)

    async def add(self, request: Request) -> Response:
        """Make a job, which is off."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        principal = find_principal(self._world, request)["id"]
        template = (await read_object(request)).get("templateId")
        if not template or template != self._service.template_of(principal):
            raise bad_request(f"The template '{template}' was not found.", "InvalidTemplate")
        job = self._service.add_job(principal)
        return self._job(request, job.id, 201)

    async def read(self, request: Request) -> Response:
        """Return one job with how it stands."""
        authorize(self._world, request, *READ_SYNC)
        return self._job(request, find_job(self._world, request).id)

    async def delete(self, request: Request) -> Response:
        """Delete a job."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        job = find_job(self._world, request)
        del self._service.jobs[job.principal_id][job.id]
        return Response(status_code=204)

    async def start(self, request: Request) -> Response:
        """Switch a job on; its first cycle comes at once."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        job = find_job(self._world, request)
        if not self._service.configured(job.principal_id):
            raise bad_request("The job has no credentials yet.", "MissingCredentials")
        job.started = True
        job.next_cycle = 0.0
        return Response(status_code=204)

    async def pause(self, request: Request) -> Response:
        """Switch a job off; a cycle under way comes to its end."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        find_job(self._world, request).started = False
        return Response(status_code=204)

    async def restart(self, request: Request) -> Response:
        """Restart a job, forgetting what the criteria say."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        job = find_job(self._world, request)
        sent = await read_object(request) if await request.body() else {}
        text = (sent.get("criteria") or {}).get("resetScope") or ""
        scopes = frozenset(part.strip() for part in text.split(",") if part.strip())
        if scopes - _SCOPES:
            raise bad_request(f"Requested value '{text}' was not found.")
        job.restart(scopes)
        return Response(status_code=204)

    async def validate(self, request: Request) -> Response:
        """Test credentials by asking Webex."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        find_job(self._world, request)
        return await self._validate(request)

    async def validate_new(self, request: Request) -> Response:
        """Test credentials before there is a job."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        return await self._validate(request)

    async def secrets(self, request: Request) -> Response:
        """Return the secrets, passwords masked."""
        authorize(self._world, request, *READ_SYNC)
        principal = find_principal(self._world, request)["id"]
        return self._listed(principal, "secrets", self._service.shown_secrets(principal))

    async def replace_secrets(self, request: Request) -> Response:
        """Keep what is sent, and nothing else."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        principal = find_principal(self._world, request)["id"]
        sent = await read_object(request)
        self._service.replace_secrets(principal, _secrets(sent.get("value")))
        return Response(status_code=204)

    async def on_demand(self, request: Request) -> Response:
        """Provision one person or group at once, and tell every step."""
        authorize_administrator(self._world, request, *WRITE_SYNC)
        job = find_job(self._world, request)
        self._hold_to_rate()
        parameters = (await read_object(request)).get("parameters") or [{}]
        rules = [rule["id"] for rule in job.schema["synchronizationRules"]]
        if parameters[0].get("ruleId") not in rules:
            raise bad_request("The rule was not found in the schema of the job.", "InvalidRule")
        subjects = parameters[0].get("subjects") or []
        if len(subjects) != 1:
            raise bad_request("One object is provisioned on demand.", "InvalidSubjects")
        try:
            told = await asyncio.to_thread(self._engine.on_demand, job, subjects[0])
        except KeyError as error:
            raise bad_request(f"The object {error} was not found.", "ObjectNotFound") from error
        except Unreachable as error:
            raise bad_request(str(error), error.code) from error
        kind = "microsoft.graph.stringKeyStringValuePair"
        context = f"{self._world.graph_url}/$metadata#{kind}"
        return json_answer({"@odata.context": context, **told})

    async def _validate(self, request: Request) -> Response:
        principal = find_principal(self._world, request)["id"]
        sent = await read_object(request)
        secrets = _secrets(sent.get("credentials") or [])
        if sent.get("useSavedCredentials"):
            secrets = self._service.secrets.get(principal, {})
        try:
            await asyncio.to_thread(self._engine.validate, secrets)
        except Unreachable as error:
            raise bad_request(str(error), error.code) from error
        return Response(status_code=204)

    def _hold_to_rate(self) -> None:
        now = time.monotonic()
        while self._on_demand and self._on_demand[0] <= now - _WITHIN:
            self._on_demand.popleft()
        if len(self._on_demand) >= _ON_DEMAND:
            headers = retry_headers(self._world.faults)
            raise GraphRefusal(429, "TooManyRequests", "Too many requests.", headers)
        self._on_demand.append(now)

    def _job(self, request: Request, identifier: str, status: int = 200) -> Response:
        principal = find_principal(self._world, request)["id"]
        job = self._service.jobs[principal][identifier]
        shown = shown_job(job, configured=self._service.configured(principal))
        context = f"servicePrincipals('{principal}')/synchronization/jobs/$entity"
        whole = {"@odata.context": f"{self._world.graph_url}/$metadata#{context}", **shown}
        return json_answer(whole, status)

    def _listed(self, principal: str, what: str, values: list[JsonObject]) -> Response:
        context = f"servicePrincipals('{principal}')/synchronization/{what}"
        return json_answer(
            {"@odata.context": f"{self._world.graph_url}/$metadata#{context}", "value": values}
        )


def _secrets(sent: Any) -> dict[str, str]:
    """Return the pairs that were sent; raises GraphRefusal (400)."""
    if not isinstance(sent, list):
        raise bad_request("A collection of keys and values is expected.")
    secrets: dict[str, str] = {}
    for one in sent:
        if not isinstance(one, dict) or one.get("key") not in SECRET_KEYS:
            raise bad_request(f"Requested value '{one}' was not found."[:120])
        secrets[one["key"]] = str(one.get("value") or "")
    return secrets
