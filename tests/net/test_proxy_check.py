"""The way to Webex is tried layer by layer, through a real proxy; what fails is named."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sparkwizard.errors import NetError
from sparkwizard.net import proxy_check
from sparkwizard.net.client import Http
from sparkwizard.net.proxy_check import WayLayer, WayStep, check_way
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode, choose_proxy
from sparkwizard.net.retry import RetryPolicy
from tests.net.little_proxy import LittleProxy, little_proxy

WEBEX = "https://webexapis.example"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    choose_proxy(ProxyChoice())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/O=Contoso/CN=webexapis.example",
         "-addext", "subjectAltName=DNS:webexapis.example", "-keyout", key, "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


@pytest.fixture
async def webex(certificate: tuple[Path, Path]) -> AsyncIterator[int]:
    """Answer every request with an empty JSON object over TLS; yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def through(proxy: LittleProxy, **more: str) -> ProxyChoice:
    return ProxyChoice(ProxyMode.EXPLICIT, "127.0.0.1", proxy.port, **more)  # type: ignore[arg-type]  # texts only


async def steps(choice: ProxyChoice) -> list[WayStep]:
    return [step async for step in check_way(WEBEX, choice, seconds=5)]


async def test_a_way_that_works_passes_every_layer(
    webex: int, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy_check, "system_context", lambda: trusting(certificate))
    proxy = LittleProxy(("127.0.0.1", webex), "sparkwizard", "p@ss:wörd")
    async with little_proxy(proxy):
        made = await steps(through(proxy, username="sparkwizard", password="p@ss:wörd"))
    assert [step.layer for step in made] == list(WayLayer)
    assert all(step.passed for step in made)
    assert proxy.asked == ["webexapis.example:443"]
    assert "p@ss" not in repr(made)


@pytest.mark.parametrize(
    ("refusal", "layer", "summary", "fix"),
    [
        (("407 No", "Proxy-Authenticate: Negotiate", "Proxy-Authenticate: NTLM"),
         WayLayer.PERMISSION, "does not speak (negotiate or ntlm)", "helper"),
        (("407 No", "Proxy-Authenticate: Basic realm=x"),
         WayLayer.PERMISSION, "asks who you are", "user name"),
        (("403 Forbidden",), WayLayer.PERMISSION, "does not let webexapis.example", "allow"),
        (("504 Gateway Timeout",), WayLayer.PERMISSION, "can't reach", "look up"),
    ],
)  # fmt: skip
async def test_a_proxy_that_refuses_says_what_it_wants(
    refusal: tuple[str, ...], layer: WayLayer, summary: str, fix: str
) -> None:
    proxy = LittleProxy(refusal=refusal)
    async with little_proxy(proxy):
        last = (await steps(through(proxy)))[-1]
    assert (last.layer, last.passed) == (layer, False)
    assert summary in last.summary
    assert fix in last.fix


async def test_a_wrong_password_is_told_as_that() -> None:
    proxy = LittleProxy(user="sparkwizard", password="right")
    async with little_proxy(proxy):
        last = (await steps(through(proxy, username="sparkwizard", password="wrong")))[-1]
    assert "did not take the user name and password" in last.summary


async def test_a_proxy_that_is_not_there_fails_at_the_connection() -> None:
    proxy = LittleProxy()
    async with little_proxy(proxy):
        pass
    last = (await steps(through(proxy)))[-1]
    assert (last.layer, last.passed) == (WayLayer.CONNECTION, False)


async def test_a_proxy_without_a_name_in_this_network_fails_at_the_name() -> None:
    choice = ProxyChoice(ProxyMode.EXPLICIT, "no-such-proxy.invalid", 8080)
    last = (await steps(choice))[-1]
    assert (last.layer, last.passed) == (WayLayer.NAME, False)


async def test_inspection_by_an_unknown_authority_fails_at_the_encryption(webex: int) -> None:
    proxy = LittleProxy(("127.0.0.1", webex))
    async with little_proxy(proxy):
        last = (await steps(through(proxy)))[-1]
    assert (last.layer, last.passed) == (WayLayer.ENCRYPTION, False)
    assert "webexapis.example (Contoso)" in last.summary


async def test_every_request_goes_through_the_proxy_that_was_set_and_signs_in(webex: int) -> None:
    proxy = LittleProxy(("127.0.0.1", webex), "sparkwizard", "secret word")
    async with little_proxy(proxy):
        choose_proxy(through(proxy, username="sparkwizard", password="secret word"))
        async with Http(token="a-token", origins=[WEBEX], retries=RetryPolicy(tries=1)) as http:
            with pytest.raises(NetError, match="not trusted"):  # reached, and looked at
                await http.request("GET", f"{WEBEX}/v1/people/me")
    assert set(proxy.asked) == {"webexapis.example:443"}


async def test_excluded_names_go_directly() -> None:
    choice = ProxyChoice(ProxyMode.EXPLICIT, "127.0.0.1", 1, ("example",))
    first = (await steps(choice))[0]
    assert first.summary == "Directly, without a proxy: excluded in SparkWizard"
