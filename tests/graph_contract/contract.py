"""Check whole requests and answers."""

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from tests.graph_contract.addresses import NoSuchAddressError, Target, resolve
from tests.graph_contract.batches import batch_answer_faults, batch_request_faults
from tests.graph_contract.model import Model, TypeName
from tests.graph_contract.options import OptionsCheck
from tests.graph_contract.values import Values


class Recorded(Protocol):
    """Describe an exchange as the practice Graph records it."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def request_body(self) -> bytes: ...
    @property
    def answer_body(self) -> bytes: ...


class Contract:
    """Say what in requests and answers is not as Microsoft describes it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.values = Values(model)
        self._options = OptionsCheck(model)

    def faults(self, value: Any, kind: str) -> list[str]:
        """Return what does not fit a type, named without its namespace."""
        return self.values.faults(value, TypeName(kind))

    def faults_of_requests(self, log: Iterable[Recorded]) -> list[str]:
        """Return the faults of all recorded requests, each with its address."""
        return [
            f"{one.method} {one.path}?{one.query}: {fault}"
            for one in log
            for fault in self.request_faults(
                one.method, one.path, one.query, one.headers, one.request_body
            )
        ]

    def faults_of_answers(self, log: Iterable[Recorded]) -> list[str]:
        """Return the faults of all recorded answers, each with the address asked."""
        return [
            f"{one.method} {one.path}?{one.query} answered {one.status}: {fault}"
            for one in log
            if one.status
            for fault in self.answer_faults(
                one.method, one.path, one.status, one.answer_body, one.request_body
            )
        ]

    def request_faults(
        self, method: str, path: str, query: str, headers: dict[str, str], body: bytes
    ) -> list[str]:
        """Return what is wrong with one request."""
        content, faults = _decoded(body)
        if faults:
            return faults
        if path == "/$batch":
            return batch_request_faults(content, self._inner_request_faults)
        try:
            target = resolve(self.model, path)
        except NoSuchAddressError as error:
            return [str(error)]
        return [
            *self._options.faults(query, target, headers),
            *self._content_faults(method, target, content),
        ]

    def answer_faults(
        self, method: str, path: str, status: int, body: bytes, request_body: bytes = b""
    ) -> list[str]:
        """Return what is wrong with one answer."""
        if status == HTTPStatus.NO_CONTENT or path.endswith(("$count", "/$value")):
            return ["a 204 has no content"] if status == HTTPStatus.NO_CONTENT and body else []
        content, faults = _decoded(body)
        if faults:
            return faults
        return self._decoded_answer_faults(method, path, status, content, request_body)

    def _decoded_answer_faults(
        self, method: str, path: str, status: int, content: Any, request_body: bytes = b""
    ) -> list[str]:
        if status >= HTTPStatus.BAD_REQUEST:
            return _error_faults(content)
        if path == "/$batch":
            return batch_answer_faults(content, request_body, self._inner_answer_faults)
        try:
            target = resolve(self.model, path)
        except NoSuchAddressError as error:
            return [str(error)]
        if status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            return []
        return list(self._success_faults(method, target, content))

    def _success_faults(self, method: str, target: Target, content: Any) -> Iterator[str]:
        if not isinstance(content, dict):
            yield "the answer is no object"
            return
        if "@odata.context" not in content:
            yield "the answer has no @odata.context"
        kind = target.type.one if method == "POST" and target.operation is None else target.type
        if kind.collection:
            unknown = [one for one in content if not one.startswith("@") and one != "value"]
            yield from (f"$.{one} is not part of a list" for one in unknown)
            yield from self.values.faults(content.get("value"), kind, "$.value", nullable=False)
        else:
            yield from self.values.faults(content, kind, nullable=False)

    def _content_faults(self, method: str, target: Target, content: Any) -> list[str]:
        kind, operation = target.type, target.operation
        if operation is not None and operation.is_action:
            if method != "POST":
                return [f"{operation.name} is an action: POST it"]
            return self.values.parameters(content or {}, operation.parameters)
        if method in ("GET", "DELETE"):
            return ["a body, where none belongs"] if content is not None else []
        if target.tail == "$ref":
            return [] if set(content or {}) == {"@odata.id"} else ["a reference is its @odata.id"]
        if operation is not None:
            return [f"{operation.name} is a function: GET it"]
        if content is None:
            return ["the body lacks"]
        if method == "POST" and kind.collection:
            return self.values.faults(content, kind.one)
        if method == "PUT" and kind.collection:
            listed = content.get("value") if isinstance(content, dict) else None
            return self.values.faults(listed, kind, "$.value", nullable=False)
        if method in ("PATCH", "PUT") and not kind.collection:
            return self.values.faults(content, kind)
        return [f"{method} does not go with {kind}"]

    def _inner_request_faults(
        self, method: str, url: str, headers: dict[str, str], content: Any
    ) -> list[str]:
        parts = urlsplit(url)
        body = b"" if content is None else json.dumps(content).encode()
        return self.request_faults(method, parts.path, parts.query, headers, body)

    def _inner_answer_faults(self, method: str, url: str, status: int, content: Any) -> list[str]:
        if content is None:
            return []
        return self._decoded_answer_faults(method, urlsplit(url).path, status, content)


def _decoded(body: bytes) -> tuple[Any, list[str]]:
    if not body:
        return None, []
    try:
        return json.loads(body), []
    except ValueError:
        return None, ["the body is no JSON"]


def _error_faults(content: Any) -> list[str]:
    """Check the shape of errors, which is told in words only (GD/resources/errors)."""
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return ["an error without the object error"]
    return [f"error.{name} is no text" for name in ("code", "message") if not _is_text(error, name)]


def _is_text(error: dict[str, Any], name: str) -> bool:
    return isinstance(error.get(name), str) and bool(error[name])
