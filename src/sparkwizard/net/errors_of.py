"""Turn an answer that says no into an error with its own words, its tracking id and a fix."""

from collections.abc import Callable

import msgspec

from sparkwizard.errors import (
    Conflict,
    Forbidden,
    NetError,
    NotAuthorized,
    NotFound,
    RemoteError,
    SparkWizardError,
    Throttled,
)
from sparkwizard.net.answer import Answer, Json
from sparkwizard.net.redact import redact

__all__ = ["check", "detail_in", "may_have_happened", "remote_error", "status_in"]


class _Saying(msgspec.Struct, frozen=True):
    """Hold what a status means in words; ``{host}`` is filled in."""

    kind: type[RemoteError]
    message: str
    fix: str


_LATER = "Try again in a few minutes."
_SUPPORT = "If it stays so, give the tracking ID to the support of the service."

_SAYINGS: dict[int, _Saying] = {
    400: _Saying(
        RemoteError,
        "{host} did not accept the request.",
        "Read what it said, and check the values that were sent.",
    ),
    401: _Saying(
        NotAuthorized,
        "{host} did not accept the token: it is wrong, or it has expired.",
        "Paste a new access token. A personal token ends after 12 hours, or when its owner "
        "signs out.",
    ),
    403: _Saying(
        Forbidden,
        "{host} does not allow this with this token.",
        "Use a token of a full administrator with the permission this needs.",
    ),
    404: _Saying(
        NotFound,
        "{host} does not know this address, or what was asked for is gone.",
        "Check the Tenant URL and the organization ID in it.",
    ),
    409: _Saying(
        Conflict,
        "Somebody at {host} has this name or value already.",
        "Find out who has it; a Webex user name is unique across all organizations.",
    ),
    410: _Saying(NotFound, "What was asked for is no longer at {host}.", "Make a new preview."),
    412: _Saying(
        Conflict, "It was changed at {host} in the meantime.", "Make a new preview and apply that."
    ),
    413: _Saying(RemoteError, "{host} finds the request too large.", "Send fewer at once."),
    423: _Saying(RemoteError, "{host} has it locked for the moment.", _LATER),
    429: _Saying(
        Throttled,
        "{host} asked to slow down, and still did after every retry.",
        "Wait a few minutes, then try again; what was done stays done.",
    ),
}
_SERVER = _Saying(RemoteError, "{host} had a problem of its own.", f"{_LATER} {_SUPPORT}")
_OTHER = _Saying(
    RemoteError,
    "{host} answered in a way that was not expected.",
    f"Read what it said, and check the address. {_SUPPORT}",
)


def check(answer: Answer) -> Answer:
    """Return an answer of success; raise the matching ``RemoteError`` for any other."""
    if answer.ok:
        return answer
    raise remote_error(
        answer.status,
        host=answer.host,
        detail=detail_in(answer.body()),
        tracking_id=answer.tracking_id,
    )


def remote_error(
    status: int, *, host: str = "Webex", detail: str = "", tracking_id: str = ""
) -> RemoteError:
    """Return the error for a status, also of one operation inside a Bulk answer."""
    saying = _SAYINGS.get(status) or (_SERVER if status >= 500 else _OTHER)
    return saying.kind(
        saying.message.format(host=host),
        fix=saying.fix.format(host=host),
        status=status,
        tracking_id=tracking_id,
        detail=detail,
    )


def may_have_happened(error: SparkWizardError) -> bool:
    """Return whether a write that failed so may have taken effect: settle it by reading."""
    if isinstance(error, NetError):
        return error.sent
    return isinstance(error, RemoteError) and (error.status >= 500 or error.status == 408)


def status_in(value: Json) -> int:
    """Return a status that is a number, a text or ``{"code": …}``; 0 if it can't be read."""
    if isinstance(value, dict):
        return status_in(value.get("code"))
    if isinstance(value, bool):
        return 0
    if isinstance(value, int | float):
        return int(value)
    if isinstance(value, str):
        # Some servers write the whole line: "409 Conflict".
        digits = value.strip()[:3]
        return int(digits) if digits.isascii() and digits.isdigit() else 0
    return 0


def detail_in(body: Json) -> str:
    """Return the other side's own words from every body shape known, without secrets.

    Shapes: Webex's ``message`` and ``errors[].description``, SCIM's ``detail``, Webex SCIM's
    ``details`` at the top and in Cisco's error extension, OAuth's ``error_description``,
    Microsoft Graph's ``error.message``, SCIM 1.1's ``Errors[].description``.
    """
    found = next((text for look in _LOOKS if (text := look(body))), "")
    return redact(" ".join(found.split()))[:500]


def _text(body: Json, *keys: str) -> str:
    if not isinstance(body, dict):
        return ""
    return next((value for key in keys if isinstance(value := body.get(key), str) and value), "")


def _top(body: Json) -> str:
    return _text(body, "detail", "details", "message", "error_description")


def _extension(body: Json) -> str:
    if not isinstance(body, dict):
        return ""
    nested = (value for key, value in body.items() if key.lower().startswith("urn:"))
    return next((text for value in nested if (text := _top(value))), "")


def _listed(body: Json) -> str:
    errors = (body.get("errors") or body.get("Errors")) if isinstance(body, dict) else None
    if not isinstance(errors, list):
        return ""
    texts = (_text(one, "description", "message", "detail") for one in errors)
    return " ".join(text for text in texts if text)


def _inner(body: Json) -> str:
    if not isinstance(body, dict):
        return ""
    inner = body.get("error") or body.get("response")
    if isinstance(inner, str):
        return inner
    return (_top(inner) or _extension(inner)) if inner else ""


_LOOKS: tuple[Callable[[Json], str], ...] = (_top, _extension, _listed, _inner)
