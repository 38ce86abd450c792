"""Decide what a Graph token may do."""

from starlette.requests import Request

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.answers import GraphRefusal, denied
from sparkwizard.practice.signin.permissions import covered
from sparkwizard.practice.signin.tokens import AccessToken

# any of them lets a person configure provisioning (GD: rbac-synchronization-apis)
WRITING_ROLES = frozenset({"Application Administrator", "Cloud Application Administrator"})


def authorize(world: EntraWorld, request: Request, *any_of: str) -> AccessToken:
    """Return the token of a request that holds any of these permissions.

    Raises GraphRefusal: 401 without a living token, 403 where the permission lacks or where its
    consent was withdrawn.
    """
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if not text.strip():
        raise _unauthorized("Access token is empty.")
    token = world.sign_in.tokens.find(text.strip())
    if scheme.casefold() != "bearer" or token is None:
        raise _unauthorized("CompactToken parsing failed with error code: 80049217")
    if world.faults.tokens_expired or token.expires <= world.clock():
        raise _unauthorized("Lifetime validation failed, the token is expired.")
    if any_of and not covered(any_of, token.permissions - set(world.faults.consent_withdrawn)):
        raise denied()
    return token


def _unauthorized(message: str) -> GraphRefusal:
    return GraphRefusal(
        401,
        "InvalidAuthenticationToken",
        message,
        {"www-authenticate": 'Bearer realm="", authorization_uri="https://login.example/"'},
    )


def authorize_administrator(world: EntraWorld, request: Request, *any_of: str) -> AccessToken:
    """Return the token of a request by somebody whose role lets them change applications.

    Raises GraphRefusal as ``authorize`` does, and 403 where the role lacks.
    """
    token = authorize(world, request, *any_of)
    if not token.account.administrator or not WRITING_ROLES - set(world.faults.roles_missing):
        raise denied()
    return token
