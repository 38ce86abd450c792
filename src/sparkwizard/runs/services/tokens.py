"""Webex tokens of setups: found, kept, and told whose they are."""

from collections.abc import Mapping

from sparkwizard.errors import InputError, StorageError
from sparkwizard.net.proxy import origin_of
from sparkwizard.runs.services.data_folder import DataFolder
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import (
    SecretName,
    StoredSecret,
    keyring_locked,
    resolve_webex_token,
)
from sparkwizard.webex.identity import identify
from sparkwizard.webex.pasted_token import clean_token
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Identity

__all__ = ["Tokens", "api_url_of", "origins_of"]


def api_url_of(profile: Profile) -> str:
    """Return where people and tokens are asked about, empty where nobody is (design §6)."""
    return profile.webex.api_url or TenantUrl.parse(profile.webex.tenant_url).default_api_url


def origins_of(profile: Profile) -> frozenset[str]:
    """Return the origins that a token of this setup may be sent to."""
    urls = (profile.webex.tenant_url, api_url_of(profile))
    return frozenset(origin_of(url) for url in urls if url)


class Tokens(DataFolder):
    """Find and keep the tokens of setups, each only for the origins it was confirmed for."""

    def token_for(self, profile: Profile) -> str:
        """Return the Webex token for a setup: from the environment, else the keyring. Blocking.

        Raises InputError where there is none, NotSent where it was not confirmed for every origin
        of the setup, StorageError.
        """
        return self._token(self._environ, profile)

    def kept_token(self, profile: Profile) -> str:
        """Return the saved Webex token of a setup, never that of the environment. Blocking.

        For looks that nobody asked for: a locked keyring is not asked to open. Raises as
        ``token_for`` does.
        """
        if self.secrets.durable and keyring_locked():
            raise StorageError("The keyring is locked.", fix="Unlock it.", code="keyring-locked")
        return self._token({}, profile)

    def _token(self, environ: Mapping[str, str], profile: Profile) -> str:
        organization = profile.webex.organization_id
        tokens = {
            resolve_webex_token(environ, self.secrets, organization, origin)
            for origin in origins_of(profile)
        }
        return _cleaned(tokens.pop())

    def keep_token(self, profile: Profile, token: str) -> None:
        """Save the token to the keyring for this setup's origins and read it back. Blocking.

        Raises StorageError where there is no keyring or it did not keep the token.
        """
        secret = StoredSecret(token, tuple(sorted(origins_of(profile))))
        organization = profile.webex.organization_id
        self.secrets.save(organization, SecretName.WEBEX, secret)

    async def identify(self, token: str, api_url: str) -> Identity:
        """Ask Webex whose token this is. Raises NotAuthorized, NetError."""
        from sparkwizard.net.client import Http  # noqa: PLC0415 -- most commands send nothing so

        async with Http(token=token, origins=(origin_of(api_url),)) as http:
            return await identify(http, api_url, token, self.clock())


def _cleaned(token: str) -> str:
    """Return the token without ``Bearer`` and quotes; what looks like none is tried as it is.

    Other SCIM servers hand out tokens of any form.
    """
    try:
        return clean_token(token).token
    except InputError:
        return token
