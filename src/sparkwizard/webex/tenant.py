"""Read and write Tenant URLs: the form spoken here, the form of Entra's field, other servers'.

====================== ===================================================================
spoken here (SCIM 2.0) ``https://webexapis.com/identity/scim/<uuid>/v2``
Entra's field          ``https://api.ciscospark.com/v1/scim/<OrgId>``, UUID or base64
government             ``https://api-usgov.webex.com/identity/scim/<uuid>/v2``
internal SCIM 1.x      ``https://identity.webex.com/identity/scim/<uuid>/v1``
another server         any https address, or http on this computer
====================== ===================================================================

What Entra's address speaks on the wire is documented nowhere, so from this computer the same
organization is reached at the documented SCIM 2.0 address.
"""

import re
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.net.proxy import is_loopback, origin_of
from sparkwizard.webex.organization import parse_organization_id, unquoted
from sparkwizard.webex.types import Cloud, Organization

__all__ = ["TenantUrl", "entra_form", "spoken_form"]

_CLOUDS = {
    "webexapis.com": Cloud.COMMERCIAL,
    "api.ciscospark.com": Cloud.COMMERCIAL,
    "identity.webex.com": Cloud.COMMERCIAL,
    "api-usgov.webex.com": Cloud.GOVERNMENT,
}
_SCIM_HOSTS = {Cloud.COMMERCIAL: "webexapis.com", Cloud.GOVERNMENT: "api-usgov.webex.com"}
_ENTRA_HOST = "api.ciscospark.com"
_INTERNAL_HOST = "identity.webex.com"
# Translations of Microsoft's tutorial name a host that is not Cisco's: no token goes there.
_MISTRANSLATED = "api.ciscoweb.com"

_FLAGS = ("aadOptscim062020", "AzureAdScimPatch2017")
_ENDPOINTS = re.compile(
    r"(?i)/(?:Users|Groups|Bulk|ServiceProviderConfigs?|ResourceTypes|Schemas|Me)(?:/.*)?$"
)
_SCIM_PATH = re.compile(r"(?i)/identity/scim/(?P<id>[^/]+)(?:/(?P<version>v[12]))?$")
_ENTRA_PATH = re.compile(r"(?i)/v1/scim/(?P<id>[^/]+)$")
# Names of letters, digits and inner hyphens, one dot between; or an IPv6 address.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?|[0-9a-f.]*:[0-9a-f:.]*")
_FIX = "It looks like https://webexapis.com/identity/scim/<organization ID>/v2."


class TenantUrl(msgspec.Struct, frozen=True):
    """Hold where SCIM is spoken, and for whom.

    ``scim_base`` is the part before ``/Users``. ``organization_id`` is the UUID, "" where the
    address has none. ``flags`` are Entra's own behaviour flags, which mean nothing here and are
    kept for Entra.
    """

    scim_base: str
    organization_id: str
    cloud: Cloud
    flags: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the Tenant URL in what a person pasted; ``InputError`` says what is wrong.

        Forgiven: spaces, quotes, a missing scheme, an endpoint such as ``/Users`` at the end, a
        bare organization ID.
        """
        cleaned = unquoted("".join(text.split()))
        if not cleaned:
            raise InputError("There is no Tenant URL yet.", fix=_FIX)
        if "/" not in cleaned and "." not in cleaned and ":" not in cleaned:
            return cls._for_organization(cleaned)
        parts = _split(cleaned)
        path = _ENDPOINTS.sub("", re.sub(r"/{2,}", "/", parts.path).rstrip("/"))
        path = path.rstrip("/")
        flags = tuple(flag for flag in _FLAGS if flag.lower() in parts.query.lower())
        cloud = _CLOUDS.get(parts.hostname or "", Cloud.OTHER)
        if cloud is Cloud.OTHER:
            return cls(f"{origin_of(parts.geturl())}{path}", _organization_in(path), cloud, flags)
        return cls._at_webex(parts, path, cloud, flags)

    @classmethod
    def _for_organization(cls, text: str) -> Self:
        try:
            organization = parse_organization_id(text)
        except InputError as error:
            raise InputError("This is not a Tenant URL.", fix=_FIX) from error
        return cls(spoken_form(organization), organization.uuid, Cloud.COMMERCIAL)

    @classmethod
    def _at_webex(cls, parts: SplitResult, path: str, cloud: Cloud, flags: tuple[str, ...]) -> Self:
        if parts.scheme != "https" or parts.port not in (None, 443):
            raise InputError("Webex is only reached at https:// without a port.", fix=_FIX)
        pattern = _ENTRA_PATH if parts.hostname == _ENTRA_HOST else _SCIM_PATH
        found = pattern.fullmatch(path)
        if found is None:
            raise InputError("This address of Webex is not a Tenant URL.", fix=_FIX)
        organization = parse_organization_id(unquote(found["id"]))
        if parts.hostname == _INTERNAL_HOST:
            base = f"https://{_INTERNAL_HOST}/identity/scim/{organization.uuid}"
            version = str(found["version"] or "v1").lower()
            return cls(f"{base}/{version}", organization.uuid, cloud, flags)
        return cls(spoken_form(organization, cloud), organization.uuid, cloud, flags)

    @property
    def origin(self) -> str:
        """Return scheme, host and port: where a token confirmed for this address may go."""
        return origin_of(self.scim_base)

    @property
    def host(self) -> str:
        """Return the host's name."""
        return urlsplit(self.scim_base).hostname or ""

    @property
    def is_webex(self) -> bool:
        """Return whether the host is Webex's own."""
        return self.cloud is not Cloud.OTHER

    @property
    def default_api_url(self) -> str:
        """Return where the people and token API is, "" off Webex's hosts (design §6)."""
        host = _SCIM_HOSTS.get(self.cloud)
        return f"https://{host}/v1" if host else ""

    def __str__(self) -> str:
        return self.scim_base


def entra_form(organization: Organization) -> str:
    """Return the Tenant URL for the field of that name in Entra (tutorial of 2025)."""
    return f"https://{_ENTRA_HOST}/v1/scim/{organization.uuid}"


def spoken_form(organization: Organization, cloud: Cloud = Cloud.COMMERCIAL) -> str:
    """Return the SCIM 2.0 address of an organization at Webex."""
    host = _SCIM_HOSTS.get(cloud, _SCIM_HOSTS[Cloud.COMMERCIAL])
    return f"https://{host}/identity/scim/{organization.uuid}/v2"


def _split(text: str) -> SplitResult:
    """Return the address in parts, the scheme guessed; ``InputError`` where none can be asked."""
    address = text if re.match(r"(?i)[a-z][a-z0-9+.-]*://", text) else _with_scheme(text)
    try:
        parts = urlsplit(address)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid or not _HOST.fullmatch(parts.hostname or ""):
        raise InputError("This is not a web address.", fix=_FIX)
    host = parts.hostname or ""
    if parts.username or parts.password:
        raise InputError(
            "The Tenant URL holds a user name or password.", fix="Enter it without them."
        )
    if host == _MISTRANSLATED or host.endswith(_MISTRANSLATED.removeprefix("api")):
        raise InputError(
            f"{host} is a slip in translations of the tutorial and not an address of Webex.",
            fix=f"Write {_ENTRA_HOST} in its place.",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise InputError(
            "A Tenant URL starts with https://; plain http is only for this computer.", fix=_FIX
        )
    return parts


def _with_scheme(text: str) -> str:
    try:
        local = is_loopback(urlsplit(f"//{text}").hostname or "")
    except ValueError:
        local = False
    return f"{'http' if local else 'https'}://{text}"


def _organization_in(path: str) -> str:
    """Return the organization of an address built like Webex's, on any host."""
    found = _SCIM_PATH.search(path) or _ENTRA_PATH.search(path)
    if found is None:
        return ""
    try:
        return parse_organization_id(unquote(found["id"])).uuid
    except InputError:
        return ""
