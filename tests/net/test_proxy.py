"""Which way a request goes."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError
from sparkwizard.net.proxy import (
    RouteSource,
    is_loopback,
    origin_of,
    proxy_for,
    proxy_name,
    route_to,
)
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode, choose_proxy

WEBEX = "https://webexapis.com/v1"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    choose_proxy(ProxyChoice())


def test_the_setting_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://other.example:3128")
    assert route_to(WEBEX).source is RouteSource.ENVIRONMENT
    choose_proxy(ProxyChoice(ProxyMode.EXPLICIT, "proxy.example", 8080))
    assert route_to(WEBEX).proxy == "http://proxy.example:8080"
    assert route_to(WEBEX).source is RouteSource.SETTING


def test_none_means_none_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://other.example:3128")
    choose_proxy(ProxyChoice(ProxyMode.NONE))
    assert proxy_for(WEBEX) is None


def test_a_setting_is_read_at_the_first_request_only() -> None:
    read: list[int] = []

    def setting() -> ProxyChoice:
        read.append(1)
        return ProxyChoice(ProxyMode.NONE)

    choose_proxy(setting)
    assert read == []
    proxy_for(WEBEX)
    proxy_for(WEBEX)
    assert read == [1]


@pytest.mark.parametrize(
    ("exclusion", "host", "direct"),
    [
        ("contoso.example", "contoso.example", True),
        ("contoso.example", "mail.Contoso.Example.", True),
        ("contoso.example", "notcontoso.example", False),
        (".contoso.example", "contoso.example", False),
        ("*.contoso.example", "mail.contoso.example", True),
        ("", "contoso.example", False),
    ],
)
def test_exclusions_are_names_and_all_below_them(exclusion: str, host: str, direct: bool) -> None:
    choice = ProxyChoice(ProxyMode.EXPLICIT, "proxy.example", 8080, (exclusion,))
    assert choice.excludes(host) is direct


def test_user_name_and_password_reach_the_address_whole_and_are_never_shown() -> None:
    choice = ProxyChoice(
        ProxyMode.EXPLICIT, "proxy.example", 8080, username="dom\\user", password="p@:/ä"
    )
    assert choice.address == "http://dom%5Cuser:p%40%3A%2F%C3%A4@proxy.example:8080"
    assert "p@" not in repr(choice)
    assert "p%40" not in repr(route_to(WEBEX, choice=choice))


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
