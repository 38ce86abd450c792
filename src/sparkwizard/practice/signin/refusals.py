"""Refuse a sign-in in the words and numbers of Microsoft Entra."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sparkwizard.practice.json_values import JsonObject


@dataclass(eq=False)
class SignInRefusal(Exception):
    """Carry one refusal: the error of OAuth, the number after AADSTS, and the message."""

    error: str
    number: int
    message: str
    suberror: str = ""
    status: int = 400

    def __str__(self) -> str:
        return f"AADSTS{self.number}: {self.message}"


def error_body(refusal: SignInRefusal, trace: str, correlation: str) -> JsonObject:
    """Return the JSON of a refusal."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    body: JsonObject = {
        "error": refusal.error,
        "error_description": f"{refusal} Trace ID: {trace} Correlation ID: {correlation}"
        f" Timestamp: {now}",
        "error_codes": [refusal.number],
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={refusal.number}",
    }
    if refusal.suberror:
        body["suberror"] = refusal.suberror
    return body


def pending() -> SignInRefusal:
    """Build the answer while the person has not finished."""
    return SignInRefusal(
        "authorization_pending",
        70016,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    )


def slow_down() -> SignInRefusal:
    """Build the answer to a client that asks too often."""
    return SignInRefusal("slow_down", 70016, "Polling too frequently. Slow down.")


def code_expired() -> SignInRefusal:
    """Build the answer to a device code that nobody used in time."""
    return SignInRefusal(
        "expired_token",
        70020,
        "The provided value for the input parameter 'device_code' is not valid."
        " This device code has expired.",
    )


def declined() -> SignInRefusal:
    """Build the answer after the person said no."""
    return SignInRefusal(
        "authorization_declined", 65004, "User declined to consent to access the app."
    )


def blocked() -> SignInRefusal:
    """Build the answer where Conditional Access forbids it."""
    return SignInRefusal(
        "invalid_grant",
        53003,
        "Access has been blocked by Conditional Access policies."
        " The access policy does not allow token issuance.",
        "message_only",
    )


def admin_consent_needed() -> SignInRefusal:
    """Build the answer where only an administrator may consent."""
    return SignInRefusal(
        "access_denied",
        90094,
        "The grant requires admin permission. An administrator has to consent to the permissions"
        " that the application asks for.",
    )


def consent_missing(client_id: str) -> SignInRefusal:
    """Build the answer to a renewal after a consent was taken back."""
    return SignInRefusal(
        "invalid_grant",
        65001,
        f"The user or administrator has not consented to use the application with ID '{client_id}'."
        " Send an interactive authorization request for this user and resource.",
        "consent_required",
    )


def session_revoked() -> SignInRefusal:
    """Build the answer to a renewal after the person's sessions were revoked."""
    return SignInRefusal(
        "invalid_grant",
        50173,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed."
        " The user might have changed or reset their password.",
        "bad_token",
    )


def second_factor_needed() -> SignInRefusal:
    """Build the answer to a renewal where the person has to prove more about themselves."""
    return SignInRefusal(
        "interaction_required",
        50076,
        "Due to a configuration change made by your administrator, or because you moved to a new"
        " location, you must use multi-factor authentication.",
        "basic_action",
    )


def bad_grant(what: str) -> SignInRefusal:
    """Build the answer to a code or token that was never issued, or used before."""
    return SignInRefusal("invalid_grant", 9002313, f"The {what} is malformed or was used before.")


def bad_request(message: str) -> SignInRefusal:
    """Build the answer to a request without what it needs."""
    return SignInRefusal("invalid_request", 900144, message)
