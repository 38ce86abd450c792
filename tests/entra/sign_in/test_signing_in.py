"""Signing in to the practice tenant with the real MSAL: browser, device code, renewal, sign-out."""

import asyncio
import socket
from contextlib import aclosing

import httpx
import pytest

from sparkwizard.entra.graph import Graph, open_http
from sparkwizard.entra.sign_in import SignedInTokens, SignIn
from sparkwizard.entra.types import BrowserNeeded, DeviceCode, Purpose, SignedIn
from sparkwizard.errors import (
    Cancelled,
    Forbidden,
    NotAuthorized,
    SparkWizardError,
    UnexpectedAnswer,
    Unreachable,
)
from sparkwizard.net.redact import redact
from sparkwizard.practice.server import PracticeServer
from tests.entra.sign_in.conftest import OpenSignIn, as_a_browser, asked_in

PEOPLE = (Purpose.PEOPLE,)
OWN_CLIENT = "6b1d5f0e-5d38-4a7e-9f43-2f6f0c1c7a55"


async def by_browser(sign_in: SignIn, *, accept: bool = True) -> SignedIn:
    async with aclosing(sign_in.in_browser(PEOPLE)) as events:
        needed = await anext(events)
        assert isinstance(needed, BrowserNeeded)
        _, done = await asyncio.gather(as_a_browser(needed.url, accept=accept), anext(events))
    assert isinstance(done, SignedIn)
    return done


async def by_code(sign_in: SignIn, practice: PracticeServer, *, accept: bool = True) -> SignedIn:
    async with aclosing(sign_in.by_device_code(PEOPLE)) as events:
        code = await anext(events)
        assert isinstance(code, DeviceCode)
        practice.complete_sign_in(accept=accept)
        done = await anext(events)
    assert isinstance(done, SignedIn)
    return done


# -- the ways in ---------------------------------------------------------------------------------


async def test_the_browser_brings_the_sign_in(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    done = await by_browser(sign_in)
    assert done.account.tenant == practice.entra_tenant_id
    assert done.account.username.endswith("@fabrikam.example")
    assert (await sign_in.account()) is not None


async def test_only_the_permissions_of_the_path_are_asked_for(open_sign_in: OpenSignIn) -> None:
    async with aclosing(open_sign_in().in_browser(PEOPLE)) as events:
        needed = await anext(events)
        assert isinstance(needed, BrowserNeeded)
    asked = asked_in(needed.url)
    wanted = set(asked["scope"].split()) - {"openid", "profile", "offline_access"}
    assert wanted == {"User.Read.All"}
    assert asked["response_mode"] == "form_post"
    assert asked["redirect_uri"].startswith("http://localhost:")
    assert {"code_challenge", "state", "nonce"} <= asked.keys()


async def test_the_organizations_own_registration_is_used_where_the_setup_names_it(
    open_sign_in: OpenSignIn,
) -> None:
    async with aclosing(open_sign_in(client_id=OWN_CLIENT).in_browser(PEOPLE)) as events:
        needed = await anext(events)
        assert isinstance(needed, BrowserNeeded)
    assert asked_in(needed.url)["client_id"] == OWN_CLIENT


async def test_a_code_is_entered_on_any_device(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    practice.entra_faults.slow_down_next = 1
    sign_in = open_sign_in()
    async with aclosing(sign_in.by_device_code(PEOPLE)) as events:
        code = await anext(events)
        assert isinstance(code, DeviceCode)
        assert code.url == f"{practice.base_url}/devicelogin"
        assert (len(code.user_code), code.expires_in) == (9, 900)
        assert len(code.qr) == len(code.qr[0]) >= 21
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        practice.complete_sign_in()
        assert isinstance(await waiting, SignedIn)


async def test_without_a_tenant_the_account_decides(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in(tenant="")
    done = await by_code(sign_in, practice)
    assert sign_in.settings.tenant == done.account.tenant == practice.entra_tenant_id
    assert (await sign_in.token(PEOPLE))[0]


async def test_the_token_opens_graph_and_is_renewed_when_it_is_refused(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    await by_code(sign_in, practice)
    tokens = SignedInTokens(sign_in, PEOPLE)
    async with Graph(open_http(practice.graph_url), tokens, practice.graph_url) as graph:
        first = await tokens.token()
        assert (await graph.get("/me", {"$select": "id"}))["id"]
        assert await tokens.token() == first
        assert await tokens.renewed(first) != first


async def test_a_token_that_ends_soon_is_renewed_before_it_is_used(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    practice.entra_faults.token_life = 60
    sign_in = open_sign_in()
    await by_code(sign_in, practice)
    tokens = SignedInTokens(sign_in, PEOPLE)
    practice.entra_faults.token_life = 3600
    assert await tokens.token() == await tokens.token()


# -- refusals ------------------------------------------------------------------------------------


async def test_declining_in_the_browser_is_a_cancelled_sign_in(open_sign_in: OpenSignIn) -> None:
    sign_in = open_sign_in()
    with pytest.raises(Cancelled, match="cancelled in the browser"):
        await by_browser(sign_in, accept=False)
    assert await sign_in.account() is None


@pytest.mark.parametrize(
    ("fault", "kind", "code", "whom"),
    [
        ("conditional_access", Forbidden, "conditional-access", "Conditional Access or Security"),
        ("device_code_blocked", Forbidden, "conditional-access", "device code is often blocked"),
        ("admin_consent_needed", Forbidden, "admin-consent", "Global Administrator"),
    ],
)
async def test_a_refusal_says_whom_to_ask(
    practice: PracticeServer,
    open_sign_in: OpenSignIn,
    fault: str,
    kind: type[SparkWizardError],
    code: str,
    whom: str,
) -> None:
    setattr(practice.entra_faults, fault, True)
    with pytest.raises(kind) as caught:
        await by_code(open_sign_in(), practice)
    assert caught.value.code == code
    assert whom in caught.value.fix


async def test_consent_that_was_withdrawn_between_two_steps_names_the_permission(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    await by_code(sign_in, practice)
    practice.entra_faults.consent_withdrawn = ("User.Read.All",)
    with pytest.raises(Forbidden, match=r"consent to User\.Read\.All") as caught:
        await sign_in.token(PEOPLE, renew=True)
    assert caught.value.code == "consent-missing"


async def test_revoked_sessions_ask_to_sign_in_again(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    await by_code(sign_in, practice)
    practice.entra_faults.sessions_revoked = True
    with pytest.raises(NotAuthorized, match="Sign in again") as caught:
        await sign_in.token(PEOPLE, renew=True)
    assert (caught.value.code, caught.value.remote_code) == ("sign-in-ended", "AADSTS50173")


async def test_a_code_that_nobody_uses_ends(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    practice.entra_faults.device_code_life = 1
    async with aclosing(open_sign_in().by_device_code(PEOPLE)) as events:
        await anext(events)
        await asyncio.sleep(1.05)
        with pytest.raises(NotAuthorized, match="not used in time"):
            await anext(events)


async def test_an_unknown_organization_is_told(open_sign_in: OpenSignIn) -> None:
    with pytest.raises(UnexpectedAnswer, match="does not know this organization"):
        await anext(open_sign_in(tenant="nobody.example").by_device_code(PEOPLE))


async def test_an_unknown_application_is_told(open_sign_in: OpenSignIn) -> None:
    with pytest.raises(SparkWizardError, match="client_id") as caught:
        await anext(open_sign_in(client_id="not-a-guid").by_device_code(PEOPLE))
    assert caught.value.code == "client-id"


async def test_without_a_network_the_network_is_told(
    tmp_path: object, open_sign_in: OpenSignIn
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sign_in = open_sign_in()
    lost = SignIn(
        type(sign_in.settings)(f"http://127.0.0.1:{port}/v1.0", "t"),
        vaults=sign_in._vaults,
        folder=sign_in._folder,
    )
    async with lost:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 can't be reached"):
            await anext(lost.in_browser(PEOPLE))


async def test_nobody_signed_in_says_how_to_sign_in(open_sign_in: OpenSignIn) -> None:
    with pytest.raises(NotAuthorized, match="sparkwizard sign-in") as caught:
        await open_sign_in().token(PEOPLE)
    assert caught.value.code == "sign-in-needed"


# -- stopping ------------------------------------------------------------------------------------


async def test_cancelling_in_the_browser_step_closes_the_address_at_once(
    open_sign_in: OpenSignIn,
) -> None:
    events = open_sign_in().in_browser(PEOPLE)
    needed = await anext(events)
    assert isinstance(needed, BrowserNeeded)
    waiting = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await events.aclose()
    reply_to = asked_in(needed.url)["redirect_uri"]
    async with httpx.AsyncClient(trust_env=False) as browser:
        with pytest.raises(httpx.ConnectError):
            await browser.get(reply_to)


async def test_what_arrives_after_cancelling_is_dropped(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    events = sign_in.by_device_code(PEOPLE)
    await anext(events)
    waiting = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.05)
    practice.complete_sign_in()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await events.aclose()
    await asyncio.sleep(0.1)
    assert await sign_in.account() is None


async def test_signing_out_removes_every_token(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    await by_code(sign_in, practice)
    await sign_in.sign_out()
    assert await sign_in.account() is None
    with pytest.raises(NotAuthorized):
        await sign_in.token(PEOPLE)


async def test_signing_in_again_replaces_the_account(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    await by_code(sign_in, practice)
    async with aclosing(sign_in.by_device_code(PEOPLE)) as events:
        await anext(events)
        practice.entra.sign_in.complete_all(practice.entra.accounts()[0])
        done = await anext(events)
    assert isinstance(done, SignedIn)
    known = await sign_in.account()
    assert known is not None
    assert known.username == done.account.username


# -- secrets -------------------------------------------------------------------------------------


async def test_every_token_is_hidden_from_then_on(
    practice: PracticeServer, open_sign_in: OpenSignIn, capfd: pytest.CaptureFixture[str]
) -> None:
    sign_in = open_sign_in()
    await by_browser(sign_in)
    token, _ = await sign_in.token(PEOPLE)
    assert token not in redact(f"heard {token}")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


async def test_somebody_else_who_knocks_at_the_reply_address_is_turned_away(
    open_sign_in: OpenSignIn,
) -> None:
    async with aclosing(open_sign_in().in_browser(PEOPLE)) as events:
        needed = await anext(events)
        assert isinstance(needed, BrowserNeeded)
        waiting = asyncio.ensure_future(anext(events))
        reply_to = asked_in(needed.url)["redirect_uri"]
        async with httpx.AsyncClient(trust_env=False) as other:
            for params in ({"code": "x"}, {"code": "x", "state": "guessed"}, {"error": "abort"}):
                assert (await other.get(reply_to, params=params)).status_code == 404
        assert not waiting.done()
        _, done = await asyncio.gather(as_a_browser(needed.url), waiting)
        assert isinstance(done, SignedIn)
