"""A token that somebody brought along, and is not renewed here."""

from sparkwizard.errors import NotAuthorized
from sparkwizard.net.redact import register_secret

__all__ = ["GivenToken"]


class GivenToken:
    """Hand out one access token, for example of ``SPARKWIZARD_GRAPH_TOKEN``."""

    def __init__(self, token: str) -> None:
        self._token = token
        register_secret(token)

    async def token(self) -> str:
        """Return the token."""
        return self._token

    async def renewed(self, refused: str, claims: str = "") -> str:
        """Raise ``NotAuthorized``: there is no other."""
        del refused, claims
        raise NotAuthorized(
            "Microsoft Graph did not accept the access token: it is wrong, or it has expired.",
            fix="Set SPARKWIZARD_GRAPH_TOKEN to a new one, or unset it and sign in.",
            status=401,
        )
