"""Speak SCIM to the practice Webex over HTTP, with the Tenant URL and Secret Token of a job."""

import http.client
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote, urlsplit

_TIMEOUT = 30.0
# an overloaded application is asked again, but a rehearsal does not wait for minutes
_RETRIES = 3
_LONGEST_WAIT = 2.0


class Unreachable(Exception):
    """Say why the application cannot be used at all; ``code`` is the service's word for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class EntryRefused(Exception):
    """Say why one entry was refused; ``code`` is that of the provisioning logs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


# ED/…/howto-analyze-provisioning-logs.md, error codes
_CODES = {
    400: "UnprocessableEntity",
    403: "InsufficientRights",
    404: "EntryNotFound",
    409: "EntryConflict",
    429: "TooManyRequests",
}


# what says nothing about the credentials
_PASSING = frozenset({"Timeout", "TooManyRequests", "InternalServerError"})


class WebexScim:
    """Hold one connection; used from one thread.

    ``only`` is the root of the practice tenant: nothing else is ever contacted. Raises Unreachable
    for credentials that do not work and an application that does not answer, EntryRefused for a
    request that it refuses.
    """

    def __init__(self, secrets: Mapping[str, str], *, only: str) -> None:
        address, token = secrets.get("BaseAddress", ""), secrets.get("SecretToken", "")
        if not address or not token:
            raise Unreachable("MissingCredentials", "The Tenant URL or the Secret Token lacks.")
        base = address.partition("?")[0].rstrip("/")
        parts = urlsplit(base)
        if f"{parts.scheme}://{parts.netloc}" != only:
            raise Unreachable(
                "InvalidCredentials",
                f"{parts.scheme}://{parts.netloc} did not answer. The practice service reaches"
                " nothing but the practice Webex.",
            )
        self._path = parts.path
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/scim+json",
            "User-Agent": "practice provisioning service",
        }
        self._wait = 0.0
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=_TIMEOUT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def test(self) -> None:
        """Search for somebody who is not there, as the test of a connection does."""
        try:
            found = self.find("Users", "userName", str(uuid.uuid4()))
        except EntryRefused as error:
            code = error.code if error.code in _PASSING else "InvalidCredentials"
            raise Unreachable(code, str(error)) from error
        if found is not None:
            raise Unreachable("InvalidCredentials", "The application ignores filters.")

    def find(self, kind: str, attribute: str, value: str) -> dict[str, Any] | None:
        """Return the one resource with this value, None where there is none."""
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        query = f"filter={quote(f'{attribute} eq "{escaped}"')}"
        if kind == "Groups":
            query = f"excludedAttributes=members&{query}"
        found = self._ask("GET", f"/{kind}?{query}").get("Resources") or []
        if len(found) > 1:
            raise EntryRefused("DuplicateTargetEntries", f"{attribute} eq {value} finds several.")
        return found[0] if found else None

    def read(self, kind: str, identifier: str) -> dict[str, Any] | None:
        """Return a resource, None where it has gone."""
        try:
            return self._ask("GET", f"/{kind}/{identifier}")
        except EntryRefused as error:
            if error.code == "EntryNotFound":
                return None
            raise

    def create(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create a resource and return it."""
        return self._ask("POST", f"/{kind}", body)

    def patch(self, kind: str, identifier: str, operations: list[dict[str, Any]]) -> None:
        """Change a resource."""
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        }
        self._ask("PATCH", f"/{kind}/{identifier}", body)

    def delete(self, kind: str, identifier: str) -> None:
        """Delete a resource; one that has gone counts as deleted."""
        try:
            self._ask("DELETE", f"/{kind}/{identifier}")
        except EntryRefused as error:
            if error.code != "EntryNotFound":
                raise

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        sent = json.dumps(body) if body is not None else None
        status, text = self._send(method, path, sent)
        for _ in range(_RETRIES):
            if status not in (429, 503):
                break
            time.sleep(self._wait)
            status, text = self._send(method, path, sent)
        if status == 401:
            raise Unreachable("InvalidCredentials", f"Webex answered 401: {_said(text)}")
        if status >= 400:
            code = _CODES.get(status, "InternalServerError")
            raise EntryRefused(code, f"Webex answered {status}: {_said(text)}")
        if not text:
            return {}
        try:
            found = json.loads(text)
        except ValueError as error:
            raise EntryRefused("InvalidResponse", "Webex answered with no JSON.") from error
        return found if isinstance(found, dict) else {}

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        """Send a request, once more on a new connection where the old one was cut."""
        for last in (False, True):
            try:
                self._connection.request(
                    method, self._path + path, body and body.encode(), self._headers
                )
                answer = self._connection.getresponse()
                self._wait = min(float(answer.headers.get("Retry-After") or 0.1), _LONGEST_WAIT)
                return answer.status, answer.read().decode("utf-8", "replace")
            except (http.client.HTTPException, OSError) as error:
                self._connection.close()
                if last or method == "POST":
                    raise EntryRefused("Timeout", f"Webex did not answer: {error}") from error
        raise AssertionError


def _said(text: str) -> str:
    """Return what an error says."""
    try:
        body = json.loads(text)
    except ValueError:
        return text[:200]
    told = body.get("details") or body.get("detail") or body.get("message")
    return str(told or text)[:300]
