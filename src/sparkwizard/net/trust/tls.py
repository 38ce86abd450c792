"""Open connections with TLS, and look at a certificate that was not trusted."""

import asyncio
import base64
import contextlib
import ssl
from urllib.parse import unquote, urlsplit

from sparkwizard.net.trust.certificate import issuer_of
from sparkwizard.net.trust.system import system_context

__all__ = ["Connection", "ProxyRefused", "connect", "peer_issuer"]

# Who only looks at a certificate does not wait long for it.
_LOOK_SECONDS = 5.0


class ProxyRefused(ConnectionRefusedError):
    """Report that a proxy answered and did not let a connection through.

    ``status`` is its answer, 0 for one that is no HTTP; ``schemes`` are the ways to sign in that
    it names, in lower case.
    """

    def __init__(self, status: int, schemes: tuple[str, ...] = ()) -> None:
        super().__init__(f"the proxy said {status or 'something else than HTTP'}")
        self.status, self.schemes = status, schemes


class Connection:
    """Hold an open connection of the diagnosis; nothing of the product's own is sent on it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def start_tls(self, context: ssl.SSLContext, host: str) -> str:
        """Shake hands and return who issued the certificate; ``ssl.SSLError`` if it fails."""
        await self._writer.start_tls(context, server_hostname=host)
        return issuer_of(_certificate(self._writer))

    async def close(self) -> None:
        """Close without waiting for a peer that does not answer."""
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()


async def connect(host: str, port: int, proxy: str | None) -> Connection:
    """Open a TCP connection, through the proxy where there is one; ``OSError`` if it fails."""
    if proxy is None:
        return Connection(*await asyncio.open_connection(host, port))
    parts = urlsplit(proxy)
    encrypted = system_context() if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if encrypted else 80), ssl=encrypted
    )
    try:
        writer.write(_connect_request(host, port, parts.username, parts.password))
        _expect_success(await reader.readuntil(b"\r\n\r\n"))
    except BaseException:
        writer.close()
        raise
    return Connection(reader, writer)


def _expect_success(answer: bytes) -> None:
    """Take the answer to CONNECT (RFC 9110, 9.3.6): any 2xx opens the way."""
    first, *headers = answer.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    status = int(rest[:3]) if version.startswith("HTTP/") and rest[:3].isdigit() else 0
    if 200 <= status < 300:
        return
    named = (header.partition(":") for header in headers)
    schemes = [
        value.split()[0].lower()
        for name, _, value in named
        if name.strip().lower() == "proxy-authenticate" and value.strip()
    ]
    raise ProxyRefused(status, tuple(schemes))


async def peer_issuer(host: str, port: int, proxy: str | None) -> str:
    """Return who issued the certificate that answers, trusted or not; "" if it can't be read.

    Nothing is sent on this connection: it is opened to read one name, and closed.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            connection = await connect(host, port, proxy)
            try:
                return await connection.start_tls(context, host)
            finally:
                await connection.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return ""


def _certificate(writer: asyncio.StreamWriter) -> bytes:
    found: object = writer.get_extra_info("ssl_object")
    if not isinstance(found, ssl.SSLObject):
        return b""
    return found.getpeercert(binary_form=True) or b""


def _connect_request(host: str, port: int, user: str | None, password: str | None) -> bytes:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if user:
        pair = f"{unquote(user)}:{unquote(password or '')}".encode()
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
