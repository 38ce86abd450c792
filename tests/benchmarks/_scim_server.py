"""A SCIM server for benchmarks, in a process of its own: as fast as it can, or as slow as told.

It speaks just enough HTTP on a bare asyncio protocol, with pages encoded before anybody asks, so
that what is measured is the client. Writes may be limited by a token bucket that holds one second:
each operation counts, also those of a Bulk request, and what comes too early gets 429 with
Retry-After in whole seconds. It takes no part in any test of behaviour; the practice tenant does.
"""

import argparse
import asyncio
import json
import math
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

__all__ = ["ORGANIZATION", "ScimServer", "person_row", "serving", "user_body"]

ORGANIZATION = "6b1b7f0e-6c55-4a4c-9d4b-0d8f4c9d2a11"
BASE = f"/identity/scim/{ORGANIZATION}/v2"
PAGE = 1000
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"


def person_row(at: int) -> str:
    """Return the line of one person in the file, as the Entra admin centre writes it."""
    return (
        f"person{at}@contoso.example,Person Number {at},Number {at},"
        f"person{at}@contoso.example,Person,{_object_id(at)},Member,Engineer,"
        f"Department {at % 17},True,Norway,Oslo,+47 22 {at:06d}\n"
    )


HEADER = (
    "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
    "accountEnabled,country,city,telephoneNumber\n"
)


def user_body(at: int) -> dict[str, Any]:
    """Return one Webex user as a list shows it, of about 1,100 bytes; one in ten differs."""
    name, webex_id = f"person{at}@contoso.example", f"00000000-0000-4000-9000-{at:012d}"
    shown = "Another" if at % 10 == 0 else f"Person Number {at}"
    location = f"https://webexapis.com{BASE}/Users/{webex_id}"
    moment = "2026-11-23T12:00:00.000Z"
    return {
        "schemas": [CORE, ENTERPRISE, CISCO],
        "id": webex_id,
        "userType": "user",
        "userName": name,
        "externalId": _object_id(at),
        "active": True,
        "displayName": shown,
        "name": {"givenName": "Person", "familyName": f"Number {at}"},
        "title": "Engineer",
        "phoneNumbers": [{"value": f"+47 22 {at:06d}", "type": "work"}],
        "emails": [{"value": name, "type": "work", "primary": True}],
        ENTERPRISE: {"department": f"Department {at % 17}"},
        CISCO: {"accountStatus": ["active"], "meta": {"organizationId": ORGANIZATION}},
        "meta": {
            "resourceType": "User",
            "location": location,
            "version": f'W/"{7_000_000_000 + at}"',
            "created": moment,
            "lastModified": moment,
        },
    }


def _object_id(at: int) -> str:
    return f"00000000-0000-4000-8000-{at:012d}"


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """Say how the server behaves; sizes and rates 0 for none. Times are seconds.

    With ``shows_users`` 1 the answers of Bulk hold the users (RFC 7644, section 3.7.3).
    """

    users: int = 0
    latency: float = 0.0
    writes_per_second: float = 0.0
    bulk: int = 0
    shows_users: int = 0
    faults: float = 0.0


@dataclass(slots=True)
class ScimServer:
    """Hold the users and answer requests."""

    behaviour: Behaviour
    pages: list[bytes] = field(default_factory=list)
    users: list[dict[str, Any]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    tokens: float = 0.0
    filled: float = 0.0
    first_write: float = 0.0
    last_write: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(4))

    def __post_init__(self) -> None:
        """Encode every page once."""
        size, total = PAGE, self.behaviour.users
        self.users = []
        for start in range(0, total, size):
            listed = [user_body(at) for at in range(start, min(start + size, total))]
            self.pages.append(_page(listed, start + 1, total))
        self.tokens = self.behaviour.writes_per_second
        self.filled = time.monotonic()

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, bytes, str]:
        """Return status, body and extra headers."""
        parts = urlsplit(target)
        path = parts.path.removeprefix(BASE)
        if path == "/stats":
            return 200, json.dumps(self._stats()).encode(), ""
        self.counts[method] += 1
        if self.behaviour.faults and self.chance.random() < self.behaviour.faults:
            return self._fault()
        if method == "GET":
            return self._read(path, parse_qs(parts.query))
        return self._write(method, path, json.loads(body))

    def _stats(self) -> dict[str, object]:
        rate = self.behaviour.writes_per_second
        # what was taken beyond the limit is paid for before the time ends
        owed = max(-self.tokens, 0.0) / rate if rate else 0.0
        seconds = self.last_write - self.first_write + owed
        return {**self.counts, "users": len(self.users), "seconds": seconds}

    def _fault(self) -> tuple[int, bytes, str]:
        self.counts["faults"] += 1
        headers = "Retry-After: 1\r\n" if self.chance.random() < 0.5 else ""
        return (429 if self.chance.random() < 0.5 else 503), b"{}", headers

    # -- reading ------------------------------------------------------------------------------

    def _read(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes, str]:
        if path == "/ServiceProviderConfig":
            return 200, self._config(), ""
        if path.startswith("/Users/"):
            user = self._user(path[7:])
            return (200, json.dumps(user).encode(), "") if user else (404, b"", "")
        if wanted := query.get("filter"):
            name = wanted[0].partition('"')[2].rstrip('"').lower()
            listed = [user for user in self.users if user["userName"].lower() == name]
            if self.pages and name.startswith("person"):
                digits = name.removeprefix("person").partition("@")[0]
                found = self._user(f"00000000-0000-4000-9000-{digits:0>12}")
                listed = [found] if found else []
            return 200, _page(listed, 1, len(listed)), ""
        start = int(query["startIndex"][0])
        at = (start - 1) // PAGE
        if at < len(self.pages):
            return 200, self._page_now(at), ""
        # those who were made since stand behind the pages
        behind, total = start - 1 - self.behaviour.users, self.behaviour.users + len(self.users)
        return 200, _page(self.users[behind : behind + PAGE], start, total), ""

    def _page_now(self, at: int) -> bytes:
        """Return a page that was made beforehand, with the number of users of now."""
        before = self.behaviour.users
        said, now = (b'"totalResults": %d,' % n for n in (before, before + len(self.users)))
        return self.pages[at].replace(said, now, 1) if self.users else self.pages[at]

    def _user(self, webex_id: str) -> dict[str, Any] | None:
        """Return one user; those of the pages are made when somebody asks."""
        if not self.pages:
            return next((user for user in self.users if user["id"] == webex_id), None)
        at = int(webex_id.rpartition("-")[2])
        behind = at - self.behaviour.users
        made: dict[str, Any] | None = None
        if behind < 0:
            made = user_body(at)
        elif behind < len(self.users):
            made = self.users[behind]
        return self.changed.get(webex_id, made)

    def _patch(self, webex_id: str, operations: list[dict[str, Any]]) -> dict[str, Any]:
        """Change whole attributes of a user; lists go on showing the pages made beforehand."""
        user = {**(self._user(webex_id) or {}), "id": webex_id}
        for one in operations:
            user[one["path"]] = one["value"]
        self.changed[webex_id] = user
        return user

    def _config(self) -> bytes:
        bulk = {"supported": bool(self.behaviour.bulk), "maxOperations": self.behaviour.bulk}
        filters = {"supported": True, "maxResults": PAGE}
        return json.dumps({"bulk": bulk, "filter": filters}).encode()

    # -- writing ------------------------------------------------------------------------------

    def _write(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, bytes, str]:
        operations = body.get("Operations") or body.get("operations") or []
        bulk = path == "/Bulk"
        if wait := self._wait(len(operations) if bulk else 1):
            self.counts["refused"] += 1
            return 429, b"{}", f"Retry-After: {math.ceil(wait)}\r\n"
        now = time.monotonic()
        self.first_write, self.last_write = self.first_write or now, now
        if method == "PATCH":
            return 200, json.dumps(self._patch(path[7:], operations)).encode(), ""
        if not bulk:
            status, user = self._create(body)
            return status, json.dumps(user).encode(), ""
        answers = []
        for one in operations:
            status, user = self._create(one["data"])
            location = f"{BASE}/Users/{user.get('id', '')}"
            answer = {"method": "POST", "bulkId": one["bulkId"], "status": str(status)}
            shown = {"response": user} if self.behaviour.shows_users else {}
            answers.append({**answer, "location": location, **shown})
        return 200, json.dumps({"Operations": answers}).encode(), ""

    def _wait(self, operations: int) -> float:
        """Take tokens; return the seconds until there is one, 0 where there was."""
        rate = self.behaviour.writes_per_second
        if not rate:
            return 0.0
        now = time.monotonic()
        self.tokens = min(rate, self.tokens + (now - self.filled) * rate)
        self.filled = now
        if self.tokens < 1:
            return (1 - self.tokens) / rate
        self.tokens -= operations
        return 0.0

    def _create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        name = body["userName"].lower()
        if name in self.names:
            self.counts["twice"] += 1
            return 409, {"detail": "The name is taken."}
        self.names.add(name)
        at = self.behaviour.users + len(self.users)
        user = {**body, "id": f"00000000-0000-4000-9000-{at:012d}"}
        self.users.append(user)
        return 201, user


def _page(listed: list[dict[str, Any]], start: int, total: int) -> bytes:
    schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
    head = {"schemas": [schema], "totalResults": total, "itemsPerPage": len(listed)}
    document = {**head, "startIndex": start, "Resources": listed}
    return json.dumps(document, separators=(",", ":")).encode()


class _Connection(asyncio.Protocol):
    """Serve one connection, one request after the other."""

    def __init__(self, server: ScimServer) -> None:
        self._server = server
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if not end:
            return
        length = 0
        lines = head.decode("latin-1").split("\r\n")
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
        if len(rest) < length:
            return
        self._data = rest[length:]
        method, target, _ = lines[0].split(" ")
        latency = self._server.behaviour.latency
        reply = (method, target, rest[:length])
        if latency:
            asyncio.get_running_loop().call_later(latency, self._reply, *reply)
        else:
            self._reply(*reply)

    def _reply(self, method: str, target: str, body: bytes) -> None:
        status, content, headers = self._server.answer(method, target, body)
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/scim+json\r\n{headers}"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        if self._transport and not self._transport.is_closing():
            self._transport.writelines([head.encode(), content])


async def _serve(behaviour: Behaviour) -> None:
    server = ScimServer(behaviour)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: _Connection(server), "127.0.0.1", 0)
    sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listening.serve_forever()


@dataclass(frozen=True, slots=True)
class Served:
    """Hold where the server listens."""

    base_url: str

    def stats(self) -> dict[str, Any]:
        """Return what it counted: requests by method, users, what was refused or sent twice."""
        answer = httpx.get(f"{self.base_url}/stats", trust_env=False)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Served]:
    """Run the server in a process of its own."""
    options = [
        word
        for name in Behaviour.__slots__
        for word in (f"--{name.replace('_', '-')}", str(getattr(behaviour, name)))
    ]
    command = [sys.executable, "-m", "tests.benchmarks._scim_server", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield Served(f"http://127.0.0.1:{port}{BASE}")
        finally:
            process.terminate()


def main() -> None:
    """Serve until terminated."""
    parser = argparse.ArgumentParser()
    for name, default in (("users", 0), ("bulk", 0), ("shows-users", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name in ("latency", "writes-per-second", "faults"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    asyncio.run(_serve(Behaviour(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
