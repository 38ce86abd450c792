"""Clean what a person pastes as an access token, and say what it can't be.

People paste the header of an example, the whole address of the error page that Microsoft's
tutorial leads to, a JSON answer, or a token broken across lines by a chat window.
"""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.webex.organization import decode_id, unquoted
from sparkwizard.webex.types import PastedToken

__all__ = ["clean_token"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# RFC 6750 §2.1: what a bearer token may be made of.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_BEARER = re.compile(r"(?i)bearer(?:\s*:\s*|\s+|$)")
_HEADER = re.compile(r"(?i)(?:-h\s+)?[\"'“”‘’]?authorization\s*:\s*")  # noqa: RUF001 -- pasted
_LINE_BREAK = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*")
_ADDRESS_START = re.compile(r"(?i)(?:https?://|localhost:\d)")
_PARAMETER = re.compile(r"(?:^|[?&#;])([A-Za-z_]+)=([^&#;]*)")

_FIX = "Copy the access token again, alone and whole."


def clean_token(pasted: str) -> PastedToken:
    """Return the token in what was pasted, and what had to be cleaned away.

    ``InputError`` says in a sentence what the text is if it can't be a token.
    """
    cleaned: dict[str, None] = {}
    text = _joined(pasted, cleaned)
    if text.startswith("{"):
        return _from_json(text, cleaned)
    if _ADDRESS_START.match(text) or "access_token=" in text:
        return _from_address(text, cleaned)
    return _finished(_unwrapped(text, cleaned), cleaned)


def _joined(pasted: str, cleaned: dict[str, None]) -> str:
    """Return the text without invisible characters, outer space and line breaks inside."""
    visible = "".join(char for char in pasted if unicodedata.category(char) != "Cf")
    unbroken = _LINE_BREAK.sub("\n", visible)
    if visible != pasted or unbroken.strip("\n") != unbroken.strip():
        cleaned["spaces"] = None
    if "\n" in unbroken:
        cleaned["line-break"] = None
    text = visible.strip()
    # "Bearer" on a line of its own is still a word apart.
    text = re.sub(r"(?i)\b(bearer)\s*[\r\n]+\s*", r"\1 ", text)
    return _LINE_BREAK.sub("", text)


def _unwrapped(text: str, cleaned: dict[str, None]) -> str:
    """Peel quotes, a header's name and the word Bearer off, in whatever order they come."""
    before = None
    while before != text:
        before = text
        bare = unquoted(text)
        if len(bare) < len(text.strip()):
            cleaned["quotes"] = None
        text = _HEADER.sub("", bare, count=1) if _HEADER.match(bare) else bare
        if found := _BEARER.match(text):
            text = text[found.end() :]
            cleaned["bearer"] = None
        elif len(text) < len(bare):
            cleaned["bearer"] = None
    return text


def _from_json(text: str, cleaned: dict[str, None]) -> PastedToken:
    """Take the token out of an OAuth answer."""
    try:
        decoded = msgspec.json.decode(text.encode(), type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeEncodeError):
        raise InputError("This is not an access token.", fix=_FIX) from None
    token = decoded.get("access_token")
    if not isinstance(token, str):
        raise InputError("There is no access token in this text.", fix=_FIX)
    cleaned["json"] = None
    seconds = decoded.get("expires_in")
    return _finished(
        _unwrapped(token, cleaned),
        cleaned,
        expires_in=int(seconds) if isinstance(seconds, int | float) else None,
    )


def _from_address(text: str, cleaned: dict[str, None]) -> PastedToken:
    """Take the token out of the address of a redirect, wherever it stands in it."""
    address = unquoted(text)
    found = {name.lower(): unquote(value) for name, value in _PARAMETER.findall(address)}
    if "access_token" not in found:
        raise _no_token_in(found, address)
    cleaned["address"] = None
    seconds = found.get("expires_in", "")
    return _finished(
        _unwrapped(found["access_token"], cleaned),
        cleaned,
        state=found.get("state", ""),
        expires_in=int(seconds) if seconds.isascii() and seconds.isdigit() else None,
    )


def _no_token_in(found: dict[str, str], address: str) -> InputError:
    if refused := found.get("error_description") or found.get("error"):
        said = refused.replace("+", " ").replace("_", " ").strip()[:200]
        return InputError(
            f"Webex refused to give a token: {said}.",
            fix="Open the link again and sign in as a full administrator.",
        )
    host = urlsplit(address).hostname or "this site"
    return InputError(
        f"This address of {host} holds no access token.",
        fix="Sign in first, then copy the whole address of the page that can't be opened.",
    )


def _finished(
    token: str, cleaned: dict[str, None], *, state: str = "", expires_in: int | None = None
) -> PastedToken:
    """Refuse what can't be a token, in a sentence that doesn't repeat it."""
    _refuse(token)
    parts = token.split("_")
    hint = parts[2].lower() if len(parts) == 3 and _UUID.fullmatch(parts[2]) else ""
    return PastedToken(token, tuple(cleaned), hint, state, expires_in)


def _refuse(token: str) -> None:
    for applies, said in _REFUSALS:
        if applies(token):
            raise InputError(said, fix=_FIX)
    decoded = decode_id(token)
    if decoded is not None:
        kind = decoded.kind.lower()
        raise InputError(f"This is an ID of Webex ({kind}), not an access token.", fix=_FIX)


_REFUSALS: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda text: not text, "There is no access token yet."),
    (lambda text: bool(_EMAIL.fullmatch(text)), "This is an e-mail address, not an access token."),
    (lambda text: bool(_UUID.fullmatch(text)), "This is an ID, not an access token."),
    (lambda text: any(char.isspace() for char in text), "An access token has no spaces in it."),
    (
        lambda text: not text.isascii(),
        "An access token has only plain letters and digits; this text has others.",
    ),
    (
        lambda text: not _TOKEN.fullmatch(text),
        "This text has characters that no access token has.",
    ),
)
