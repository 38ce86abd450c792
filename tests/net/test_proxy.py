"""Which way a request goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError
from sparkwizard.net.proxy import is_loopback, origin_of, proxy_for, proxy_name

WEBEX = "https://webexapis.com/v1"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_a_proxy_the_way_is_direct() -> None:
    assert proxy_for(WEBEX) is None


def test_an_excluded_host_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "contoso.example,.webexapis.com")
    assert proxy_for(WEBEX) is None
    assert proxy_for("https://graph.microsoft.com") == "http://proxy.example:3128"


def test_an_explicit_proxy_wins_and_needs_no_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://other.example:3128")
    assert proxy_for(WEBEX, "proxy.example:8080") == "http://proxy.example:8080"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "localhost", "LOCALHOST."])
def test_this_computer_is_never_reached_through_a_proxy(host: str) -> None:
    assert proxy_for(f"http://{host}:8080/x", "http://proxy.example:8080") is None


@pytest.mark.parametrize("proxy", ["socks5://proxy.example:1080", "http://", "http://x:99999"])
def test_a_proxy_that_is_not_spoken_is_refused_in_words(proxy: str) -> None:
    with pytest.raises(InputError, match="proxy"):
        proxy_for(WEBEX, proxy)


def test_a_proxy_is_named_without_its_password() -> None:
    assert proxy_name("http://user:pa55@proxy.example:8080") == "proxy.example:8080"


@pytest.mark.parametrize("host", ["", "127.0.0.1.example", "128.0.0.1", "localhost.example", "0"])
def test_what_only_looks_local_is_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://WebexApis.com/v1?x", "https://webexapis.com"),
        ("https://webexapis.com:443", "https://webexapis.com"),
        ("https://webexapis.com:8443/", "https://webexapis.com:8443"),
        ("http://[::1]:80/x", "http://[::1]"),
        ("https://webexapis.com@evil.example/", "https://evil.example"),
        ("webexapis.com", ""),
        ("https://x:port/", ""),
    ],
)
def test_an_origin_has_one_spelling(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@given(st.text(max_size=40))
def test_no_text_can_break_the_reading_of_an_origin(text: str) -> None:
    assert isinstance(origin_of(text), str)
