"""Serve the SCIM users."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.filters import USER_FILTERS
from sparkwizard.practice.scim.refusals import not_found
from sparkwizard.practice.webex.access import authorize, authorize_tenant
from sparkwizard.practice.webex.answers import raw_answer, read_object
from sparkwizard.practice.webex.groups import groups_of
from sparkwizard.practice.webex.listing import (
    Query,
    chosen_attributes,
    find_records,
    list_answer,
    read_query,
    shown_names,
)
from sparkwizard.practice.webex.store import Record
from sparkwizard.practice.webex.tokens import Right
from sparkwizard.practice.webex.users import (
    create_user,
    delete_user,
    find_user,
    modify_user,
    replace_user,
)
from sparkwizard.practice.webex.world import World

_SORTABLE = {"userName", "id", "meta.lastModified"}
_CISCO_GROUP_USAGE = "urn:scim:schemas:extension:cisco:webexidentity:2.0:Group"


class UserRoutes:
    """Answer the requests under ``/Users``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes, the most specific first."""
        users = "/identity/scim/{orgId}/v2/Users"
        one = users + "/{userId}"
        return [
            Route("/identity/scim/v2/Users/me", self.me, methods=["GET"]),
            Route(users, self.search, methods=["GET"]),
            Route(users, self.create, methods=["POST"]),
            Route(one, self.read, methods=["GET"]),
            Route(one, self.replace, methods=["PUT"]),
            Route(one, self.modify, methods=["PATCH"]),
            Route(one, self.delete, methods=["DELETE"]),
        ]

    async def me(self, request: Request) -> Response:
        """Return the user to whom the token belongs."""
        token = authorize(self._world, request)
        if token.user is None:
            raise not_found("User", "me")
        return resource_answer(request, find_user(self._world, token.user))

    async def search(self, request: Request) -> Response:
        """List users; ``groups`` appear here alone, and only with ``returnGroups=true``."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        faults = self._world.faults
        query = read_query(request, faults, USER_FILTERS, _SORTABLE)
        found = find_records(self._world.users, query, faults)
        usages = shown_names(request, "groupUsageTypes")
        with_groups = request.query_params.get("returnGroups", "").casefold() == "true"

        def show(record: Record) -> bytes:
            if query.as_stored and not with_groups:
                return record.raw
            content = record.decode()
            if with_groups:
                content["groups"] = self._groups(record.id, usages)
            return _encode(content, query)

        return list_answer(found, query, faults, show)

    async def create(self, request: Request) -> Response:
        """Create a user."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        record = create_user(self._world, await read_object(request))
        return resource_answer(request, record, 201)

    async def read(self, request: Request) -> Response:
        """Return one user as it is now."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        return resource_answer(request, find_user(self._world, request.path_params["userId"]))

    async def replace(self, request: Request) -> Response:
        """Replace a user."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        sent = await read_object(request)
        return resource_answer(
            request, replace_user(self._world, request.path_params["userId"], sent)
        )

    async def modify(self, request: Request) -> Response:
        """Change a user by PATCH."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        sent = await read_object(request)
        return resource_answer(
            request, modify_user(self._world, request.path_params["userId"], sent)
        )

    async def delete(self, request: Request) -> Response:
        """Delete a user for good."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        delete_user(self._world, request.path_params["userId"])
        return Response(status_code=204)

    def _groups(self, user: str, usages: frozenset[str]) -> list[JsonObject]:
        shown = []
        for group in groups_of(self._world, user):
            usage = group.get(_CISCO_GROUP_USAGE, {}).get("usage", "")
            if not usages or usage in usages:
                reference = group["meta"]["location"]
                shown.append(
                    {"value": group["id"], "display": group["displayName"], "$ref": reference}
                )
        return shown


def resource_answer(request: Request, record: Record, status: int = 200) -> Response:
    """Answer with one resource, its version as ETag and, when it is new, its address."""
    attributes = shown_names(request, "attributes")
    excluded = shown_names(request, "excludedAttributes")
    content = record.decode()
    headers = {"etag": content["meta"]["version"]}
    if status == 201:
        headers["location"] = content["meta"]["location"]
    body = record.raw
    if attributes or excluded:
        body = msgspec.json.encode(chosen_attributes(content, attributes, excluded))
    return raw_answer(body, status, headers)


def _encode(content: JsonObject, query: Query) -> bytes:
    if query.as_stored:
        return msgspec.json.encode(content)
    return msgspec.json.encode(chosen_attributes(content, query.attributes, query.excluded))
