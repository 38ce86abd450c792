"""Serve the SCIM groups and their members."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.filters import GROUP_FILTERS
from sparkwizard.practice.scim.refusals import invalid_value
from sparkwizard.practice.webex.access import authorize_tenant
from sparkwizard.practice.webex.answers import json_answer, read_object
from sparkwizard.practice.webex.groups import (
    MOST_MEMBERS_SHOWN,
    create_group,
    delete_group,
    find_group,
    modify_group,
    replace_group,
)
from sparkwizard.practice.webex.listing import (
    chosen_attributes,
    find_records,
    list_answer,
    page_size,
    read_query,
    shown_names,
)
from sparkwizard.practice.webex.store import Record
from sparkwizard.practice.webex.tokens import Right
from sparkwizard.practice.webex.world import World

MEMBERS_MESSAGE = "urn:scim:schemas:extension:cisco:webexidentity:2.0:GroupMembers"
_SORTABLE = {"displayName", "id", "meta.lastModified"}


class GroupRoutes:
    """Answer the requests under ``/Groups``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        groups = "/identity/scim/{orgId}/v2/Groups"
        one = groups + "/{groupId}"
        return [
            Route(groups, self.search, methods=["GET"]),
            Route(groups, self.create, methods=["POST"]),
            Route(one + "/Members", self.members, methods=["GET"]),
            Route(one, self.read, methods=["GET"]),
            Route(one, self.replace, methods=["PUT"]),
            Route(one, self.modify, methods=["PATCH"]),
            Route(one, self.delete, methods=["DELETE"]),
        ]

    async def search(self, request: Request) -> Response:
        """List groups, with members only where ``includeMembers=true`` asks for them."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        faults = self._world.faults
        query = read_query(request, faults, GROUP_FILTERS, _SORTABLE)
        found = find_records(self._world.groups, query, faults)
        member_type = request.query_params.get("memberType", "")
        with_members = request.query_params.get("includeMembers", "").casefold() == "true"

        def show(record: Record) -> bytes:
            content = _with_members(record, member_type) if with_members else record.decode()
            if not with_members and "members" not in query.attributes:
                content.pop("members", None)
            chosen = chosen_attributes(content, query.attributes, query.excluded)
            return msgspec.json.encode(chosen)

        return list_answer(found, query, faults, show)

    async def create(self, request: Request) -> Response:
        """Create a group."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        return _answer(request, create_group(self._world, await read_object(request)), 201)

    async def read(self, request: Request) -> Response:
        """Return one group with its first 500 members."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        return _answer(request, find_group(self._world, request.path_params["groupId"]))

    async def members(self, request: Request) -> Response:
        """Return a page of a group's members."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        record = find_group(self._world, request.path_params["groupId"])
        content = record.decode()
        start = max(_number(request, "startIndex", 1), 1)
        asked = _number(request, "count", MOST_MEMBERS_SHOWN)
        count = page_size(asked, MOST_MEMBERS_SHOWN, self._world.faults)
        members = _of_type(content.get("members", []), request.query_params.get("memberType", ""))
        page = members[start - 1 : start - 1 + count]
        return json_answer(
            {
                "schemas": [MEMBERS_MESSAGE],
                "displayName": content["displayName"],
                "memberSize": len(members),
                "itemsPerPage": len(page),
                "startIndex": start,
                "members": [{k: v for k, v in one.items() if k != "$ref"} for one in page],
            }
        )

    async def replace(self, request: Request) -> Response:
        """Replace a group."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        sent = await read_object(request)
        return _answer(request, replace_group(self._world, request.path_params["groupId"], sent))

    async def modify(self, request: Request) -> Response:
        """Change a group by PATCH."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        sent = await read_object(request)
        return _answer(request, modify_group(self._world, request.path_params["groupId"], sent))

    async def delete(self, request: Request) -> Response:
        """Delete a group."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        delete_group(self._world, request.path_params["groupId"])
        return Response(status_code=204)


def _answer(request: Request, record: Record, status: int = 200) -> Response:
    content = _with_members(record, "")
    headers = {"etag": content["meta"]["version"]}
    if status == 201:
        headers["location"] = content["meta"]["location"]
    chosen = chosen_attributes(
        content, shown_names(request, "attributes"), shown_names(request, "excludedAttributes")
    )
    return json_answer(chosen, status, headers)


def _with_members(record: Record, member_type: str) -> JsonObject:
    content = record.decode()
    members = _of_type(content.get("members", []), member_type)[:MOST_MEMBERS_SHOWN]
    if members:
        content["members"] = members
    else:
        content.pop("members", None)
    return content


def _of_type(members: list[JsonObject], member_type: str) -> list[JsonObject]:
    wanted = member_type.casefold()
    return [one for one in members if not wanted or one["type"].casefold() == wanted]


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if text and not text.lstrip("-").isdigit():
        raise invalid_value(f"{name} must be a whole number.")
    return int(text) if text else default
