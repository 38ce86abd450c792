"""Make the administrator link of Microsoft's tutorial, with a state to recognize the answer by."""

import secrets
from urllib.parse import quote, urlencode

from sparkwizard.errors import InputError
from sparkwizard.webex.types import PastedToken

__all__ = ["admin_link", "check_state", "new_state"]

# MicrosoftDocs/entra-docs, cisco-webex-provisioning-tutorial.md (2025-03): the page it leads to
# can't be opened, and that is right: the token stands in that page's address.
_AUTHORIZE = "https://idbroker.webex.com/idb/oauth2/v1/authorize"
_CLIENT = "C4ca14fe00b0e51efb414ebd45aa88c1858c3bfb949b2405dba10b0ca4bc37402"
_REDIRECT = "http://localhost:3000/auth/code"
_SCOPES = "spark:people_read spark:people_write Identity:SCIM"


def new_state() -> str:
    """Return a fresh random state; keep it until the address is pasted."""
    return secrets.token_urlsafe(24)


def admin_link(state: str) -> str:
    """Return the address where a full administrator signs in for a token."""
    query = {
        "response_type": "token",
        "client_id": _CLIENT,
        "redirect_uri": _REDIRECT,
        "scope": _SCOPES,
        "state": state,
    }
    return f"{_AUTHORIZE}?{urlencode(query, quote_via=quote, safe='')}"


def check_state(pasted: PastedToken, state: str) -> None:
    """Raise ``InputError`` where a pasted address answers another link than the one opened.

    A token pasted alone carries no state and passes.
    """
    came_from_address = "address" in pasted.cleaned
    if came_from_address and not secrets.compare_digest(pasted.state.encode(), state.encode()):
        raise InputError(
            "This address does not belong to the link that was opened from here.",
            fix="Open the administrator link again, sign in, and paste the address it ends at.",
        )
