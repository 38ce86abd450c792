"""What is being diagnosed, and what the layers leave behind for each other."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import msgspec

from sparkwizard.net.answer import Answer
from sparkwizard.net.client import Http
from sparkwizard.net.errors_of import detail_in
from sparkwizard.net.proxy import Route
from sparkwizard.net.redact import redact
from sparkwizard.net.trust.tls import Connection
from sparkwizard.provisioning.types import Json, User
from sparkwizard.webex.organization import decode_id
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Role, Standing

__all__ = ["Subject", "Verdict"]

_SCIM = {"Accept": "application/scim+json, application/json"}


class Verdict(msgspec.Struct, frozen=True):
    """Hold how a layer came out, in words."""

    standing: Standing
    summary: str
    fix: str = ""


class Subject(msgspec.Struct):
    """Hold the connection under test; evidence and time are those of the layer that runs."""

    tenant: TenantUrl
    token: str
    api_url: str
    http: Http
    route: Route
    timeout: float
    connection: Connection | None = None
    me: Mapping[str, Json] | None = None
    role: Role = Role.UNKNOWN
    users_total: int | None = None
    first_user: User | None = None
    count_refused: bool = False
    evidence: list[str] = msgspec.field(default_factory=list)
    milliseconds: int | None = None

    @property
    def proxy(self) -> str | None:
        """Return the proxy that the Tenant URL is reached through, if any."""
        return self.route.proxy

    def begin(self) -> None:
        """Start a new layer's evidence."""
        self.evidence = []
        self.milliseconds = None

    def note(self, line: str) -> None:
        """Keep a line of evidence, secrets taken out."""
        self.evidence.append(redact(line, (self.token,)))

    def took(self, milliseconds: float) -> None:
        """Add to the time of this layer."""
        self.milliseconds = (self.milliseconds or 0) + round(milliseconds)

    async def ask_api(self, path: str) -> Answer:
        """Read from the people and token API; what was asked and answered becomes evidence."""
        return await self._ask(f"{self.api_url}{path}", {}, {})

    async def ask_scim(self, path: str, **params: str | int) -> Answer:
        """Read from the SCIM address; what was asked and answered becomes evidence."""
        return await self._ask(f"{self.tenant.scim_base}{path}", params, _SCIM)

    async def _ask(
        self, url: str, params: Mapping[str, str | int], headers: Mapping[str, str]
    ) -> Answer:
        shown = "&".join(f"{name}={value}" for name, value in params.items())
        self.note(f"GET {_shortened(url)}{f'?{shown}' if shown else ''}")
        answer = await self.http.request("GET", url, params=params, headers=headers)
        self.took(answer.elapsed_ms)
        self.note(_status_line(answer))
        if tracking := answer.tracking_id:
            self.note(f"Tracking ID {tracking}")
        return answer


def _shortened(url: str) -> str:
    """Return the address without its host, ids replaced by dots."""
    path = unquote(urlsplit(url).path)
    parts = ("…" if _is_id(part) else part for part in path.split("/"))
    return f"…{'/'.join(parts)}"


def _is_id(part: str) -> bool:
    return decode_id(part) is not None or (len(part) == 36 and part.count("-") == 4)


def _status_line(answer: Answer) -> str:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = ""
    detail = "" if answer.ok else detail_in(answer.body())
    return f"{answer.status} {phrase}".strip() + (f" · {detail}" if detail else "")
