"""Turn what Microsoft Graph says no with into an error with its fix: whom to ask for what.

Source of the codes: Microsoft Graph, "Error responses and resource types"; "Use delta query",
"Synchronization reset".
"""

import base64
import binascii
import re
from collections.abc import Mapping

import msgspec

from sparkwizard.entra.permissions import NEEDS
from sparkwizard.entra.types import Json, Purpose
from sparkwizard.errors import Conflict, Forbidden, NotAuthorized, NotFound, RemoteError, Throttled
from sparkwizard.net.redact import redact

__all__ = ["RESYNC", "claims_asked", "graph_error", "needs_resync"]

RESYNC = "resync-needed"

_RESYNC_CODES = frozenset(("syncstatenotfound", "resyncrequired", "syncstateinvalid"))
_EXPIRED_PAGE = frozenset(("directory_expiredpagetoken", "directory_expiredpagetoken2"))


class _Saying(msgspec.Struct, frozen=True):
    """Hold what an answer means; ``{doing}``, ``{ask}`` and ``{role}`` are filled in."""

    kind: type[RemoteError]
    code: str
    message: str
    fix: str


_LATER = "Try again in a few minutes."
_SUPPORT = "If it stays so, give the request ID to Microsoft's support."

_BY_CODE: dict[str, _Saying] = {
    "authorization_requestdenied": _Saying(
        Forbidden,
        "graph-permission",
        "Microsoft Entra ID does not allow this sign-in to {doing}.",
        "{ask}{role}",
    ),
    "authentication_requestfromnonpremiumtenantorb2ctenant": _Saying(
        Forbidden,
        "graph-licence",
        "Microsoft Entra ID gives this out only to organizations with a P1 or P2 licence.",
        "Look at the provisioning logs in the Entra admin centre, or get the licence.",
    ),
    "authorization_identitynotfound": _Saying(
        NotAuthorized,
        "graph-tenant",
        "Microsoft Entra ID does not know this sign-in in the organization that was asked.",
        "Sign in with an account of this organization.",
    ),
    "request_resourcenotfound": _Saying(
        NotFound,
        "not-found",
        "Microsoft Entra ID no longer has what was asked for.",
        "It may have been deleted; look it up in the Entra admin centre, then read again.",
    ),
    "directory_quotaexceeded": _Saying(
        RemoteError,
        "graph-quota",
        "The organization's quota of directory objects is used up.",
        "Ask a Global Administrator to remove deleted objects for good, or to raise the quota.",
    ),
}

_BY_STATUS: dict[int, _Saying] = {
    400: _Saying(
        RemoteError, "remote", "Microsoft Graph did not accept the request.",
        "Read what it said, and check the values that were sent.",
    ),
    401: _Saying(
        NotAuthorized, "not-authorized", "The sign-in to Microsoft Entra ID has ended.",
        "Sign in again; a token of your own lives about an hour.",
    ),
    403: _Saying(
        Forbidden, "graph-permission", "Microsoft Entra ID does not allow this sign-in to {doing}.",
        "{ask}{role}",
    ),
    404: _Saying(
        NotFound, "not-found", "Microsoft Entra ID does not have what was asked for.",
        "It may have been deleted, or the address of Graph (graph_url) is another one.",
    ),
    409: _Saying(
        Conflict, "conflict", "Microsoft Entra ID has this already, or it is being changed.",
        "Look at what is there, then try again.",
    ),
    412: _Saying(
        Conflict, "conflict", "Somebody else changed it in Microsoft Entra ID meanwhile.",
        "Read it again and decide anew.",
    ),
    423: _Saying(RemoteError, "remote", "Microsoft Graph has it locked for the moment.", _LATER),
    429: _Saying(
        Throttled, "throttled",
        "Microsoft Graph asked to slow down, and still did after every retry.",
        "Wait a few minutes, then try again; other programs of your organization share the limit.",
    ),
}  # fmt: skip
_RESYNC = _Saying(
    NotFound, RESYNC, "Microsoft Graph no longer keeps what changed since the last time.",
    "Read everybody again.",
)  # fmt: skip
_SERVER = _Saying(
    RemoteError, "remote", "Microsoft Graph had a problem of its own.", f"{_LATER} {_SUPPORT}"
)
_OTHER = _Saying(
    RemoteError, "remote", "Microsoft Graph answered in a way that was not expected.",
    f"Read what it said, and check the address of Graph. {_SUPPORT}",
)  # fmt: skip


# what these mean only Graph's own words can tell
_UNEXPLAINED = (_BY_STATUS[400], _BY_STATUS[409], _OTHER)


def graph_error(
    status: int, body: Json, headers: Mapping[str, str], purpose: Purpose
) -> RemoteError:
    """Return the error for an answer, also of one request inside a batch."""
    inner = _inner(body)
    remote_code = redact(_text(inner, "code"))[:100]
    saying = _saying(status, remote_code.lower())
    detail = redact(" ".join(_text(inner, "message").split()))[:500]
    message = saying.message.format(doing=NEEDS[purpose].doing)
    if detail and saying in _UNEXPLAINED:
        message = f"{message.rstrip('.')}: “{detail.rstrip('.')}”."
    return saying.kind(
        message,
        fix=saying.fix.format(ask=_ask(purpose), role=_role(purpose)),
        code=saying.code,
        status=status,
        tracking_id=_request_id(inner, headers),
        detail=detail,
        remote_code=remote_code,
        service="Microsoft Graph",
    )


def needs_resync(error: RemoteError) -> bool:
    """Return whether a delta link or a page link has expired: only a full read helps."""
    return error.code == RESYNC


def claims_asked(headers: Mapping[str, str]) -> str:
    """Return the claims that a refusal asks for as JSON, "" for none.

    Continuous access evaluation: ``WWW-Authenticate: Bearer …, error="insufficient_claims",
    claims="<base64>"`` (Microsoft identity platform, "Claims challenges").
    """
    said = headers.get("www-authenticate", "")
    found = re.search(r'claims="([A-Za-z0-9+/=_-]+)"', said)
    if found is None or "insufficient_claims" not in said:
        return ""
    padded = found[1] + "=" * (-len(found[1]) % 4)
    try:
        return base64.b64decode(
            padded, altchars=b"-_" if {"-", "_"} & set(padded) else None
        ).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _saying(status: int, code: str) -> _Saying:
    if code in _RESYNC_CODES or code in _EXPIRED_PAGE or status == 410:
        return _RESYNC
    by_status = _SERVER if status >= 500 else _OTHER
    return _BY_CODE.get(code) or _BY_STATUS.get(status) or by_status


def _ask(purpose: Purpose) -> str:
    names = [need.permission for need in NEEDS[purpose].permissions]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    plural = "s" if len(names) > 1 else ""
    return (
        f"Ask a Global Administrator or Privileged Role Administrator to consent to the "
        f"permission{plural} {listed} for the application you sign in with, then sign in again."
    )


def _role(purpose: Purpose) -> str:
    roles = NEEDS[purpose].roles
    return f" Your account also needs the role {' or '.join(roles)}." if roles else ""


def _inner(body: Json) -> dict[str, Json]:
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str):  # of OAuth's form, from a gateway in front of Graph
        return {
            "code": error,
            "message": body.get("error_description") if isinstance(body, dict) else "",
        }
    return error if isinstance(error, dict) else {}


def _request_id(inner: Mapping[str, Json], headers: Mapping[str, str]) -> str:
    more = inner.get("innerError") or inner.get("innererror")
    found = more.get("request-id") if isinstance(more, dict) else None
    return redact(str(found or headers.get("request-id") or ""))[:100]


def _text(values: Mapping[str, Json], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
