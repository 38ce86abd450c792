"""Answer the addresses of Microsoft's sign-in service, and serve its pages."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.answers import json_answer, request_id
from sparkwizard.practice.signin import flows
from sparkwizard.practice.signin.pages import (
    code_page,
    consent_page,
    message_page,
    posting_page,
)
from sparkwizard.practice.signin.refusals import SignInRefusal, bad_request, error_body

DEVICE_PAGE = "/devicelogin"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DEVICE_GRANTS = frozenset({"urn:ietf:params:oauth:grant-type:device_code", "device_code"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


class SignInRoutes:
    """Serve discovery, device code, the browser's pages and the tokens."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.discover),
            Route("/{tenant}/discovery/instance", self.instance),
            Route("/{tenant}/oauth2/v2.0/devicecode", self.device_code, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/authorize", self.authorize, methods=["GET"]),
            Route("/{tenant}/oauth2/v2.0/authorize", self.answer_page, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/logout", self.sign_out),
            Route(DEVICE_PAGE, self.show_code_page, methods=["GET"]),
            Route(DEVICE_PAGE, self.answer_code_page, methods=["POST"]),
        ]

    async def discover(self, request: Request) -> Response:
        """Say where everything is; https is for MSAL's sake (see the package's docstring)."""
        self._require_tenant(request)
        root = f"{self._world.authority_url}/oauth2/v2.0"
        called = root.replace("http:", "https:", 1)
        return json_answer(
            {
                "issuer": self._world.issuer,
                "authorization_endpoint": f"{root}/authorize",
                "token_endpoint": f"{called}/token",
                "device_authorization_endpoint": f"{called}/devicecode",
                "end_session_endpoint": f"{root}/logout",
                "response_modes_supported": ["query", "form_post"],
                "response_types_supported": ["code"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "tenant_region_scope": None,
                "cloud_instance_name": "practice.example",
                "msgraph_host": urlsplit(self._world.base_url).netloc,
            }
        )

    async def instance(self, request: Request) -> Response:
        """Vouch for this authority, where a client asks."""
        self._require_tenant(request)
        root = self._world.authority_url.replace("http:", "https:", 1)
        discovery = f"{root}/v2.0/.well-known/openid-configuration"
        host = urlsplit(root).netloc
        return json_answer(
            {
                "tenant_discovery_endpoint": discovery,
                "api-version": "1.1",
                "metadata": [
                    {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
                ],
            }
        )

    async def device_code(self, request: Request) -> Response:
        """Start a sign-in by device code."""
        self._require_tenant(request)
        form = await _form(request)
        code, flow = self._world.sign_in.begin_device(_client(form), form.get("scope", ""))
        page = f"{self._world.base_url}{DEVICE_PAGE}"
        return json_answer(
            {
                "user_code": flow.user_code,
                "device_code": code,
                "verification_uri": page,
                "expires_in": int(self._world.faults.device_code_life),
                "interval": self._world.faults.device_code_interval,
                "message": f"To sign in, use a web browser to open the page {page}"
                f" and enter the code {flow.user_code} to authenticate.",
            }
        )

    async def token(self, request: Request) -> Response:
        """Exchange a device code, a code of the browser or a refresh token."""
        self._require_tenant(request)
        form = await _form(request)
        kind, client = form.get("grant_type", ""), _client(form)
        sign_in = self._world.sign_in
        if kind in _DEVICE_GRANTS:
            code = form.get("device_code") or form.get("code", "")
            return json_answer(sign_in.redeem_device(code, client))
        if kind == "authorization_code":
            verifier, reply = form.get("code_verifier", ""), form.get("redirect_uri", "")
            return json_answer(sign_in.redeem_code(form.get("code", ""), verifier, reply))
        if kind == "refresh_token":
            refresh, scope = form.get("refresh_token", ""), form.get("scope", "")
            return json_answer(sign_in.renew(refresh, client, scope))
        raise SignInRefusal("unsupported_grant_type", 70003, f"Grant type '{kind}' is unknown.")

    async def authorize(self, request: Request) -> Response:
        """Show the consent page of a sign-in in the browser."""
        self._require_tenant(request)
        given = request.query_params
        reply = given.get("redirect_uri", "")
        if urlsplit(reply).hostname not in _LOOPBACK:
            raise SignInRefusal(
                "invalid_request", 50011, f"The redirect URI '{reply}' is not registered."
            )
        key, flow = self._world.sign_in.begin_page(_client(given), given.get("scope", ""))
        flow.redirect_uri = reply
        flow.state = given.get("state", "")
        flow.challenge = given.get("code_challenge", "")
        flow.nonce = given.get("nonce", "")
        flow.response_mode = given.get("response_mode", "query")
        return self._consent(request.url.path, flow, {"page": key})

    async def answer_page(self, request: Request) -> Response:
        """Take the person's answer and send the browser back to the program."""
        form = await _form(request)
        flow = self._world.sign_in.pages.pop(form.get("page", ""), None)
        if flow is None:
            return message_page("Too late", "This sign-in has ended. Start again.", status=400)
        self._finish(flow, form)
        answer = {"state": flow.state} if flow.state else {}
        if flow.refusal is None:
            answer["code"] = self._world.sign_in.code_for(flow)
        else:
            answer["error"] = "access_denied"
            answer["error_description"] = str(flow.refusal)
        if flow.response_mode == "form_post":
            return posting_page(flow.redirect_uri, answer)
        return RedirectResponse(f"{flow.redirect_uri}?{urlencode(answer)}", 302)

    async def show_code_page(self, _request: Request) -> Response:
        """Ask for the user code."""
        return code_page(DEVICE_PAGE)

    async def answer_code_page(self, request: Request) -> Response:
        """Show the permissions behind a user code, or take the person's answer to them."""
        form = await _form(request)
        user_code = form.get("user_code", "")
        flow = self._world.sign_in.by_user_code(user_code)
        if flow is None or not flow.waiting:
            return code_page(DEVICE_PAGE, message="That code didn't work. Check it and try again.")
        if "answer" not in form:
            return self._consent(DEVICE_PAGE, flow, {"user_code": flow.user_code})
        self._finish(flow, form)
        if flow.refusal is not None:
            return message_page("You can't get there from here", str(flow.refusal), status=403)
        return message_page("You have signed in", "Close this window and return to your program.")

    async def sign_out(self, _request: Request) -> Response:
        """Say good-bye."""
        return message_page("You signed out", "Close this window.")

    def _consent(self, action: str, flow: flows.Request, hidden: Mapping[str, str]) -> Response:
        return consent_page(
            action,
            hidden=hidden,
            client_id=flow.client_id,
            permissions=self._world.sign_in.permissions(flow),
            accounts=self._world.sign_in.accounts(),
        )

    def _finish(self, flow: flows.Request, form: Mapping[str, str]) -> None:
        accounts = self._world.sign_in.accounts()
        account = next((one for one in accounts if one.id == form.get("account")), accounts[0])
        self._world.sign_in.finish(flow, account, accept=form.get("answer") == "accept")

    def _require_tenant(self, request: Request) -> None:
        tenant = request.path_params["tenant"].casefold()
        if tenant not in self._world.tenant_names:
            raise SignInRefusal("invalid_tenant", 90002, f"Tenant '{tenant}' not found.")


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal; one that a browser would see as a page."""
    assert isinstance(error, SignInRefusal)
    trace = request_id(request)
    if request.url.path.endswith("/authorize"):
        return message_page("We can't sign you in", str(error), status=400)
    correlation = request.headers.get("client-request-id", trace)
    return json_answer(error_body(error, trace, correlation), error.status)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a posted form."""
    text = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def _client(given: Mapping[str, str]) -> str:
    client_id = given.get("client_id", "")
    if not client_id:
        raise bad_request("The request body must contain the following parameter: 'client_id'.")
    if not _GUID.fullmatch(client_id):
        raise SignInRefusal(
            "unauthorized_client",
            700016,
            f"Application with identifier '{client_id}' was not found in the directory.",
        )
    return client_id
