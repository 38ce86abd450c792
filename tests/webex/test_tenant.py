"""Tenant URLs in all the forms people have them in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError
from sparkwizard.webex.organization import parse_organization_id
from sparkwizard.webex.tenant import TenantUrl, entra_form, spoken_form
from sparkwizard.webex.types import Cloud

ID = "0ae87ade-8c8a-4952-af08-318798958d0c"
ORGANIZATION = parse_organization_id(ID)
SPOKEN = f"https://webexapis.com/identity/scim/{ID}/v2"
GOVERNMENT = f"https://api-usgov.webex.com/identity/scim/{ID}/v2"


@pytest.mark.parametrize(
    "text",
    [
        SPOKEN,
        f"  {SPOKEN}/ \n",
        f"“{SPOKEN}”",
        f"webexapis.com/identity/scim/{ID.upper()}/v2",
        f"{SPOKEN}/Users?count=1",
        f"https://WEBEXAPIS.com:443/identity/scim/{ID}",
        f"https://api.ciscospark.com/v1/scim/{ID}",
        f"https://api.ciscospark.com/v1/scim/{ID}/",
        f"https://api.ciscospark.com/v1/scim/{ORGANIZATION.base64}/",
        f"https://api.ciscospark.com/v1/scim/{ORGANIZATION.base64}%3D",
        f"api.ciscospark.com/v1/scim/{ID}?aadOptscim062020",
        ID,
        ORGANIZATION.base64,
    ],
)
def test_every_form_of_the_tutorial_means_the_same_organization(text: str) -> None:
    url = TenantUrl.parse(text)
    assert (url.scim_base, url.organization_id, url.cloud) == (SPOKEN, ID, Cloud.COMMERCIAL)


@given(st.uuids(), st.sampled_from([Cloud.COMMERCIAL, Cloud.GOVERNMENT]))
def test_a_written_address_reads_back_the_same(uuid: object, cloud: Cloud) -> None:
    organization = parse_organization_id(str(uuid))
    url = TenantUrl.parse(spoken_form(organization, cloud))
    assert (url.scim_base, url.organization_id) == (
        spoken_form(organization, cloud),
        organization.uuid,
    )
    assert url.cloud is cloud


def test_the_form_for_entra_is_the_tutorials() -> None:
    assert entra_form(ORGANIZATION) == f"https://api.ciscospark.com/v1/scim/{ID}"


def test_the_people_api_is_known_only_for_webex_itself() -> None:
    assert TenantUrl.parse(SPOKEN).default_api_url == "https://webexapis.com/v1"
    assert TenantUrl.parse(GOVERNMENT).default_api_url == "https://api-usgov.webex.com/v1"
    assert TenantUrl.parse("https://scim.example/v2").default_api_url == ""
    assert TenantUrl.parse(f"http://127.0.0.1:1/identity/scim/{ID}/v2").default_api_url == ""


def test_a_lookalike_of_webex_is_not_webex() -> None:
    assert not TenantUrl.parse(f"https://webexapis.com.evil.example/scim/{ID}").is_webex


def test_the_internal_address_keeps_its_version() -> None:
    url = TenantUrl.parse(f"https://identity.webex.com/identity/scim/{ID}/v1/Users")
    assert url.scim_base == f"https://identity.webex.com/identity/scim/{ID}/v1"


@pytest.mark.parametrize(
    ("text", "base", "organization"),
    [
        ("http://127.0.0.1:8080/v2", "http://127.0.0.1:8080/v2", ""),
        ("127.0.0.1:8080/v2/Users", "http://127.0.0.1:8080/v2", ""),
        ("localhost:8080", "http://localhost:8080", ""),
        ("[::1]:8080/v2", "http://[::1]:8080/v2", ""),
        ("scim.example.com/v2/", "https://scim.example.com/v2", ""),
        (
            f"http://127.0.0.1:9/identity/scim/{ID}/v2",
            f"http://127.0.0.1:9/identity/scim/{ID}/v2",
            ID,
        ),
    ],
)
def test_any_other_server_keeps_its_address(text: str, base: str, organization: str) -> None:
    url = TenantUrl.parse(text)
    assert (url.scim_base, url.organization_id, url.is_webex) == (base, organization, False)


def test_entras_flags_are_kept_apart() -> None:
    url = TenantUrl.parse("https://scim.example/v2?aadOptscim062020&AzureAdScimPatch2017")
    assert url.scim_base == "https://scim.example/v2"
    assert url.flags == ("aadOptscim062020", "AzureAdScimPatch2017")


def test_the_origin_has_no_path() -> None:
    assert TenantUrl.parse(SPOKEN).origin == "https://webexapis.com"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no Tenant URL yet"),
        ("hello", "not a Tenant URL"),
        ("http://scim.example/v2", "starts with https"),
        (f"http://webexapis.com/identity/scim/{ID}/v2", "starts with https"),
        ("ftp://scim.example/v2", "starts with https"),
        ("https://webexapis.com/v1/people/me", "not a Tenant URL"),
        ("https://webexapis.com/identity/scim/nobody/v2", "not an organization ID"),
        (f"https://webexapis.com:8443/identity/scim/{ID}/v2", "without a port"),
        (f"https://api.ciscoweb.com/v1/scim/{ID}", "translations"),
        ("https://user:pw@scim.example/v2", "user name or password"),
        ("https://[x/", "not a web address"),
        ("https://a:b/", "not a web address"),
    ],
)
def test_what_is_no_tenant_url_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        TenantUrl.parse(text)


@given(st.text(max_size=80) | st.from_regex(r"https?://[a-z.\[\]:@/?#%0-9]{1,40}", fullmatch=True))
def test_every_text_is_a_tenant_url_or_a_sentence(text: str) -> None:
    try:
        url = TenantUrl.parse(text)
    except InputError as error:
        assert error.fix  # noqa: PT017 -- either outcome is right
    else:
        assert TenantUrl.parse(url.scim_base).scim_base == url.scim_base
