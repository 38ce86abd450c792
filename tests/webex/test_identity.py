"""What people paste as a token or an organization ID is understood, or refused in a sentence."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError
from sparkwizard.webex.identity import (
    admin_link,
    check_state,
    clean_token,
    new_state,
    parse_organization_id,
    token_kind,
)
from sparkwizard.webex.types import TokenKind

UUID_TEXT = "0ae87ade-8c8a-4952-af08-318798958d0c"
TOKEN = f"NjA1YzE2Y2ItZmFrZS10b2tlbg_PF84_{UUID_TEXT}"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJyZWFsbSI6IngifQ.c2lnbmF0dXJl"

# RFC 6750 §2.1; long enough not to be a word, an id or an address by chance.
tokens = st.from_regex(r"[A-Za-z0-9._~+/-]{24,90}={0,2}", fullmatch=True).filter(
    lambda text: not text.lower().startswith(("bearer", "http", "localhost", "authorization"))
)
space = st.text(" \t\r\n\u00a0\u200b\ufeff\u2028", max_size=4)
quotes = st.sampled_from(["", '"', "'", "`", "“”", "\u2018\u2019", "„“", "«»", "<>"])
words = st.sampled_from(["", "Bearer ", "bearer: ", "BEARER\t", "Authorization: Bearer "])


@given(tokens, space, space, quotes, words)
def test_the_cleaned_token_is_the_original_whatever_is_around_it(
    token: str, before: str, after: str, quote_pair: str, word: str
) -> None:
    opening, closing = quote_pair[:1], quote_pair[-1:]
    for text in (f"{word}{opening}{token}{closing}", f"{opening}{word}{token}{closing}"):
        assert clean_token(f"{before}{text}{after}").token == token


@given(tokens, st.integers(1, 20), st.sampled_from(["\n", "\r\n", "\r\n    ", " \n"]))
def test_a_token_broken_across_lines_is_joined(token: str, place: int, line_end: str) -> None:
    pasted = clean_token(f"{token[:place]}{line_end}{token[place:]}")
    assert (pasted.token, "line-break" in pasted.cleaned) == (token, True)


@given(tokens, st.sampled_from("#?"), st.text(st.characters(codec="ascii"), max_size=20))
def test_a_token_is_taken_out_of_the_address_of_the_error_page(
    token: str, mark: str, state: str
) -> None:
    address = (
        f"http://localhost:3000/auth/code{mark}access_token={quote(token, safe='')}"
        f"&token_type=Bearer&expires_in=31535999&state={quote(state, safe='')}"
    )
    pasted = clean_token(address)
    assert (pasted.token, pasted.state, pasted.expires_in) == (token, state, 31535999)
    assert pasted.cleaned == ("address",)


@given(tokens)
def test_a_token_is_taken_out_of_a_json_answer(token: str) -> None:
    assert clean_token(f'{{"access_token": "{token}", "expires_in": 43199}}').token == token


@given(tokens)
def test_a_token_never_shows_in_what_is_printed(token: str) -> None:
    assert token not in repr(clean_token(token))


@given(st.text(max_size=200))
def test_every_text_is_a_token_or_a_sentence(text: str) -> None:
    try:
        token = clean_token(text).token
    except InputError as error:
        assert error.fix  # noqa: PT017 -- either outcome is right
    else:
        assert token.isascii()
        assert not any(char.isspace() for char in token)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (TOKEN, ()),
        (f"  {TOKEN} ", ("spaces",)),
        (f"{TOKEN}\n", ("line-break",)),
        (f"Bearer {TOKEN}", ("bearer",)),
        (f"“{TOKEN}”", ("quotes",)),
    ],
)
def test_what_was_cleaned_is_told(text: str, cleaned: tuple[str, ...]) -> None:
    assert clean_token(text).cleaned == cleaned


def test_an_opaque_token_hints_at_its_organization() -> None:
    assert clean_token(TOKEN).organization_hint == UUID_TEXT
    assert clean_token(JWT).organization_hint == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no access token yet"),
        ("Bearer ", "no"),
        ("two words", "no spaces"),
        ("tökén", "plain letters"),
        ("megan@contoso.example", "e-mail address"),
        (UUID_TEXT, "an ID"),
        ("Y2lzY29zcGFyazovL3VzL1JPTEUvaWRfZnVsbF9hZG1pbg", "ID of Webex"),
        ("https://developer.webex.com/docs", "holds no access token"),
        ('{"error": "x"}', "no access token"),
        ("http://localhost:3000/auth/code#error=access_denied&state=1", "access denied"),
        (
            "http://localhost:3000/auth/code?error=x&error_description=Not+a+full+admin",
            "Not a full admin",
        ),
    ],
)
def test_what_cannot_be_a_token_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        clean_token(text)


@pytest.mark.parametrize(
    ("person", "hours", "kind"),
    [
        ("bot", None, TokenKind.BOT),
        ("appuser", 1, TokenKind.GUEST),
        ("person", 11, TokenKind.PERSONAL),
        ("person", 300, TokenKind.INTEGRATION),
        ("person", None, TokenKind.UNKNOWN),
    ],
)
def test_the_kind_of_a_token_follows_from_owner_and_life(
    person: str, hours: int | None, kind: TokenKind
) -> None:
    left = None if hours is None else timedelta(hours=hours)
    assert token_kind(TOKEN, person_type=person, left=left) is kind


# -- organization ids --------------------------------------------------------------------------

places = st.sampled_from(
    ["us", "urn:TEAM:eu-central-1_k", "urn:TEAM:us-west-2_r", "urn:TEAM:us-gov-west-1_a1"]
)


def encoded(place: str, uuid: UUID) -> str:
    address = f"ciscospark://{place}/ORGANIZATION/{uuid}"
    return base64.b64encode(address.encode()).decode()


@given(st.uuids(), places)
def test_every_form_of_an_organization_id_is_the_same_organization(uuid: UUID, place: str) -> None:
    padded = encoded(place, uuid)
    forms = (
        padded,
        padded.rstrip("="),
        padded.replace("+", "-").replace("/", "_"),
        f" “{padded}”\n",
        f"ciscospark://{place}/ORGANIZATION/{uuid}",
        str(uuid),
        str(uuid).upper(),
        f"{{{uuid}}}",
    )
    assert {parse_organization_id(form).uuid for form in forms} == {str(uuid)}


@given(st.uuids(), places)
def test_the_base64_form_is_the_one_webex_writes(uuid: UUID, place: str) -> None:
    written = encoded(place, uuid).rstrip("=")
    assert parse_organization_id(written).base64 == written
    assert parse_organization_id(str(uuid)).base64 == encoded("us", uuid).rstrip("=")


@given(st.text(max_size=120))
def test_every_text_is_an_organization_or_a_sentence(text: str) -> None:
    try:
        UUID(parse_organization_id(text).uuid)
    except InputError as error:
        assert error.fix  # noqa: PT017 -- either outcome is right


def test_the_id_of_a_person_is_not_an_organization() -> None:
    person = base64.b64encode(f"ciscospark://us/PEOPLE/{UUID_TEXT}".encode()).decode()
    with pytest.raises(InputError, match="people"):
        parse_organization_id(person)


# -- the administrator link --------------------------------------------------------------------


def test_the_administrator_link_is_the_tutorials() -> None:
    state = new_state()
    parts = urlsplit(admin_link(state))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "https://idbroker.webex.com/idb/oauth2/v1/authorize"
    )
    assert query == {
        "response_type": "token",
        "client_id": "C4ca14fe00b0e51efb414ebd45aa88c1858c3bfb949b2405dba10b0ca4bc37402",
        "redirect_uri": "http://localhost:3000/auth/code",
        "scope": "spark:people_read spark:people_write Identity:SCIM",
        "state": state,
    }


def test_every_link_has_a_state_of_its_own() -> None:
    assert len({new_state() for _ in range(50)}) == 50


def test_an_address_of_another_link_is_refused() -> None:
    address = f"http://localhost:3000/auth/code#access_token={TOKEN}&state=theirs"
    with pytest.raises(InputError, match="does not belong"):
        check_state(clean_token(address), "ours")
    check_state(clean_token(address), "theirs")
    check_state(clean_token(TOKEN), "ours")
