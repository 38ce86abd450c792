"""The practice tenant set up through its Graph, which fails at one particular write."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparkwizard.entra.graph import Graph
from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.planning.changes import make_plan
from sparkwizard.entra.provisioning_job.planning.sealing import write_tenant_plan
from sparkwizard.entra.provisioning_job.reading import read_tenant
from sparkwizard.entra.provisioning_job.types import TenantPlan
from sparkwizard.entra.tokens import GivenToken
from sparkwizard.entra.types import Purpose
from sparkwizard.net.client import Http
from sparkwizard.net.retry import RetryPolicy
from sparkwizard.practice.gate import ABORT_KEY
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.cloud.carrying_out import carry_out
from sparkwizard.runs.cloud.owed import restart_owed
from sparkwizard.runs.cloud.types import CloudResult, Finished
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import (
    CloudSettings,
    Notifications,
    Profile,
    ScopeSettings,
    SourceSettings,
    WebexSettings,
)
from tests.runs.tenant import MAPPING, NOW

TRIES = 3
_WRITES = {
    ("POST", "instantiate"): "add the application",
    ("POST", "jobs"): "make the job",
    ("POST", "appRoleAssignedTo"): "assign",
    ("POST", "validateCredentials"): "test the token",
    ("PUT", "secrets"): "save the settings",
    ("PUT", "schema"): "write the mapping",
    ("POST", "restart"): "restart",
    ("POST", "start"): "switch on",
}


class Ill(StrEnum):
    """Name what a write meets: before it takes effect, or after it did, when the answer is lost."""

    BUSY = "429"
    UNAVAILABLE = "503"
    CUT = "cut before it takes effect"
    LOST = "503 after it took effect"
    CUT_LATE = "cut after it took effect"

    @property
    def takes_effect(self) -> bool:
        return self in (Ill.LOST, Ill.CUT_LATE)


@dataclass
class Outage:
    """Stand before Graph and let one write fail, ``times`` times; remember what was written.

    ``write`` is a name of those that ``done`` holds after an undisturbed run.
    """

    graph: ASGIApp
    write: str = ""
    ill: Ill = Ill.UNAVAILABLE
    times: int = 1_000
    retry_after: bool = False
    hits: int = 0
    done: list[str] = field(default_factory=list)
    _assigned: dict[str, int] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        name = self._name(scope, body)
        ill = bool(name) and name == self.write and self.hits < self.times
        if not ill or self.ill.takes_effect:
            await self.graph(scope, _replay(body), self._noting(name, send, swallow=ill))
        if ill:
            self.hits += 1
            await self._fail(scope, receive, send)

    def _name(self, scope: Scope, body: bytes) -> str:
        """Return which write a request is, "" for none."""
        name = _WRITES.get((scope["method"], scope["path"].rpartition("/")[2]), "")
        if name == "assign":
            number = self._assigned.setdefault(json.loads(body)["principalId"], len(self._assigned))
            return f"assign number {number + 1}"
        if name == "test the token" and b"useSaved" in body:
            return ""
        return name

    def _noting(self, name: str, send: Send, *, swallow: bool) -> Send:
        async def sending(message: Message) -> None:
            if name and message["type"] == "http.response.start" and message["status"] < 300:
                self.done.append(name)
            if not swallow:
                await send(message)

        return sending

    async def _fail(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.ill in (Ill.CUT, Ill.CUT_LATE):
            scope[ABORT_KEY]()
            await asyncio.sleep(0.01)  # else the server answers 500 before it hears of it
            return
        status, code = (429, "TooManyRequests") if self.ill is Ill.BUSY else (503, "Unavailable")
        headers = {"retry-after": "1"} if self.retry_after else {}
        body = {"error": {"code": code, "message": "Try again later."}}
        await JSONResponse(body, status, headers)(scope, receive, send)


@dataclass
class Rehearsal:
    """Plan and carry out, as the services do, in a practice tenant."""

    practice: PracticeServer
    client: JobClient
    journal: Journal
    outage: Outage
    profile: Profile

    async def plan(self) -> TenantPlan:
        desired = desired_of(self.profile, token_at_hand=True, on=True)
        state = await read_tenant(self.client, desired, job_id=self.profile.cloud.job_id)
        owed = restart_owed(self.journal, self.profile.id)
        plan = make_plan(desired, state, self.profile.id, restart_owed=owed)
        self.journal.keep_cloud_plan(plan.digest, self.profile.id, write_tenant_plan(plan))
        return plan

    async def carry_out(self, plan: TenantPlan) -> CloudResult:
        given = carry_out(plan, self.profile, self.client, self.journal, self.practice.token)
        events = [event async for event in given]
        assert isinstance(events[-1], Finished)
        return events[-1].result

    def tenant(self) -> dict[str, Any]:
        """Return all that a set-up leaves in the tenant, without ids and ports."""
        entra = self.practice.entra
        return _plain({
            "applications": [one["displayName"] for one in entra.applications.principals.values()],
            "assignments": [
                sorted((one["principalId"], one["appRoleId"]) for one in assigned.values())
                for assigned in entra.applications.assignments.values()
            ],
            "jobs": [
                (job.template_id, job.started, {**job.schema, "id": "", "version": ""})
                for jobs in entra.provisioning.jobs.values() for job in jobs.values()
            ],
            "settings": list(entra.provisioning.secrets.values()),
        })  # fmt: skip


@asynccontextmanager
async def rehearsing(folder: Path) -> AsyncIterator[Rehearsal]:
    """Open a practice tenant in which nobody set anything up."""
    async with PracticeServer() as practice:
        practice.entra_faults.application_lag = 0
        practice.entra_faults.cycle_seconds = 0
        gate = practice._running.entra_gate
        gate._graph = outage = Outage(gate._graph)
        url, retries = practice.graph_url, RetryPolicy(tries=TRIES)
        http = Http(token=None, origins=(url,), retries=retries)
        tokens = GivenToken(practice.graph_token)
        async with Graph(http, tokens, url, Purpose.CLOUD_SETUP) as graph:
            with Journal(folder / "journal.sqlite3", lambda: NOW) as journal:
                yield Rehearsal(practice, JobClient(graph), journal, outage, _profile(practice))


def _profile(practice: PracticeServer) -> Profile:
    groups = practice.entra.directory.groups.values()
    group = next(one["id"] for one in groups if one["securityEnabled"])
    person = next(iter(practice.entra.directory.users))
    return Profile(
        "Contoso",
        webex=WebexSettings(practice.tenant_url, practice.organization_id, practice.api_url),
        source=SourceSettings(kind="entra", graph_url=practice.graph_url),
        scope=ScopeSettings(people="assigned", groups=(group, person)),
        mapping=MAPPING,
        notifications=Notifications("it@contoso.example"),
        cloud=CloudSettings(delete_threshold=25),
    )


def _replay(body: bytes) -> Receive:
    left: Iterator[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def again() -> Message:
        return next(left, {"type": "http.disconnect"})

    return again


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(found, sort_keys=True)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text)
    text = re.sub(r'"id": "[0-9a-f-]{36}[^"]*"', '"id": ""', text)
    plain: dict[str, Any] = json.loads(text)
    return plain
