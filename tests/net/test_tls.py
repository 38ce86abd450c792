"""Connections that this computer does not trust are refused, and say who stands behind them."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import CertificateProblem
from sparkwizard.net.certificate import issuer_of
from sparkwizard.net.client import Http
from sparkwizard.net.tls import peer_issuer

SUBJECT = "/O=Contoso Inspection/CN=Contoso Web Gateway"


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate for localhost that an unknown authority issued."""
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "cert.pem"
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run("openssl", "req", "-x509", *new, "-days", "2", "-subj", SUBJECT,
        "-keyout", folder / "ca.key", "-out", folder / "ca.pem")  # fmt: skip
    run("openssl", "req", *new, "-subj", "/CN=localhost",
        "-keyout", key, "-out", folder / "req.pem")  # fmt: skip
    (folder / "ext").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
    run("openssl", "x509", "-req", "-in", folder / "req.pem", "-CA", folder / "ca.pem",
        "-CAkey", folder / "ca.key", "-days", "2", "-extfile", folder / "ext",
        "-out", made)  # fmt: skip
    return made, key


@pytest.fixture
async def port_and_bytes(certificate: tuple[Path, Path]) -> AsyncIterator[tuple[int, bytearray]]:
    """Serve TLS with that certificate; yield the port and whatever was sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    received = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read(10_000))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], received


async def test_an_unknown_authority_is_refused_by_name(
    port_and_bytes: tuple[int, bytearray],
) -> None:
    port, received = port_and_bytes
    origin = f"https://localhost:{port}"
    async with Http(token="some-token", origins=[origin]) as http:
        with pytest.raises(CertificateProblem, match="not trusted by this computer") as caught:
            await http.request("GET", f"{origin}/x")
    assert caught.value.issuer == "Contoso Web Gateway (Contoso Inspection)"
    assert bytes(received) == b""


async def test_an_issuer_is_read_without_sending_anything(
    port_and_bytes: tuple[int, bytearray],
) -> None:
    port, received = port_and_bytes
    assert "Contoso Web Gateway" in await peer_issuer("localhost", port, None)
    assert bytes(received) == b""


async def test_the_issuer_of_a_closed_port_is_unknown() -> None:
    assert await peer_issuer("127.0.0.1", 9, None) == ""


@given(st.binary(max_size=200))
def test_no_bytes_can_break_the_reading_of_an_issuer(noise: bytes) -> None:
    assert isinstance(issuer_of(noise), str)


def test_a_cut_certificate_has_no_issuer(certificate: tuple[Path, Path]) -> None:
    der = ssl.PEM_cert_to_DER_cert(certificate[0].read_text())
    assert issuer_of(der) == "Contoso Web Gateway (Contoso Inspection)"
    assert issuer_of(der[:60]) == ""
