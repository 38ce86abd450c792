"""Signing in to the practice tenant, with MSAL itself as the client."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msal
import pytest

from sparkwizard.practice import PracticeServer
from tests.practice.graph.msal_http import application

SCOPES = ["User.Read.All", "GroupMember.Read.All"]


@pytest.fixture
def app(practice: PracticeServer) -> Iterator[msal.PublicClientApplication]:
    made = application(practice.authority_url)
    yield made
    made.http_client.close()


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def once(app: msal.PublicClientApplication, flow: dict[str, Any]) -> dict[str, Any]:
    """Ask once for the tokens of a device code."""
    answer: dict[str, Any] = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    return answer


def signed_in(app: msal.PublicClientApplication, practice: PracticeServer) -> dict[str, Any]:
    flow = app.initiate_device_flow(SCOPES)
    practice.complete_sign_in()
    answer = once(app, flow)
    assert "access_token" in answer, answer
    return answer


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r"type=hidden name='([^']*)' value='([^']*)'", page))


def test_a_device_code_waits_for_the_person(app: msal.PublicClientApplication) -> None:
    flow = app.initiate_device_flow(SCOPES)
    assert flow["user_code"] in flow["message"]
    assert once(app, flow)["error"] == "authorization_pending"


def test_a_completed_device_code_gives_a_token_for_graph(
    app: msal.PublicClientApplication, practice: PracticeServer
) -> None:
    token = signed_in(app, practice)["access_token"]
    answer = httpx.get(
        f"{practice.graph_url}/users",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.status_code == 200
    assert app.get_accounts()[0]["username"] == "priya.raman@fabrikam.example"


def test_the_page_names_the_permissions_and_can_be_clicked(
    app: msal.PublicClientApplication, browser: httpx.Client
) -> None:
    flow = app.initiate_device_flow(SCOPES)
    address = flow["verification_uri"]
    consent = browser.post(address, data={"user_code": flow["user_code"].lower()}).text
    assert "User.Read.All" in consent
    assert "Read group memberships" in consent
    done = browser.post(address, data=hidden_fields(consent) | {"answer": "accept"})
    assert "You have signed in" in done.text
    assert "access_token" in once(app, flow)


def test_a_wrong_code_is_told(app: msal.PublicClientApplication, browser: httpx.Client) -> None:
    address = app.initiate_device_flow(SCOPES)["verification_uri"]
    assert browser.post(address, data={"user_code": "WRONG"}).status_code == 400


def test_a_declined_sign_in_is_told(
    app: msal.PublicClientApplication, practice: PracticeServer
) -> None:
    flow = app.initiate_device_flow(SCOPES)
    practice.complete_sign_in(accept=False)
    assert once(app, flow)["error"] == "authorization_declined"


def test_a_device_code_runs_out(
    app: msal.PublicClientApplication, practice: PracticeServer
) -> None:
    practice.entra_faults.device_code_life = -1
    flow = app.initiate_device_flow(SCOPES)
    flow["expires_at"] += 60
    assert once(app, flow)["error"] == "expired_token"


def test_who_asks_too_often_is_slowed_down(
    app: msal.PublicClientApplication, practice: PracticeServer
) -> None:
    practice.entra_faults.device_code_interval = 0
    flow = app.initiate_device_flow(SCOPES)
    practice.entra_faults.slow_down_next = 1
    assert once(app, flow)["error"] == "slow_down"


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        ("conditional_access", 53003),
        ("device_code_blocked", 53003),
        ("admin_consent_needed", 90094),
    ],
)
def test_a_refusal_carries_its_number(
    app: msal.PublicClientApplication, practice: PracticeServer, fault: str, number: int
) -> None:
    setattr(practice.entra_faults, fault, True)
    flow = app.initiate_device_flow(SCOPES)
    practice.complete_sign_in()
    answer = once(app, flow)
    assert answer["error_codes"] == [number]
    assert f"AADSTS{number}" in answer["error_description"]


def test_who_is_no_administrator_cannot_consent(
    app: msal.PublicClientApplication, practice: PracticeServer, browser: httpx.Client
) -> None:
    flow = app.initiate_device_flow(SCOPES)
    someone = practice.entra.accounts()[1].id
    form = {"user_code": flow["user_code"], "account": someone, "answer": "accept"}
    assert browser.post(flow["verification_uri"], data=form).status_code == 403
    assert once(app, flow)["error_codes"] == [90094]


def test_a_permission_that_does_not_exist_is_refused(app: msal.PublicClientApplication) -> None:
    assert app.initiate_device_flow(["People.Eat.All"])["error"] == "invalid_scope"


def test_a_renewal_needs_no_person(
    app: msal.PublicClientApplication, practice: PracticeServer
) -> None:
    first = signed_in(app, practice)["access_token"]
    renewed = app.acquire_token_silent(SCOPES, app.get_accounts()[0], force_refresh=True)
    assert renewed is not None
    assert renewed["access_token"] != first


@pytest.mark.parametrize(
    ("fault", "value", "number"),
    [
        ("consent_withdrawn", ("GroupMember.Read.All",), 65001),
        ("sessions_revoked", True, 50173),
        ("second_factor_needed", True, 50076),
        ("conditional_access", True, 53003),
    ],
)
def test_a_renewal_is_refused(
    app: msal.PublicClientApplication,
    practice: PracticeServer,
    fault: str,
    value: object,
    number: int,
) -> None:
    signed_in(app, practice)
    setattr(practice.entra_faults, fault, value)
    account = app.get_accounts()[0]
    answer = app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert answer["error_codes"] == [number]


def test_withdrawn_consent_closes_graph(
    app: msal.PublicClientApplication, practice: PracticeServer
) -> None:
    token = signed_in(app, practice)["access_token"]
    practice.entra_faults.consent_withdrawn = ("User.Read.All",)
    answer = httpx.get(
        f"{practice.graph_url}/users",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.json()["error"]["code"] == "Authorization_RequestDenied"


def test_a_sign_in_in_the_browser_ends_with_a_posted_code(
    app: msal.PublicClientApplication, browser: httpx.Client
) -> None:
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri="http://localhost:8400", response_mode="form_post"
    )
    consent = browser.get(flow["auth_uri"]).text
    action = f"{urlsplit(flow['auth_uri']).scheme}://{urlsplit(flow['auth_uri']).netloc}"
    path = re.findall(r"action='([^']*)'", consent)[0]
    back = browser.post(f"{action}{path}", data=hidden_fields(consent) | {"answer": "accept"}).text
    assert "action='http://localhost:8400'" in back
    answer = app.acquire_token_by_auth_code_flow(flow, hidden_fields(back))
    assert "access_token" in answer, answer


def test_cancelling_in_the_browser_is_told_to_the_program(
    app: msal.PublicClientApplication, browser: httpx.Client
) -> None:
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri="http://localhost:8400", response_mode="form_post"
    )
    consent = browser.get(re.sub("response_mode=[^&]*", "response_mode=query", flow["auth_uri"]))
    form = hidden_fields(consent.text) | {"answer": "cancel"}
    back = browser.post(str(consent.url.copy_with(query=None)), data=form)
    told = parse_qs(urlsplit(back.headers["location"]).query)
    assert told["error"] == ["access_denied"]
