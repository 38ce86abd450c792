"""What a refused sign-in says: why, and what to ask whom for."""

import pytest

from sparkwizard.entra.sign_in.refusals import _BY_CODE, WELL_KNOWN_CLIENT, sign_in_error
from sparkwizard.entra.types import Purpose
from sparkwizard.errors import Cancelled, Forbidden, NotAuthorized, RemoteError, SparkWizardError

PEOPLE = (Purpose.PEOPLE,)
OWN = "6b1d5f0e-5d38-4a7e-9f43-2f6f0c1c7a55"
SECRET = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNyZXQifQ.c2VjcmV0"


def refused(code: int = 0, error: str = "invalid_grant", **more: object) -> SparkWizardError:
    said: dict[str, object] = {"error": error, **more}
    if code:
        said["error_codes"] = [code]
        said["error_description"] = f"AADSTS{code}: Something. Trace ID: x"
    return sign_in_error(said, PEOPLE, OWN)


@pytest.mark.parametrize("code", sorted(_BY_CODE))
def test_every_known_code_is_a_sentence_with_a_fix(code: int) -> None:
    error = refused(code, correlation_id="c-1")
    assert isinstance(error, RemoteError)
    assert error.message.endswith(".")
    assert error.fix.endswith(".")
    assert "{" not in error.message + error.fix
    assert (error.remote_code, error.tracking_id) == (f"AADSTS{code}", "c-1")


@pytest.mark.parametrize(
    ("code", "kind", "whom"),
    [
        (65001, Forbidden, "Global Administrator or Privileged Role Administrator"),
        (90094, Forbidden, "Global Administrator or Privileged Role Administrator"),
        (53003, Forbidden, "Conditional Access or Security Administrator"),
        (50105, Forbidden, "Application Administrator"),
        (7000218, Forbidden, "Allow public client flows"),
        (700082, NotAuthorized, "Sign in again"),
        (500133, NotAuthorized, "Set the clock"),
        (50057, NotAuthorized, "User Administrator"),
    ],
)
def test_whom_to_ask(code: int, kind: type[RemoteError], whom: str) -> None:
    error = refused(code)
    assert isinstance(error, kind)
    assert whom in error.fix


def test_a_missing_consent_names_permission_and_application() -> None:
    assert f"consent to User.Read.All for the application {OWN}" in refused(65001).fix
    usual = sign_in_error({"error_codes": [65001]}, PEOPLE, WELL_KNOWN_CLIENT)
    assert "“Microsoft Graph Command Line Tools”" in usual.fix


@pytest.mark.parametrize(
    "said",
    [
        {"error": "access_denied"},
        {"error": "authorization_declined"},
        {"error": "access_denied", "error_description": "AADSTS65004: User declined."},
    ],
)
def test_saying_no_on_the_page_is_no_error_of_anybody(said: dict[str, object]) -> None:
    assert isinstance(sign_in_error(said, PEOPLE, OWN), Cancelled)


@pytest.mark.parametrize("error", ["interaction_required", "server_error", "expired_token", "what"])
def test_without_a_known_code_oauths_own_word_counts(error: str) -> None:
    assert refused(error=error).fix


def test_the_suberror_counts_before_the_error() -> None:
    assert refused(suberror="consent_required").code == "consent-missing"


def test_a_clock_that_is_off_is_told_where_a_token_seems_too_old() -> None:
    said = {"error": "invalid_grant", "error_codes": [700082]}
    assert sign_in_error(said, PEOPLE, OWN, skew=-4000).code == "clock"
    assert sign_in_error(said, PEOPLE, OWN, skew=30).code == "sign-in-ended"
    assert sign_in_error({"error_codes": [53003]}, PEOPLE, OWN, skew=-4000).code != "clock"


def test_what_is_not_known_is_told_in_microsofts_words_without_secrets() -> None:
    description = f"AADSTS1: Odd things about {SECRET}."
    error = sign_in_error({"error": "odd", "error_description": description}, PEOPLE, OWN)
    assert "Odd things about" in error.message
    assert SECRET not in str(error)


@pytest.mark.parametrize("said", [{}, {"error_codes": "x"}, {"error": None, "error_codes": [None]}])
def test_nonsense_is_a_refusal_too(said: dict[str, object]) -> None:
    assert sign_in_error(said, PEOPLE, "").message
