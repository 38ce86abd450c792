"""Write the identifiers that the people API of Webex uses."""

import base64
import binascii


def webex_id(kind: str, identifier: str) -> str:
    """Return the unpadded base64 form of ``ciscospark://us/KIND/identifier``."""
    text = f"ciscospark://us/{kind}/{identifier}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def bare_id(kind: str, text: str) -> str | None:
    """Return the identifier inside a base64 form of this kind; None where it is no such form."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    prefix = f"ciscospark://us/{kind}/"
    return plain.removeprefix(prefix) if plain.startswith(prefix) else None
