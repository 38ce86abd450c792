"""A real mail server for the tests, with STARTTLS, TLS and passwords."""

import asyncio
import gc
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sparkwizard.net.smtp import MailServer

type Security = Literal["starttls", "tls", "none"]

PASSES = pytest.mark.filterwarnings(
    "ignore:unclosed <StreamWriter:ResourceWarning",  # aiosmtpd, where a client hangs up
    "ignore:Requiring AUTH while not requiring TLS:UserWarning",  # on loopback
)
"""What a module that uses this server lets pass."""

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def certificate_for(folder: Path) -> Path:
    """Make an authority, and a key and a certificate for localhost; return the authority's."""
    (folder / "ext").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
    ca, request = folder / "ca.pem", folder / "req.pem"
    for command in (
        ("req", "-x509", *NEW_KEY, "-days", "2", "-subj", "/CN=Test authority",
         "-keyout", folder / "ca.key", "-out", ca),
        ("req", *NEW_KEY, "-subj", "/CN=localhost",
         "-keyout", folder / "key.pem", "-out", request),
        ("x509", "-req", "-in", request, "-CA", ca, "-CAkey", folder / "ca.key", "-days", "2",
         "-extfile", folder / "ext", "-out", folder / "cert.pem"),
    ):  # fmt: skip
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return ca


@dataclass
class Inbox:
    """What a server was given."""

    port: int = 0
    mails: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    refuses: str = ""

    def server(self, security: Security, username: str = "", password: str = "") -> MailServer:
        return MailServer("localhost", self.port, security, username, password)

    @property
    def texts(self) -> list[str]:
        contents = [mail.content for mail in self.mails]
        return [one.decode() if isinstance(one, bytes) else one or "" for one in contents]

    async def handle_RCPT(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.refuses:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.mails.append(envelope)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


class _Controller(Controller):
    """Listen on any free port, and say on which."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has no types here


@contextmanager
def serving(
    ca: Path, security: Security, *, password: str = "", refuses: str = ""
) -> Iterator[Inbox]:
    """Serve on loopback; with a ``password`` only who signs in may send."""
    inbox = Inbox(refuses=refuses)

    def judged(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        inbox.tried.append(data.password.decode())
        return AuthResult(success=data.password.decode() == password, handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca.with_name("cert.pem"), ca.with_name("key.pem"))
    controller = _Controller(
        inbox,
        hostname="localhost",
        port=0,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        auth_required=bool(password),
        auth_require_tls=security == "starttls",
        authenticator=judged if password else None,
        auth_exclude_mechanism=() if password else ("LOGIN", "PLAIN"),
    )
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()
        gc.collect()  # while its warnings are let pass
