"""Understand Webex's ids: base64 of ``ciscospark://<where>/<kind>/<id>``, and plain UUIDs."""

import base64
import binascii
import re
import unicodedata
from uuid import UUID

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.webex.types import Organization

__all__ = ["WebexId", "decode_id", "parse_organization_id", "unquoted"]

_ADDRESS = re.compile(r"ciscospark://(?P<where>[^/]+)/(?P<kind>[A-Za-z_]+)/(?P<id>[^/\s]+)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_QUOTES = "<>\"'`´‘’‚‛“”„‟‹›«»＂＇"  # noqa: RUF001 -- the quotes that word processors make of them

_FIX = "Copy the Organization ID from Control Hub, or “orgId” from the answer of /people/me."


class WebexId(msgspec.Struct, frozen=True):
    """Hold a decoded id: ``where`` it lives (us, or a cluster), its ``kind``, and the id proper."""

    where: str
    kind: str
    id: str


def decode_id(text: str) -> WebexId | None:
    """Return a decoded id, or None where the text is none; padding may be missing."""
    found = _ADDRESS.fullmatch(text) or _ADDRESS.fullmatch(_from_base64(text))
    return WebexId(found["where"], found["kind"].upper(), found["id"]) if found else None


def parse_organization_id(text: str) -> Organization:
    """Return an organization's id in both forms from any form people have it in.

    Base64 padded or not, either alphabet, of any cluster; the decoded address; a UUID in any
    case, with or without braces. ``InputError`` for anything else.
    """
    cleaned = unquoted("".join(text.split()))
    if uuid := _uuid(cleaned):
        return Organization(uuid, _to_base64("us", uuid))
    decoded = decode_id(cleaned)
    if decoded is None:
        raise _no_id(cleaned)
    uuid = _uuid(decoded.id)
    if decoded.kind != "ORGANIZATION" or not uuid:
        raise InputError(
            f"This is the ID of something else ({decoded.kind.lower()}), not of an organization.",
            fix=_FIX,
        )
    return Organization(uuid, _to_base64(decoded.where, uuid))


def unquoted(text: str) -> str:
    """Return the text without invisible characters, and the space and quotes around it."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    before = None
    while before != visible:
        before = visible
        visible = visible.strip().strip(_QUOTES)
    return visible


def _no_id(text: str) -> InputError:
    if not text:
        return InputError("There is no organization ID yet.", fix=_FIX)
    return InputError("This is not an organization ID of Webex.", fix=_FIX)


def _uuid(text: str) -> str:
    """Return a UUID in its usual spelling, or an empty text."""
    bare = text.removeprefix("urn:uuid:").removeprefix("{").removesuffix("}")
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", bare):
        return ""
    return str(UUID(bare))


def _from_base64(text: str) -> str:
    if not _BASE64.fullmatch(text):
        return ""
    ordinary = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(ordinary + "=" * (-len(ordinary) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _to_base64(where: str, uuid: str) -> str:
    """Return the form that ``/people/me`` writes: unpadded."""
    address = f"ciscospark://{where}/ORGANIZATION/{uuid}"
    return base64.b64encode(address.encode()).decode().rstrip("=")
