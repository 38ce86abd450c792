"""Microsoft's clouds: where Graph is in each, and who signs people in there.

Sources: Microsoft Graph, "National cloud deployments"; Microsoft identity platform, "National
clouds". Microsoft 365 GCC uses the global service.
"""

from urllib.parse import urlsplit

from sparkwizard.entra.types import EntraCloud
from sparkwizard.errors import InputError
from sparkwizard.net.proxy import is_loopback, origin_of

__all__ = [
    "CLOUDS",
    "DEFAULT_GRAPH_URL",
    "authority_of",
    "cloud_of",
    "graph_base",
    "sign_in_origins",
]

DEFAULT_GRAPH_URL = "https://graph.microsoft.com/v1.0"

CLOUDS: tuple[EntraCloud, ...] = (
    EntraCloud("Global", "https://graph.microsoft.com", "https://login.microsoftonline.com"),
    EntraCloud(
        "US Government (GCC High)",
        "https://graph.microsoft.us",
        "https://login.microsoftonline.us",
    ),
    EntraCloud(
        "US Government (DoD)",
        "https://dod-graph.microsoft.us",
        "https://login.microsoftonline.us",
    ),
    EntraCloud(
        "China (21Vianet)",
        "https://microsoftgraph.chinacloudapi.cn",
        "https://login.partner.microsoftonline.cn",
        ("https://login.chinacloudapi.cn",),
    ),
)

_VERSION = "/v1.0"


def graph_base(url: str) -> str:
    """Return where Graph is asked, with its version; "" is the global service.

    Raises ``InputError`` for an address that is neither one of Microsoft's nor on this computer:
    a token of Entra would be sent there.
    """
    cleaned = (url.strip() or DEFAULT_GRAPH_URL).rstrip("/")
    origin = origin_of(cleaned)
    cloud = next((known for known in CLOUDS if known.graph_origin == origin), None)
    if cloud is not None:
        return f"{cloud.graph_origin}{_VERSION}"
    if origin and is_loopback(urlsplit(origin).hostname or ""):
        return cleaned
    raise InputError(
        "This is not an address of Microsoft Graph.",
        fix=f"Leave graph_url out, or name one of {', '.join(c.graph_origin for c in CLOUDS)}.",
        code="graph-url",
    )


def cloud_of(url: str) -> EntraCloud | None:
    """Return the cloud of a Graph address, None for one on this computer."""
    origin = origin_of(url.strip() or DEFAULT_GRAPH_URL)
    return next((cloud for cloud in CLOUDS if cloud.graph_origin == origin), None)


def authority_of(url: str) -> str:
    """Return who signs people in for a Graph address, without the tenant.

    On this computer that is the same server: the practice tenant.
    """
    cloud = cloud_of(url)
    return cloud.authority if cloud else origin_of(url)


def sign_in_origins(url: str) -> tuple[str, ...]:
    """Return every origin that a sign-in for a Graph address may ask."""
    cloud = cloud_of(url)
    return (authority_of(url), *(cloud.also if cloud else ()))
