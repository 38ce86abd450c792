"""The one way out, against small servers that answer, drop and redirect as told."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from sparkwizard import __version__
from sparkwizard.errors import (
    NetError,
    NotSent,
    SparkWizardError,
    UnexpectedAnswer,
    Unreachable,
)
from sparkwizard.net.client import Http
from sparkwizard.net.errors_of import may_have_happened
from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.retry import RetryPolicy

TOKEN = "NjA1YzE2Y2ItZmFrZS10b2tlbg_PF84_0ae87ade-8c8a-4952-af08-318798958d0c"


@dataclass
class Reply:
    """Hold one canned answer; ``drop`` closes the connection in its place."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    silent: bool = False


@dataclass
class LittleServer:
    """Answer each request with the next reply, the last one for ever; remember what came."""

    replies: list[Reply]
    url: str = ""
    heads: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                await reader.readexactly(_length(head))
                self.heads.append(head)
                reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                if reply.silent:
                    await asyncio.sleep(30)
                if reply.drop:
                    break
                writer.write(_rendered(reply))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _length(head: str) -> int:
    lines = (line.partition(":") for line in head.splitlines())
    return next((int(value) for name, _, value in lines if name.lower() == "content-length"), 0)


def _rendered(reply: Reply) -> bytes:
    headers = {"Content-Length": str(len(reply.body)), **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + reply.body


type Serve = Callable[..., Awaitable[LittleServer]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers that answer as told."""
    tasks: list[asyncio.Task[None]] = []
    async with AsyncExitStack() as stack:

        async def start(*replies: Reply) -> LittleServer:
            little = LittleServer(list(replies) or [Reply()])

            async def serving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.current_task()
                assert task is not None
                tasks.append(task)
                await little.serve(reader, writer)

            server = await asyncio.start_server(serving, "127.0.0.1", 0)
            stack.callback(server.close)
            little.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            return little

        yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Waits:
    """Record waits in place of waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Take note and go on at once."""
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    forget_secrets()


def http_for(server: LittleServer, waits: Waits | None = None) -> Http:
    return Http(token=TOKEN, origins=[server.url], sleep=waits or Waits(), read_timeout=0.4)


# -- what is sent ------------------------------------------------------------------------------


async def test_the_token_and_the_programs_name_are_sent(serve: Serve) -> None:
    server = await serve()
    async with http_for(server) as http:
        await http.request("GET", f"{server.url}/x")
    assert f"Authorization: Bearer {TOKEN}" in server.heads[0]
    assert f"User-Agent: SparkWizard/{__version__}" in server.heads[0]


async def test_a_plus_in_a_parameter_arrives_as_a_plus(serve: Serve) -> None:
    server = await serve()
    async with http_for(server) as http:
        await http.request("GET", f"{server.url}/x", params={"filter": 'a eq "b+c d&e"'})
    assert "filter=a%20eq%20%22b%2Bc%20d%26e%22 " in server.heads[0]


async def test_the_token_goes_to_no_other_origin(serve: Serve) -> None:
    known, other = await serve(), await serve()
    async with http_for(known) as http:
        with pytest.raises(NotSent):
            await http.request("GET", f"{other.url}/x")
    assert other.heads == []


async def test_nothing_goes_over_plain_http_beyond_this_computer() -> None:
    async with Http(token=TOKEN, origins=["http://contoso.example"]) as http:
        with pytest.raises(NotSent, match="without encryption"):
            await http.request("GET", "http://contoso.example/x")


@pytest.mark.parametrize(
    "lookalike",
    [
        "http://127.0.0.1.contoso.example/",
        "http://localhost.contoso.example/",
        "http://127.0.0.1@contoso.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
    ],
)
async def test_an_address_that_only_looks_local_is_refused(lookalike: str) -> None:
    async with Http(token=TOKEN, origins=[lookalike]) as http:
        with pytest.raises(NotSent):
            await http.request("GET", lookalike)


async def test_a_redirect_is_not_followed_and_its_target_is_named(serve: Serve) -> None:
    target = await serve()
    server = await serve(Reply(302, headers={"Location": f"{target.url}/elsewhere?token=1"}))
    async with http_for(server) as http:
        with pytest.raises(UnexpectedAnswer, match=target.url) as caught:
            await http.request("GET", f"{server.url}/x")
    assert target.heads == []
    assert "elsewhere" not in str(caught.value)


async def test_a_cookie_is_not_sent_back(serve: Serve) -> None:
    server = await serve(Reply(headers={"Set-Cookie": "session=1"}))
    async with http_for(server) as http:
        await http.request("GET", server.url)
        await http.request("GET", server.url)
    assert "cookie" not in server.heads[1].lower()


async def test_a_token_that_no_header_can_hold_is_not_sent(serve: Serve) -> None:
    server = await serve()
    async with Http(token="töken-with-umlaut", origins=[server.url]) as http:
        with pytest.raises(NotSent):
            await http.request("GET", server.url)


async def test_loopback_is_asked_directly_whatever_the_proxy(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = await serve()
    async with http_for(server) as http:
        assert (await http.request("GET", server.url)).status == 200


async def test_a_proxy_of_the_environment_is_gone_through(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve(Reply(407))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//user:pa55word@"))
    async with Http(token=TOKEN, origins=["https://webexapis.com"], sleep=Waits()) as http:
        with pytest.raises(Unreachable, match="proxy") as caught:
            await http.request("GET", "https://webexapis.com/v1/people/me")
    assert proxy.heads[0].startswith("CONNECT webexapis.com:443")
    assert TOKEN not in "".join(proxy.heads)
    assert "pa55word" not in str(caught.value)


# -- what comes back ---------------------------------------------------------------------------


async def test_a_web_page_in_place_of_data_is_said_in_one_sentence(serve: Serve) -> None:
    server = await serve(Reply(body=b"<!DOCTYPE html><html>Sign in</html>"))
    async with http_for(server) as http:
        answer = await http.request("GET", server.url)
    with pytest.raises(UnexpectedAnswer, match="a web page instead of data"):
        answer.json()


async def test_headers_are_found_in_any_case(serve: Serve) -> None:
    server = await serve(Reply(headers={"TrackingID": "ROUTER_1"}))
    async with http_for(server) as http:
        assert (await http.request("GET", server.url)).tracking_id == "ROUTER_1"


async def test_a_tracking_id_is_found_inside_an_error(serve: Serve) -> None:
    body = b'{"status":"409","urn:x:Error":{"trackingId":"ROUTER_2"}}'
    server = await serve(Reply(409, body))
    async with http_for(server) as http:
        assert (await http.request("GET", server.url)).tracking_id == "ROUTER_2"


async def test_a_name_nobody_knows_is_said_with_its_fix() -> None:
    async with Http(token=TOKEN, origins=["https://nosuch.invalid"], sleep=Waits()) as http:
        with pytest.raises(Unreachable, match="not known to this network") as caught:
            await http.request("GET", "https://nosuch.invalid/x")
    assert not caught.value.sent


async def test_a_closed_port_is_unreachable_and_nothing_was_sent() -> None:
    async with Http(token=TOKEN, origins=["http://127.0.0.1:9"], sleep=Waits()) as http:
        with pytest.raises(Unreachable, match="can't be reached") as caught:
            await http.request("POST", "http://127.0.0.1:9/x", json={})
    assert not caught.value.sent


# -- repeating ---------------------------------------------------------------------------------


async def test_a_read_is_repeated_until_the_server_recovers(serve: Serve, waits: Waits) -> None:
    server = await serve(Reply(500), Reply(502), Reply(504), Reply(200))
    async with http_for(server, waits) as http:
        answer = await http.request("GET", server.url)
    assert (answer.status, answer.tries, len(waits.seconds)) == (200, 4, 3)


async def test_a_server_that_stays_busy_is_left_after_some_tries(serve: Serve) -> None:
    server = await serve(Reply(503))
    async with http_for(server) as http:
        answer = await http.request("GET", server.url)
    assert (answer.status, len(server.heads)) == (503, RetryPolicy().tries)


async def test_a_read_whose_connection_drops_is_repeated(serve: Serve) -> None:
    server = await serve(Reply(drop=True), Reply(200))
    async with http_for(server) as http:
        assert (await http.request("GET", server.url)).status == 200


async def test_a_write_whose_connection_drops_is_not_repeated(serve: Serve) -> None:
    server = await serve(Reply(drop=True), Reply(201))
    async with http_for(server) as http:
        with pytest.raises(Unreachable) as caught:
            await http.request("POST", server.url, json={"a": 1})
    assert (caught.value.sent, len(server.heads)) == (True, 1)


async def test_a_write_without_an_answer_in_time_may_have_happened(serve: Serve) -> None:
    server = await serve(Reply(silent=True))
    async with http_for(server) as http:
        with pytest.raises(Unreachable, match="did not answer in time") as caught:
            await http.request("PATCH", server.url, json={})
    assert may_have_happened(caught.value)
    assert len(server.heads) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_write_that_met_a_server_problem_is_not_repeated(serve: Serve, status: int) -> None:
    server = await serve(Reply(status), Reply(201))
    async with http_for(server) as http:
        assert (await http.request("POST", server.url, json={})).status == status
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    "reply", [Reply(429), Reply(503, headers={"Retry-After": "1"})], ids=["429", "503"]
)
async def test_a_write_that_was_turned_away_is_repeated(serve: Serve, reply: Reply) -> None:
    server = await serve(reply, Reply(201))
    async with http_for(server) as http:
        assert (await http.request("POST", server.url, json={})).status == 201


async def test_a_write_declared_repeatable_is_repeated(serve: Serve) -> None:
    server = await serve(Reply(drop=True), Reply(200))
    async with http_for(server) as http:
        answer = await http.request("PUT", server.url, json={}, repeatable=True)
    assert answer.status == 200


async def test_the_wait_is_the_one_asked_for_and_is_told(serve: Serve, waits: Waits) -> None:
    told: list[tuple[float, str]] = []
    server = await serve(Reply(429, headers={"Retry-After": "7"}), Reply(200))
    async with http_for(server, waits) as http:
        http.on_wait = lambda seconds, why: told.append((seconds, why))
        await http.request("GET", server.url)
    assert 6.9 <= waits.seconds[0] < 8
    [(seconds, why)] = told
    assert seconds == pytest.approx(waits.seconds[0], abs=0.1)
    assert why == "127.0.0.1 asks to slow down."


async def test_no_server_can_make_the_program_wait_an_hour(serve: Serve, waits: Waits) -> None:
    server = await serve(Reply(429, headers={"Retry-After": "3600"}), Reply(200))
    async with http_for(server, waits) as http:
        await http.request("GET", server.url)
    assert waits.seconds == [pytest.approx(60.0, abs=0.1)]


async def test_a_request_can_be_cancelled_while_it_waits(serve: Serve) -> None:
    server = await serve(Reply(429, headers={"Retry-After": "30"}))
    async with Http(token=TOKEN, origins=[server.url]) as http:
        task = asyncio.create_task(http.request("GET", server.url))
        while not server.heads:  # noqa: ASYNC110 -- the server has no event for it
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(server.heads) == 1


# -- secrets -----------------------------------------------------------------------------------


async def test_no_error_and_no_log_record_holds_the_token(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sparkwizard")
    errors: list[SparkWizardError] = []
    for reply in (Reply(drop=True), Reply(302, headers={"Location": f"https://x.example/{TOKEN}"})):
        server = await serve(reply)
        async with http_for(server) as http:
            try:
                await http.request("POST", f"{server.url}/x", json={"token": TOKEN})
            except NetError as error:
                errors.append(error)
    assert len(errors) == 2
    assert not [error for error in errors if TOKEN in str(error)]
    assert TOKEN not in caplog.text
