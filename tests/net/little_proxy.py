"""A small real proxy: it takes CONNECT, asks for a password if told to, and counts who came."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class LittleProxy:
    """Lead every name to ``target`` (host, port), or refuse with ``refusal`` lines."""

    target: tuple[str, int] = ("127.0.0.1", 9)
    user: str = ""
    password: str = ""
    refusal: tuple[str, ...] = ()
    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.asked.append(head[0].split()[1])
        wanted = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.refusal:
            await self._say(writer, *self.refusal)
        elif self.user and f"Proxy-Authorization: Basic {wanted}" not in head:
            basic = 'Proxy-Authenticate: Basic realm="contoso"'
            await self._say(writer, "407 Proxy Authentication Required", basic)
        else:
            await self._through(reader, writer)
        writer.close()

    async def _say(self, writer: asyncio.StreamWriter, *lines: str) -> None:
        text = "\r\n".join((f"HTTP/1.1 {lines[0]}", *lines[1:], "Content-Length: 0", "", ""))
        writer.write(text.encode())
        await writer.drain()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, here = await asyncio.open_connection(*self.target)
        except OSError:
            await self._say(writer, "502 Bad Gateway")
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_copy(reader, here), _copy(there, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()


@asynccontextmanager
async def little_proxy(proxy: LittleProxy) -> AsyncIterator[LittleProxy]:
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        proxy.port = server.sockets[0].getsockname()[1]
        yield proxy
