"""Which proxy a request goes through, if any."""

import ipaddress
import urllib.request
from urllib.parse import urlsplit

from sparkwizard.errors import InputError

__all__ = ["is_loopback", "origin_of", "proxy_for", "proxy_name"]

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


def proxy_for(url: str, explicit: str | None = None) -> str | None:
    """Return the proxy's address for a request, or None for a direct connection.

    An explicit proxy wins; else the environment's or the operating system's, whose own exclusion
    lists count (httpx leaves those of Windows and macOS out: encode/httpx#1536). Loopback is
    always direct.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return None
    if explicit:
        return _checked(explicit)
    if urllib.request.proxy_bypass(f"{host}:{parts.port}" if parts.port else host):
        return None
    known = urllib.request.getproxies()
    found = known.get(parts.scheme) or known.get("all")
    return _checked(found) if found else None


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
