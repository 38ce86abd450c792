"""Say why a sign-in was refused, and what to ask whom for.

Source: Microsoft identity platform, "Microsoft Entra authentication and authorization error codes"
(AADSTS). The codes may change; OAuth's own ``error`` and ``suberror`` count where none is known.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from sparkwizard.entra.permissions import scopes_for
from sparkwizard.entra.types import Purpose
from sparkwizard.errors import (
    Cancelled,
    Forbidden,
    NotAuthorized,
    NotFound,
    RemoteError,
    SparkWizardError,
)
from sparkwizard.net.redact import redact

__all__ = ["WELL_KNOWN_CLIENT", "app_name", "nobody_signed_in", "sign_in_error"]

# Microsoft Graph Command Line Tools: the public client of Microsoft's own PowerShell modules
WELL_KNOWN_CLIENT = "14d82eec-204b-4c2f-b7e8-296a70dab67e"


class _Saying(msgspec.Struct, frozen=True):
    """Hold what a refusal means; ``{app}``, ``{permissions}`` and ``{off}`` are filled in."""

    kind: type[RemoteError]
    code: str
    message: str
    fix: str


_ADMIN = "a Global Administrator or Privileged Role Administrator"

_CONSENT = _Saying(
    Forbidden,
    "consent-missing",
    "Your organization has not consented to what {app} asks for.",
    f"Ask {_ADMIN} to consent to {{permissions}} for {{app}} (Enterprise applications, Permissions,"
    " Grant admin consent), or to sign in here once and accept. Then sign in again.",
)
_ADMIN_CONSENT = _Saying(
    Forbidden,
    "admin-consent",
    "Only an administrator can consent to what {app} asks for.",
    f"Ask {_ADMIN} to consent to {{permissions}} for {{app}}, then sign in again.",
)
_CONDITIONAL_ACCESS = _Saying(
    Forbidden,
    "conditional-access",
    "Conditional Access of your organization does not allow this sign-in.",
    "Sign in in the browser of a device that your organization manages. If you did, ask a"
    " Conditional Access or Security Administrator which policy blocks {app} for you; sign-in by"
    " device code is often blocked, sign-in in the browser is not.",
)
_MORE_PROOF = _Saying(
    NotAuthorized,
    "sign-in-again",
    "Microsoft Entra ID wants another proof of who you are.",
    "Sign in again in the browser; it asks for what is missing.",
)
_ENDED = _Saying(
    NotAuthorized,
    "sign-in-ended",
    "The sign-in to Microsoft Entra ID has ended: it is too old, or the password was changed.",
    "Sign in again.",
)
_CODE_EXPIRED = _Saying(
    NotAuthorized,
    "code-expired",
    "The code was not used in time.",
    "Start the sign-in again; a code is good for about 15 minutes.",
)
_UNKNOWN_APP = _Saying(
    NotFound,
    "client-id",
    "The organization does not know {app}, or it is turned off there.",
    "Check client_id in the setup and the tenant; without client_id Microsoft's own application is"
    " used.",
)
_NOT_PUBLIC = _Saying(
    Forbidden,
    "public-client",
    "{app} is not registered for sign-in from a program on a computer.",
    "In App registrations, under Authentication, add the platform “Mobile and desktop applications”"
    " with http://localhost and turn “Allow public client flows” on.",
)
_TENANT = _Saying(
    NotFound,
    "tenant",
    "Microsoft Entra ID does not know this organization.",
    "Check the tenant in the setup: the directory ID, or a domain such as contoso.onmicrosoft.com.",
)
_NOT_OF_TENANT = _Saying(
    Forbidden,
    "wrong-account",
    "This account does not belong to the organization.",
    "Choose an account of the organization, or ask its administrator to invite yours as a guest.",
)
_NOT_ASSIGNED = _Saying(
    Forbidden,
    "not-assigned",
    "Your account is not assigned to {app}.",
    "Ask an Application Administrator to assign you to it (Enterprise applications, Users and"
    " groups).",
)
_ACCOUNT = _Saying(
    NotAuthorized,
    "account",
    "Your account can't sign in at the moment: it is locked, disabled or its password expired.",
    "Ask a User Administrator of your organization.",
)
_CLOCK = _Saying(
    NotAuthorized,
    "clock",
    "The time of this computer differs from that of Microsoft Entra ID.",
    "Set the clock and the time zone of this computer, then sign in again.",
)
_SCOPE = _Saying(
    Forbidden,
    "scope-unknown",
    "{app} may not ask for all of {permissions}.",
    "Add these delegated permissions of Microsoft Graph to the application (API permissions).",
)
_BUSY = _Saying(
    RemoteError,
    "sign-in-busy",
    "The sign-in of Microsoft Entra ID has a problem of its own.",
    "Try again in a few minutes.",
)
_OTHER = _Saying(
    NotAuthorized,
    "sign-in",
    "Microsoft Entra ID refused the sign-in.",
    "Read what it said and try again. If it stays so, give the correlation ID to Microsoft's"
    " support.",
)

_CODES: Mapping[_Saying, tuple[int, ...]] = {
    _CONSENT: (65001, 65002, 65005, 650052, 650056),
    _ADMIN_CONSENT: (90094, 90095, 900941, 90093),
    _CONDITIONAL_ACCESS: (
        *(50005, 50002, 500021, 500022, 50097, 50131, 53000, 53001, 53002, 53003, 53004, 53009),
        *(530002, 530003, 530004, 530021, 530031, 530032, 530033, 530034, 530035),
    ),
    _MORE_PROOF: (50072, 50074, 50076, 50078, 50079, 50158, 500121, 50058, 16000, 50203),
    _ENDED: (50089, 50132, 50133, 50173, 700082, 700084, 70008, 70043, 70044, 700081, 54005),
    _CODE_EXPIRED: (70019, 70020),
    _UNKNOWN_APP: (700016, 7000112, 7000113, 50001, 500014, 50194, 700011),
    _NOT_PUBLIC: (7000218, 50011, 500113, 7000215, 9002327, 7000014),
    _TENANT: (90002, 900023, 50059, 900021, 900382, 90043),
    _NOT_OF_TENANT: (50020, 50034, 50014, 90072, 16003, 51004),
    _NOT_ASSIGNED: (50105,),
    _ACCOUNT: (50053, 50055, 50057, 50126, 50144, 50064, 50142),
    _CLOCK: (500133, 700024, 70004301, 50037),
    _SCOPE: (650053, 650057, 70011, 28002, 90008, 900971),
    _BUSY: (90033, 90024, 90020, 50000, 50085, 90006, 90015, 90055),
}
_BY_CODE = {code: saying for saying, codes in _CODES.items() for code in codes}
_BY_SUBERROR = {
    "consent_required": _CONSENT,
    "protection_policy_required": _CONDITIONAL_ACCESS,
    "message_only": _CONDITIONAL_ACCESS,
    "basic_action": _MORE_PROOF,
    "additional_action": _MORE_PROOF,
    "token_expired": _ENDED,
    "bad_token": _ENDED,
}
_BY_ERROR = {
    "consent_required": _CONSENT,
    "interaction_required": _MORE_PROOF,
    "login_required": _ENDED,
    "invalid_grant": _ENDED,
    "expired_token": _CODE_EXPIRED,
    "code_expired": _CODE_EXPIRED,
    "unauthorized_client": _NOT_PUBLIC,
    "invalid_client": _NOT_PUBLIC,
    "invalid_scope": _SCOPE,
    "temporarily_unavailable": _BUSY,
    "server_error": _BUSY,
}
_DECLINED = (65004, 50140)
_DECLINED_ERRORS = frozenset(("authorization_declined", "access_denied"))

# more than this makes tokens look expired or not yet valid
_CLOCK_SECONDS = 300


def sign_in_error(
    said: Mapping[str, Any], purposes: Collection[Purpose], client_id: str, skew: float = 0
) -> SparkWizardError:
    """Return the error for an answer of the sign-in that holds no token.

    ``skew`` is by how many seconds this computer's clock differs from the server's.
    """
    description = str(said.get("error_description") or "")
    codes = _codes(said, description)
    error = str(said.get("error") or "")
    saying = next((_BY_CODE[code] for code in codes if code in _BY_CODE), None)
    if saying is None and (error in _DECLINED_ERRORS or set(codes) & set(_DECLINED)):
        return _declined()
    suberror = _BY_SUBERROR.get(str(said.get("suberror") or ""))
    saying = saying or suberror or _BY_ERROR.get(error) or _OTHER
    if abs(skew) > _CLOCK_SECONDS and saying in (_ENDED, _OTHER, _CODE_EXPIRED):
        saying = _CLOCK
    words = {"app": app_name(client_id), "permissions": ", ".join(scopes_for(purposes))}
    code = f"AADSTS{codes[0]}" if codes else error
    detail = redact(" ".join(description.split()))[:500]
    message = _capital(saying.message.format(**words))
    if detail and saying is _OTHER:
        message = f"{message.rstrip('.')}: “{detail.rstrip('.')}”."
    return saying.kind(
        message,
        fix=saying.fix.format(**words),
        code=saying.code,
        tracking_id=redact(str(said.get("correlation_id") or ""))[:100],
        detail=detail,
        remote_code=redact(code)[:100],
        service="Microsoft Entra ID",
    )


def nobody_signed_in() -> NotAuthorized:
    """Return the error for a setup without anybody signed in to Entra."""
    return NotAuthorized(
        "Nobody is signed in to Microsoft Entra ID for this setup.",
        fix="Sign in with: sparkwizard sign-in --profile P, or set SPARKWIZARD_GRAPH_TOKEN.",
        code="sign-in-needed",
    )


def app_name(client_id: str) -> str:
    """Return what to call the application that signs in, as administrators find it."""
    if client_id in ("", WELL_KNOWN_CLIENT):
        return "“Microsoft Graph Command Line Tools”"
    return f"the application {client_id[:60]}"


def _declined() -> Cancelled:
    return Cancelled(
        "The sign-in was cancelled in the browser.",
        fix="Start it again when you like; nothing was changed.",
        code="sign-in-cancelled",
    )


def _codes(said: Mapping[str, Any], description: str) -> list[int]:
    listed = said.get("error_codes")
    found = [code for code in listed if isinstance(code, int)] if isinstance(listed, list) else []
    written = re.search(r"AADSTS(\d+)", description)
    return found or ([int(written[1])] if written else [])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
