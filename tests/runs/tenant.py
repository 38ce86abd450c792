"""A small company, its practice Webex and the services between them, for the tests of runs."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sparkwizard.practice import Exchange, PracticeServer
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link, MappingRule
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.services import Services
from sparkwizard.runs.types import Applied, ApplyEvent, Outcome, RunResult
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from sparkwizard.setup.secrets import GRAPH_TOKEN_VARIABLE, MemoryStore

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HEADER = "userPrincipalName,displayName,givenName,surname,objectId,accountEnabled,jobTitle"
MAPPING = (
    MappingRule("userName", "[userPrincipalName]", matching_precedence=1),
    MappingRule("externalId", "[objectId]", matching_precedence=2),
    MappingRule("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'),
    MappingRule("displayName", "[displayName]"),
    MappingRule("name.givenName", "[givenName]"),
    MappingRule("name.familyName", "[surname]"),
    MappingRule("title", "[jobTitle]"),
)
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Person(msgspec.Struct, frozen=True):
    """One row of the company's file."""

    number: int
    title: str = "Engineer"
    enabled: bool = True
    name: str = ""

    @property
    def user_name(self) -> str:
        return self.name or f"person{self.number:03d}@fabrikam.example"

    @property
    def object_id(self) -> str:
        return f"00000000-0000-4000-8000-{self.number:012d}"

    @property
    def row(self) -> str:
        return (
            f"{self.user_name},Person {self.number},Person,No{self.number},{self.object_id},"
            f"{self.enabled},{self.title}"
        )


def people(numbers: range, **values: Any) -> list[Person]:
    return [Person(number, **values) for number in numbers]


@dataclass(slots=True)
class Company:
    """Preview and apply as the wizard does, in this process, and look at both sides."""

    server: PracticeServer
    services: Services
    profile: Profile
    folder: Path
    seen: int = 0
    events: list[ApplyEvent] = field(default_factory=list)

    # -- the file ------------------------------------------------------------------------------

    def employs(self, *rows: list[Person]) -> None:
        text = "\n".join([HEADER, *(person.row for group in rows for person in group)])
        (self.folder / "people.csv").write_text(text + "\n", encoding="utf-8")

    # -- our side ------------------------------------------------------------------------------

    async def preview(self, *, confirmed: bool = False, token: str = "") -> Plan:
        token = token or self.server.token
        made = await self.services.preview(
            self.profile, self.folder, token, source_confirmed=confirmed
        )
        return made.plan

    async def apply(
        self,
        plan: Plan,
        *,
        control: RunControl | None = None,
        on_event: Callable[[ApplyEvent], None] | None = None,
        token: str = "",
        **options: Any,
    ) -> RunResult:
        """Apply a plan, keep its events, and return the result; what it raises is raised."""
        self.events = []
        events = self.services.apply(
            plan,
            self.profile,
            token or self.server.token,
            control=control or RunControl(),
            **options,
        )
        async for event in events:
            self.events.append(event)
            if on_event:
                on_event(event)
        return self.result

    async def sync(self) -> RunResult:
        return await self.apply(await self.preview())

    @property
    def result(self) -> RunResult:
        last = self.events[-1]
        assert isinstance(last, Applied)
        return last.result

    @property
    def outcomes(self) -> list[Outcome]:
        return [event for event in self.events if isinstance(event, Outcome)]

    @property
    def links(self) -> dict[str, Link]:
        organization = self.profile.webex.organization_id
        return self.services.journal.links(self.profile.id, organization)

    # -- Webex's side --------------------------------------------------------------------------

    def look(self) -> None:
        """Count requests from here on."""
        self.seen = len(self.server.log)

    @property
    def requests(self) -> list[Exchange]:
        return list(self.server.log)[self.seen :]

    @property
    def writes(self) -> list[Exchange]:
        return [one for one in self.requests if one.method != "GET"]

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        return {user["userName"].casefold(): user for user in self.all_users}

    @property
    def all_users(self) -> list[dict[str, Any]]:
        return [record.decode() for record in self.server.world.users]

    def times_there(self) -> Counter[str]:
        """Count the Webex users of each source id."""
        return Counter(str(user.get("externalId", "")).casefold() for user in self.all_users)

    async def patch(self, user_name: str, values: Mapping[str, object]) -> None:
        """Change a user as somebody else would."""
        operations = [
            {"op": "replace", "path": path, "value": value} for path, value in values.items()
        ]
        body = {"schemas": [PATCH], "Operations": operations}
        await self._as_somebody_else("PATCH", f"/Users/{self.users[user_name]['id']}", body)

    async def delete(self, user_name: str) -> None:
        await self._as_somebody_else("DELETE", f"/Users/{self.users[user_name]['id']}")

    async def create(self, user_name: str, **values: object) -> None:
        body = {"schemas": [USER], "userName": user_name, "userType": "user", **values}
        await self._as_somebody_else("POST", "/Users", body)

    async def _as_somebody_else(self, method: str, path: str, body: object = None) -> None:
        headers = {"Authorization": f"Bearer {self.server.token}"}
        async with httpx.AsyncClient(headers=headers) as client:
            answer = await client.request(method, f"{self.server.tenant_url}{path}", json=body)
        assert answer.is_success, answer.text

    def answers(self, path_end: str, status: int, times: int = 1_000_000, method: str = "") -> None:
        """Let the server answer addresses with this end by a refusal; without a method all."""
        gate = self.server._running.gate
        gate._app = _Refusing(gate._app, path_end, status, times, method)

    def without_bulk(self) -> None:
        self.answers("/ServiceProviderConfig", 404)
        self.answers("/Bulk", 404)


class _Refusing:
    """Stand before the practice tenant as a server that lacks something."""

    def __init__(
        self, app: ASGIApp, path_end: str, status: int, times: int, method: str = ""
    ) -> None:
        self._app, self._end, self._status, self._left = app, path_end, status, times
        self._method = method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = str(scope["path"]).endswith(self._end)
        if self._left > 0 and asked and self._method in ("", scope["method"]):
            self._left -= 1
            refusal = JSONResponse({"detail": "Not here."}, self._status)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@asynccontextmanager
async def open_company(folder: Path, *, with_graph: bool = False) -> AsyncIterator[Company]:
    """Serve a practice Webex, and open the services of a data folder for it.

    ``with_graph`` hands them a token for the Graph that is served with it.
    """
    async with PracticeServer(data_dir=folder / "practice") as server:
        services = Services(
            places=Places.in_folder(folder / "data"),
            secrets=MemoryStore(),
            environ={GRAPH_TOKEN_VARIABLE: server.graph_token} if with_graph else {},
            clock=lambda: NOW,
        )
        profile = Profile(
            "Contoso",
            webex=WebexSettings(server.tenant_url, server.organization_id, server.api_url),
            source=SourceSettings(path="people.csv"),
            mapping=MAPPING,
        )
        try:
            yield Company(server, services, profile, folder)
        finally:
            services.close()
