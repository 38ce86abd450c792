"""Answer ``$batch``: up to twenty requests in one."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Scope

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.answers import (
    GraphRefusal,
    bad_request,
    error_body,
    json_answer,
    read_object,
    request_id,
)
from sparkwizard.practice.graph.faults import Hit, retry_headers
from sparkwizard.practice.graph.gate import GRAPH_PREFIX, refusal_of
from sparkwizard.practice.json_values import JsonObject

_MOST = 20


class BatchRoutes:
    """Carry the requests of a batch to the application that answers single ones."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/$batch", self.run, methods=["POST"])]

    async def run(self, request: Request) -> Response:
        """Answer each request of a batch; the answers come in no particular order."""
        body = await read_object(request)
        requests = _requests(body)
        answers: dict[str, JsonObject] = {}
        for one in requests:
            needed = one.get("dependsOn", [])
            if any(answers[other]["status"] >= 400 for other in needed):
                answers[one["id"]] = self._refused(request, one["id"], _FAILED_DEPENDENCY)
            elif self._world.faults.throttle_items_next > 0:
                self._world.faults.throttle_items_next -= 1
                answers[one["id"]] = self._refused(request, one["id"], refusal_of(Hit.TOO_MANY))
            else:
                answers[one["id"]] = await self._answer(request, one)
        # Graph promises no order; the last comes first here, so that nobody counts on one
        return json_answer({"responses": list(reversed(answers.values()))})

    async def _answer(self, request: Request, one: JsonObject) -> JsonObject:
        collector = _Collector()
        sent = json.dumps(one["body"]).encode() if "body" in one else b""
        received = [{"type": "http.request", "body": sent, "more_body": False}]

        async def receive() -> Message:
            return received.pop() if received else {"type": "http.disconnect"}

        await request.app(_scope(request, one), receive, collector)
        return collector.answer(one["id"])

    def _refused(self, request: Request, identifier: str, refusal: GraphRefusal) -> JsonObject:
        throttled = refusal.status == 429
        return {
            "id": identifier,
            "status": refusal.status,
            "headers": {
                "Content-Type": "application/json",
                **(retry_headers(self._world.faults, "Retry-After") if throttled else {}),
            },
            "body": error_body(refusal, request_id(request), None),
        }


_FAILED_DEPENDENCY = GraphRefusal(424, "FailedDependency", "A request this one depends on failed.")


class _Collector:
    """Take one answer apart."""

    def __init__(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._body += message.get("body", b"")

    def answer(self, identifier: str) -> JsonObject:
        kept = {
            name.title(): value for name, value in self._headers.items() if name != "content-length"
        }
        answer: JsonObject = {"id": identifier, "status": self._status, "headers": kept}
        if self._body:
            is_json = "json" in self._headers.get("content-type", "")
            answer["body"] = json.loads(self._body) if is_json else self._body.decode()
        return answer


def _requests(body: dict[str, Any]) -> list[JsonObject]:
    requests = body.get("requests")
    if not isinstance(requests, list) or not requests:
        raise bad_request("A batch needs requests.")
    if len(requests) > _MOST:
        raise bad_request(f"The number of batch steps exceeds the maximum of {_MOST}.")
    seen = set[str]()
    for one in requests:
        if not isinstance(one.get("id"), str) or one["id"] in seen:
            raise bad_request("Each request of a batch needs an id of its own.")
        if any(other not in seen for other in one.get("dependsOn", ())):
            raise bad_request(f"Request {one['id']} depends on one that does not come before it.")
        if not isinstance(one.get("url"), str) or one["url"].startswith("http"):
            raise bad_request(f"Request {one['id']} needs a relative url.")
        if "body" in one and "content-type" not in {
            name.lower() for name in one.get("headers", {})
        }:
            raise bad_request(f"Request {one['id']} has a body and needs the header Content-Type.")
        seen.add(one["id"])
    return requests


def _scope(request: Request, one: JsonObject) -> Scope:
    parts = urlsplit(one["url"])
    path = f"{GRAPH_PREFIX}/{parts.path.lstrip('/')}"
    headers = {name.lower(): str(value) for name, value in one.get("headers", {}).items()}
    headers.setdefault("authorization", request.headers.get("authorization", ""))
    headers["host"] = request.headers.get("host", "")
    return {
        "type": "http",
        "asgi": request.scope["asgi"],
        "http_version": "1.1",
        "method": one.get("method", "GET"),
        "scheme": request.url.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.replace(" ", "%20").encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "server": request.scope.get("server"),
        "client": request.scope.get("client"),
        "request_id": request_id(request),
    }
