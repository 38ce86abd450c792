"""What the page says about a token."""

from datetime import UTC, datetime, timedelta

import pytest

from sparkwizard.webex.types import Identity, Organization, PastedToken, Role, TokenKind
from sparkwizard.wizard.access.token_words import cleaned_words, summarize_token, token_warnings

NOW = datetime(2026, 11, 23, 14, 22, tzinfo=UTC)


def identity(
    *,
    role: Role = Role.FULL_ADMIN,
    kind: TokenKind = TokenKind.PERSONAL,
    name: str = "Contoso",
    left: timedelta | None = timedelta(hours=9, minutes=12),
) -> Identity:
    return Identity(
        Organization("cd613e30-d8f1-4adf-91b7-584a2265b1f5", "Y2lz", name),
        "Megan Bowen",
        "megan@contoso.example",
        "p",
        role,
        kind,
        NOW + left if left else None,
        lifetime_short=left is not None and left < timedelta(hours=14),
    )


def test_the_card_tells_kind_owner_lifetime_and_what_was_cleaned() -> None:
    summary = summarize_token(PastedToken("t", ("bearer", "line-break")), identity(), NOW)
    assert summary.title == "Personal access token recognized"
    assert summary.owner == "Megan Bowen, full administrator of Contoso"
    assert summary.lifetime == "Ends today at 23:34, in 9 hours 12 minutes"
    assert summary.cleaned == "Removed the word “Bearer” and line breaks"


def test_an_unknown_lifetime_is_said_and_not_guessed() -> None:
    summary = summarize_token(PastedToken("t"), identity(left=None), NOW)
    assert summary.lifetime == "Webex does not say when this token ends"


def test_an_organization_without_a_name_is_left_out() -> None:
    summary = summarize_token(PastedToken("t"), identity(name=""), NOW)
    assert summary.owner == "Megan Bowen, full administrator"


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), ""),
        (("quotes",), "Removed quotation marks"),
        (("address",), "Taken out of the pasted address"),
        (
            ("spaces", "address", "bearer"),
            "Taken out of the pasted address. Removed the word “Bearer” and spaces",
        ),
    ],
)
def test_every_cleaning_is_told_in_one_order(codes: tuple[str, ...], words: str) -> None:
    assert cleaned_words(codes) == words


def test_a_token_of_twelve_hours_is_warned_about_with_its_end() -> None:
    (caution,) = token_warnings(identity(), NOW)
    assert caution.heading == "This token ends today at 23:34"


def test_a_lasting_token_of_a_full_administrator_needs_no_warning() -> None:
    assert token_warnings(identity(left=timedelta(days=300)), NOW) == ()


def test_the_missing_role_is_warned_about_before_the_short_life() -> None:
    first, second = token_warnings(identity(role=Role.NO_ADMIN), NOW)
    assert first.heading == "Megan Bowen is no administrator"
    assert second.heading.startswith("This token ends")


def test_a_read_only_administrator_is_told_that_a_preview_works() -> None:
    (caution,) = token_warnings(identity(role=Role.READ_ONLY_ADMIN, left=None), NOW)
    assert "A preview works" in caution.text
