"""The proxy that was set in the window is the commands' too, and ``check`` says so."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Cli
from tests.net.little_proxy import LittleProxy, little_proxy

URL = "https://webexapis.com/identity/scim/2b0a2f9e-6f3e-4c57-9d35-5c9a8d6f0a11/v2"
ENVIRON = {"SPARKWIZARD_TOKEN": "some-token-of-webex", "https_proxy": "http://127.0.0.1:9"}


@pytest.fixture
def proxy() -> Iterator[LittleProxy]:
    """Serve a proxy that allows nothing, on a thread of its own."""
    made, ready, stop = LittleProxy(refusal=("403 Forbidden",)), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with little_proxy(made):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(10)
    yield made
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def setting(data_dir: Path, text: str) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "network.toml").write_text(f"[proxy]\n{text}\n", "utf-8")


def test_check_goes_the_way_that_was_set_and_names_it(
    cli: Cli, data_dir: Path, proxy: LittleProxy
) -> None:
    setting(data_dir, f'mode = "explicit"\nhost = "127.0.0.1"\nport = {proxy.port}')
    ran = cli("check", "--tenant-url", URL, env=ENVIRON)
    assert ran.code == 1
    connection = next(one for one in ran.json["layers"] if one["name"] == "connection")
    assert connection["standing"] == "fail"
    assert f"127.0.0.1:{proxy.port}" in connection["summary"]
    assert "webexapis.com:443" in proxy.asked


def test_a_setting_that_is_damaged_stops_what_needs_the_network_and_nothing_else(
    cli: Cli, data_dir: Path
) -> None:
    setting(data_dir, 'mode = "magic"')
    ran = cli("check", "--tenant-url", URL, env=ENVIRON)
    assert ran.json["error"]["code"] == "network-setting"
    assert cli("runs").code == 0
