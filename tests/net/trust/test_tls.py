"""Connections that this computer does not trust are refused, and say who stands behind them."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import CertificateProblem, Unreachable
from sparkwizard.net.client import Http
from sparkwizard.net.retry import set_waiting
from sparkwizard.net.trust.certificate import issuer_of
from sparkwizard.net.trust.tls import peer_issuer
from sparkwizard.webex.diagnosis import diagnose
from sparkwizard.webex.types import Standing

SUBJECT = "/O=Contoso Inspection/CN=Contoso Web Gateway"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    set_waiting(False)
    yield
    set_waiting(True)


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


async def test_a_server_without_encryption_is_told_as_that() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        origin = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        async with Http(token="some-token", origins=[origin]) as http:
            with pytest.raises(Unreachable, match="encrypted connection"):
                await http.request("GET", origin)
        layers = await diagnose(tenant_url=f"{origin}/v2", token="some-token")
    assert "encrypted connection" in layers[2].summary


async def test_the_issuer_of_a_closed_port_is_unknown() -> None:
    assert await peer_issuer("127.0.0.1", 9, None) == ""


# -- through a proxy, and with a certificate that is trusted -----------------------------------


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """Serve a proxy that tunnels every host to this computer; yield it and what it was asked."""
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        port = int(heads[-1].split(" ")[1].rpartition(":")[2])
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_tunnel(reader, inner_writer), _tunnel(inner_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://user:pa55@127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    server.close()
    await asyncio.sleep(0.05)  # the tunnels end when both sides have closed


async def test_an_untrusted_certificate_behind_a_proxy_is_refused_by_name(
    port_and_bytes: tuple[int, bytearray], proxy: tuple[str, list[str]]
) -> None:
    port, received = port_and_bytes
    origin = f"https://inspected.example:{port}"
    async with Http(token="some-token", origins=[origin], proxy=proxy[0]) as http:
        with pytest.raises(CertificateProblem) as caught:
            await http.request("GET", f"{origin}/x")
    assert caught.value.issuer.startswith("Contoso Web Gateway")
    assert all(head.startswith("CONNECT inspected.example:") for head in proxy[1])
    assert all("Proxy-Authorization: Basic " in head for head in proxy[1])
    assert "some-token" not in "".join(proxy[1])
    assert bytes(received) == b""


async def test_a_certificate_of_the_systems_store_is_trusted(
    port_and_bytes: tuple[int, bytearray],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0].with_name("ca.pem")))
    port, received = port_and_bytes
    origin = f"https://localhost:{port}"
    async with Http(token="some-token", origins=[origin]) as http:
        with pytest.raises(Unreachable):  # the little server closes without an answer
            await http.request("POST", f"{origin}/x")
    assert b"Bearer some-token" in bytes(received)


async def test_a_certificate_for_another_name_is_told_as_that(
    port_and_bytes: tuple[int, bytearray],
    certificate: tuple[Path, Path],
    proxy: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0].with_name("ca.pem")))
    origin = f"https://other.example:{port_and_bytes[0]}"
    async with Http(token="some-token", origins=[origin], proxy=proxy[0]) as http:
        with pytest.raises(CertificateProblem, match="belongs to another name"):
            await http.request("GET", f"{origin}/x")


async def test_the_diagnosis_names_proxy_and_issuer(
    port_and_bytes: tuple[int, bytearray],
    certificate: tuple[Path, Path],
    proxy: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"https://inspected.example:{port_and_bytes[0]}/v2"
    name, connection, failed, *_ = await diagnose(tenant_url=url, token="tok-en", proxy=proxy[0])
    assert (name.standing, connection.standing) == (Standing.PASS, Standing.PASS)
    assert connection.summary.startswith("Reached through 127.0.0.1:")
    assert failed.standing is Standing.FAIL
    assert "Issued by Contoso Web Gateway (Contoso Inspection)" in failed.evidence
    assert "pa55" not in repr((name, connection, failed))


async def test_the_diagnosis_shows_who_issued_a_trusted_certificate(
    port_and_bytes: tuple[int, bytearray],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0].with_name("ca.pem")))
    url = f"https://localhost:{port_and_bytes[0]}/v2"
    layer = (await diagnose(tenant_url=url, token="tok-en", timeout=2))[2]
    assert (layer.standing, layer.summary) == (Standing.PASS, "Trusted by this computer")
    assert layer.evidence == ("Issued by Contoso Web Gateway (Contoso Inspection)",)


@given(st.binary(max_size=200))
def test_no_bytes_can_break_the_reading_of_an_issuer(noise: bytes) -> None:
    assert isinstance(issuer_of(noise), str)


def test_a_cut_certificate_has_no_issuer(certificate: tuple[Path, Path]) -> None:
    der = ssl.PEM_cert_to_DER_cert(certificate[0].read_text())
    assert issuer_of(der) == "Contoso Web Gateway (Contoso Inspection)"
    assert issuer_of(der[:60]) == ""
