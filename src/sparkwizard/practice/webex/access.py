"""Decide who may do what: tokens, rights, and whose organization it is."""

from uuid import UUID

from starlette.requests import Request

from sparkwizard.practice.webex.answers import Refusal, forbidden, unauthorized
from sparkwizard.practice.webex.tokens import Right, Token
from sparkwizard.practice.webex.world import World


def authorize(world: World, request: Request, right: Right = Right.NOTHING) -> Token:
    """Return the token of a request.

    Raises Refusal: 401 without a living token, 403 where the token lacks the right. A token dies
    with its user: a disabled or deleted administrator is out.
    """
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = world.tokens.find(text.strip(), world.clock())
    if scheme.casefold() != "bearer" or token is None or world.faults.token_expired:
        raise unauthorized()
    if token.user is not None and not _is_active(world, token.user):
        raise unauthorized()
    if right not in token.rights:
        raise forbidden("The access token is not allowed to do this.")
    return token


def authorize_tenant(world: World, request: Request, right: Right) -> Token:
    """Return the token of a SCIM request to one organization.

    Raises Refusal: 404 where the address holds no UUID (the base64 form is a common slip), 403
    where the organization is not the token's own.
    """
    token = authorize(world, request, right)
    organization = request.path_params["orgId"]
    try:
        UUID(organization)
    except ValueError:
        raise Refusal(404, "The organization was not found.") from None
    if organization.casefold() != token.organization or token.organization != world.organization_id:
        raise forbidden("The access token belongs to another organization.")
    return token


def _is_active(world: World, user: str) -> bool:
    record = world.users.get(user)
    return record is not None and record.decode().get("active", True) is True
