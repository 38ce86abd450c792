"""The lean transport gives what httpx's own gives, and leaves no connection behind."""

import asyncio
import gc
import gzip
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import httpx
import pytest

from sparkwizard.net.transport import Transport

ANSWERS = {
    "counted": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Two: a\r\nx-two: b\r\n\r\nhi",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
    "until the end": b"HTTP/1.0 200 OK\r\n\r\nhello",
    "without a body": b"HTTP/1.1 204 No Content\r\n\r\n",
    "after a word in between": b"HTTP/1.1 103 Early\r\n\r\n"
    b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n",
    "packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
    % (len(gzip.compress(b"hi", mtime=0)), gzip.compress(b"hi", mtime=0)),
    "badly packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi",
    "no HTTP": b"220 mail.contoso.example ESMTP\r\n",
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi",
    "long": b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"xyz" * 100_000,
    "long and cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 300001\r\n\r\n" + b"xyz" * 100_000,
    "long in pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"493e0\r\n%s\r\n0\r\n\r\n" % (b"xyz" * 100_000),
    "said to be endless": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nhi",
    "nothing": b"",
    "an endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500_000,
}

type Start = Callable[[bytes], Awaitable[str]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start servers that answer every request with the same bytes; some close after it."""
    servers: list[asyncio.Server] = []

    async def begin(answer: bytes) -> str:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while await reader.readuntil(b"\r\n\r\n"):
                    connections.append(id(writer))
                    writer.write(answer)
                    if b"Content-Length: 0" not in answer and b"Content-Length: 2\r" not in answer:
                        break
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        connections: list[int] = []
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    yield begin
    for server in servers:
        server.close()
        await server.wait_closed()


async def _asked(transport: httpx.AsyncBaseTransport, url: str) -> object:
    timeout = httpx.Timeout(5).as_dict()
    try:
        request = httpx.Request("GET", url, extensions={"timeout": timeout})
        response = await transport.handle_async_request(request)
        content = await response.aread()
    except httpx.HTTPError as error:
        return type(error)
    return response.status_code, response.headers.multi_items(), content


@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_answer_is_what_httpx_makes_of_it(start: Start, answer: str) -> None:
    url = await start(ANSWERS[answer])
    async with Transport(ssl.create_default_context()) as ours, httpx.AsyncHTTPTransport() as own:
        assert await _asked(ours, url) == await _asked(own, url)


async def test_a_connection_is_used_again(start: Start) -> None:
    async with Transport(ssl.create_default_context()) as transport:
        url = await start(ANSWERS["counted"])
        for _ in range(3):
            await _asked(transport, url)
        assert [len(idle) for idle in transport._idle.values()] == [1]


@pytest.mark.parametrize("head", [b"", b"Connection: Close\r\n"])
async def test_a_connection_is_used_again_after_long_answers(head: bytes) -> None:
    bodies = [b"a" * 500_000, b"b" * 200_000, b"c" * 900_000, b"d"]
    left, callers = list(bodies), set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while left and await reader.readuntil(b"\r\n\r\n"):
                callers.add(writer)
                body = left.pop(0)
                writer.write(b"HTTP/1.1 200 X\r\n%sContent-Length: %d\r\n\r\n" % (head, len(body)))
                writer.write(body)
                await writer.drain()
                if head:
                    break
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as server,
        Transport(ssl.create_default_context()) as transport,
    ):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        answers = [await _asked(transport, url) for _ in bodies]
    assert [answer[2] for answer in answers if isinstance(answer, tuple)] == bodies
    assert len(callers) == (len(bodies) if head else 1)


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again() -> None:
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        writer.write(ANSWERS["counted"])
        writer.close()  # without having said so

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as server,
        Transport(ssl.create_default_context()) as transport,
    ):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        for _ in range(5):
            answer = await _asked(transport, url)
            assert isinstance(answer, tuple)
    assert asked == 5


async def test_an_answer_that_nobody_asked_for_is_nobodys_answer() -> None:
    twice = ANSWERS["counted"] * 2

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(twice)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as server,
        Transport(ssl.create_default_context()) as transport,
    ):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await _asked(transport, url)
        await asyncio.sleep(0.05)
        await _asked(transport, url)
        await asyncio.sleep(0.05)
        assert transport._kept(("http", "127.0.0.1", server.sockets[0].getsockname()[1])) is None


async def test_silence_ends_in_time() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as server,
        Transport(ssl.create_default_context()) as transport,
    ):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        timeout = httpx.Timeout(0.1).as_dict()
        request = httpx.Request("GET", url, extensions={"timeout": timeout})
        with pytest.raises(httpx.ReadTimeout):
            await transport.handle_async_request(request)


async def test_a_request_that_is_cancelled_closes_its_connection() -> None:
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read()
        gone.set()
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as server,
        Transport(ssl.create_default_context()) as transport,
    ):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        asking = asyncio.create_task(_asked(transport, url))
        await asyncio.sleep(0.05)
        asking.cancel()
        async with asyncio.timeout(5):
            await gone.wait()


async def test_no_socket_is_left_behind_wherever_a_request_is_cancelled() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for turns in range(12):
            async with Transport(context) as transport:
                asking = asyncio.create_task(_asked(transport, url))
                for _ in range(turns):
                    await asyncio.sleep(0)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        del asking
        gc.collect()
    assert [str(one.message) for one in told] == []
