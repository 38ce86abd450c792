"""Which proxy a request goes through, if any: the setting, else the environment, else the system.

The setting is one for the whole process: a request that went another way than all others would be
nobody's wish.
"""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode, chosen_proxy

__all__ = [
    "Route",
    "RouteSource",
    "is_loopback",
    "origin_of",
    "proxy_for",
    "proxy_name",
    "route_to",
]

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer: 127.0.0.0/8, ::1 or localhost."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address in one spelling; "" if it has none.

    A port that goes without saying is left out.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    if not host or not parts.scheme or port == 0:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if port in (None, _DEFAULT_PORTS.get(parts.scheme)):
        return f"{parts.scheme}://{shown}"
    return f"{parts.scheme}://{shown}:{port}"


class RouteSource(StrEnum):
    """Say who decided which way a request goes; the value ends a sentence."""

    LOOPBACK = "this computer is always reached directly"
    SETTING = "set in SparkWizard"
    EXCLUDED = "excluded in SparkWizard"
    ENVIRONMENT = "from the environment"
    SYSTEM = "from the system's settings"
    NOBODY = "nobody set a proxy"


class Route(msgspec.Struct, frozen=True):
    """Hold the way to an address: the proxy's own address, None for a direct connection."""

    proxy: str | None
    source: RouteSource

    def __repr__(self) -> str:
        return f"Route({self.source.value!r})"  # the address may hold a password


def proxy_for(url: str, explicit: str | None = None) -> str | None:
    """Return the proxy's address for a request, or None for a direct connection.

    See ``route_to``.
    """
    return route_to(url, explicit).proxy


def route_to(url: str, explicit: str | None = None, choice: ProxyChoice | None = None) -> Route:
    """Return which way a request goes, and who decided so. Raises ``InputError``.

    An explicit proxy wins, then the setting (``choice``, by default what was chosen), then the
    environment's or the operating system's, whose own exclusion lists count (httpx leaves those of
    Windows and macOS out: encode/httpx#1536). Loopback is always direct.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return Route(None, RouteSource.LOOPBACK)
    if explicit:
        return Route(_checked(explicit), RouteSource.SETTING)
    choice = choice or chosen_proxy()
    if choice.mode is ProxyMode.NONE:
        return Route(None, RouteSource.SETTING)
    if choice.mode is ProxyMode.EXPLICIT:
        if choice.excludes(host):
            return Route(None, RouteSource.EXCLUDED)
        return Route(_checked(choice.address), RouteSource.SETTING)
    return _around(parts.scheme, f"{host}:{parts.port}" if parts.port else host)


def _around(scheme: str, host: str) -> Route:
    """Return the way that the environment, or else the system, names."""
    import urllib.request  # noqa: PLC0415 -- brings http and email; many commands ask for no way

    told = urllib.request.getproxies_environment()
    source = RouteSource.ENVIRONMENT if told else RouteSource.SYSTEM
    if urllib.request.proxy_bypass(host):
        return Route(None, source)
    known = urllib.request.getproxies()
    found = known.get(scheme) or known.get("all")
    if not found:
        return Route(None, RouteSource.NOBODY)
    return Route(_checked(found), source)


def proxy_name(proxy: str) -> str:
    """Return a proxy's host and port without its password, for sentences."""
    parts = urlsplit(proxy)
    host = parts.hostname or proxy
    return f"{host}:{parts.port}" if parts.port else host


def _checked(proxy: str) -> str:
    """Return the proxy with its scheme; ``InputError`` for a kind that is not spoken here."""
    address = proxy.strip()
    if "://" not in address:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            "The proxy in the settings of this computer can't be used.",
            fix="Enter an HTTP proxy, for example http://proxy.contoso.example:8080.",
        )
    return address
