"""Take the browser's answer after a sign-in: one address on this computer, for one sign-in.

Source: RFC 8252 §7.3 and §8.3 (loopback redirect), §8.9 (the state protects against others).
"""

import asyncio
import contextlib
import hmac
import socket
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from sparkwizard.errors import StorageError

__all__ = ["Redirect"]

_LARGEST = 64 * 1024
_SECONDS = 10.0

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>SparkWizard</title>
<style>body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 32em; margin: 15vh auto }}</style>
<h1>{title}</h1><p>{text}</p>"""
_DONE = _PAGE.format(
    title="You can go back to SparkWizard",
    text="The browser has done its part. Close this tab: SparkWizard goes on by itself.",
)
_REFUSED = _PAGE.format(
    title="The sign-in did not succeed",
    text="Close this tab and go back to SparkWizard, which says why and what to do.",
)


class Redirect:
    """Listen on a free port of this computer while the ``async with`` block lasts.

    Only an answer with the right ``state`` counts; whatever else knocks is turned away.
    """

    def __init__(self) -> None:
        self.port = 0
        self._servers: list[asyncio.Server] = []
        self._state = ""
        self._answer: asyncio.Future[dict[str, str]] | None = None

    @property
    def url(self) -> str:
        """Return the address that is registered as ``http://localhost``, with the port."""
        return f"http://localhost:{self.port}"

    async def __aenter__(self) -> Self:
        try:
            first = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_LARGEST)
        except OSError as error:
            raise StorageError(
                "This computer does not let SparkWizard wait for the browser's answer.",
                fix="Sign in by device code.",
                code="redirect",
            ) from error
        self._servers.append(first)
        self.port = first.sockets[0].getsockname()[1]
        # a browser may take localhost for ::1; where that is missing, 127.0.0.1 is enough
        with contextlib.suppress(OSError):
            self._servers.append(
                await asyncio.start_server(
                    self._serve, "::1", self.port, family=socket.AF_INET6, limit=_LARGEST
                )
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()

    async def answer(self, state: str) -> dict[str, str]:
        """Wait for the browser to bring the answer to the sign-in with this state."""
        self._state = state
        self._answer = asyncio.get_running_loop().create_future()
        return await self._answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                status, page = self._take(await _fields(reader))
                writer.write(_response(status, page))
                await writer.drain()
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            pass
        except asyncio.LimitOverrunError:
            writer.write(_response(400, ""))
        finally:
            writer.close()

    def _take(self, fields: dict[str, str]) -> tuple[int, str]:
        waits = self._answer is not None and not self._answer.done()
        given = fields.get("state", "").encode()
        if not (waits and self._state and hmac.compare_digest(given, self._state.encode())):
            return 404, ""
        assert self._answer is not None
        self._answer.set_result(fields)
        return 200, _REFUSED if "error" in fields else _DONE


async def _fields(reader: asyncio.StreamReader) -> dict[str, str]:
    """Read one request and return its fields, of a form or of the address."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.splitlines()
    method, target, _ = first.split(" ")
    headers = {name.strip().lower(): value for name, _, value in (x.partition(":") for x in lines)}
    if method == "POST":
        length = min(int(headers.get("content-length", "0")), _LARGEST)
        text = (await reader.readexactly(length)).decode("ascii", "replace")
    else:
        text = urlsplit(target).query
    return {name: values[0] for name, values in parse_qs(text).items()}


def _response(status: int, page: str) -> bytes:
    content = page.encode()
    lines = (
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Found'}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
