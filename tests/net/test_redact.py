"""Secrets never show, wherever they turn up."""

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.net.redact import RedactingFilter, forget_secrets, redact, register_secret

WEBEX = "NjA1YzE2Y2ItZmFrZS10b2tlbg_PF84_0ae87ade-8c8a-4952-af08-318798958d0c"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJyZWFsbSI6IngifQ.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    forget_secrets()


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {WEBEX}",
        f"bearer:{JWT}",
        f"http://localhost:3000/auth/code#access_token={WEBEX}&state=1",
        f'{{"access_token": "{WEBEX}", "expires_in": 1}}',
        f"{{'refresh_token': '{JWT}'}}",
        f"the token {WEBEX} was refused",
        f"the token {JWT} was refused",
    ],
)
def test_what_looks_like_a_token_is_hidden(text: str) -> None:
    hidden = redact(text)
    assert WEBEX not in hidden
    assert JWT not in hidden


def test_a_password_in_a_proxy_address_is_hidden() -> None:
    assert redact("http://user:pa55@proxy.example:8080/") == "http://proxy.example:8080/"


@pytest.mark.parametrize(
    "text",
    [
        "megan@contoso.example was created",
        "0ae87ade-8c8a-4952-af08-318798958d0c",
        "https://webexapis.com/identity/scim/0ae87ade-8c8a-4952-af08-318798958d0c/v2",
        "Tracking ID ROUTER_65F1A2C4-01BB-4952-af08-318798958d0c",
    ],
)
def test_what_support_needs_stays_readable(text: str) -> None:
    assert redact(text) == text


@given(
    st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=6, max_size=80),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_a_known_secret_is_hidden_wherever_it_stands(secret: str, before: str, after: str) -> None:
    assert secret not in redact(f"{before} {secret} {after}", [secret]).split(" ")


def test_a_secret_is_hidden_in_its_encoded_form_too() -> None:
    register_secret("s3cr3t/with+signs")
    assert redact("?q=s3cr3t%2Fwith%2Bsigns") == "?q=…"


def logged() -> io.StringIO:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    logger = logging.getLogger("test.redact")
    logger.handlers, logger.propagate = [handler], False
    return stream


def test_log_arguments_and_tracebacks_are_redacted() -> None:
    stream = logged()
    register_secret("hunter2hunter2")
    logger = logging.getLogger("test.redact")
    try:
        int(WEBEX)
    except ValueError:
        logger.exception("sent %s to %s", "hunter2hunter2", {"Authorization": f"Bearer {JWT}"})
    text = stream.getvalue()
    assert "ValueError" in text
    assert not [secret for secret in ("hunter2", WEBEX, JWT) if secret in text]


def test_a_record_whose_arguments_do_not_fit_is_kept() -> None:
    stream = logged()
    logging.getLogger("test.redact").warning("one %s two %s", *["only"])
    assert "one %s two %s" in stream.getvalue()


def test_a_long_text_without_spaces_is_looked_through_in_one_go() -> None:
    # 4 MB: in quadratic time this would outlast the limit of a test by hours
    assert redact("a" * 4_000_000).startswith("aaa")
