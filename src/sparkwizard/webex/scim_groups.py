"""Read and write the groups of one SCIM address; groups are never deleted from here.

Source: Webex, SCIM 2 Groups (facts/webex.md, section 2): a group shows at most 500 members, its
``/Members`` are paged; a member is removed by a path with its id. Nothing is believed unchecked.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

from sparkwizard.errors import RemoteError, UnexpectedAnswer
from sparkwizard.net.answer import Answer
from sparkwizard.net.errors_of import check
from sparkwizard.provisioning.groups.types import GroupsRead, WebexGroup
from sparkwizard.provisioning.types import Change, Json, Reason
from sparkwizard.webex.scim_paging import ListReading
from sparkwizard.webex.scim_read import get, id_in_location, number_in, page_in, user_in
from sparkwizard.webex.scim_write import PATCH_SCHEMA, filter_text

__all__ = ["MEMBERS_AT_ONCE", "ScimGroups"]

GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
MEMBERS_AT_ONCE = 100
"""How many members one request adds or removes; Webex takes at most 500 (facts/webex.md, 2)."""
_PAGE = 100
_MEMBERS_PAGE = 500
_MOST_PAGES = 2_000
# standard servers show members without being asked
_WITHOUT_MEMBERS: dict[str, str | int] = {"excludedAttributes": "members"}


class _Send(Protocol):
    def __call__(
        self,
        method: str,
        path: str,
        body: Mapping[str, Json] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Awaitable[Answer]: ...


class ScimGroups:
    """Read and write groups; ``send`` is that of a ``ScimClient``."""

    def __init__(self, send: _Send) -> None:
        self._send = send

    # -- reading --------------------------------------------------------------------------------

    async def list_all(self) -> GroupsRead:
        """Read every group without members; ``complete`` is False where one may be missing."""
        reading = await self._read({})
        if reading.must_read_again:
            reading = await self._read({})
        result = reading.result()
        groups = tuple(WebexGroup(one.id, one.resource) for one in result.users)
        findings = () if result.complete else (_LIST_SHORT,)
        return GroupsRead(groups, {}, result.complete, findings)

    async def find(self, name: str) -> tuple[WebexGroup, ...]:
        """Find the groups of this name, without regard to case; a filter may be ignored."""
        reading = await self._read({"filter": filter_text("displayName", name)}, probe=False)
        found = (WebexGroup(one.id, one.resource) for one in reading.users.values())
        return tuple(one for one in found if one.display_name.casefold() == name.casefold())

    async def get(self, group_id: str) -> WebexGroup | None:
        """Read one group without its members, None where there is none."""
        answer = await self._send("GET", _path(group_id), params=_WITHOUT_MEMBERS)
        if answer.status == 404:
            if answer.content.strip():
                answer.json()  # a web page saying 404 is no word about the group
            return None
        return _group_in(answer, group_id)

    async def members(self, group_id: str) -> frozenset[str]:
        """Read the ids of all members of a group.

        ``UnexpectedAnswer`` where some may be missing: who is not seen is no reason for anything.
        """
        found: set[str] = set()
        start = 1
        for _ in range(_MOST_PAGES):
            params: dict[str, str | int] = {"startIndex": start, "count": _MEMBERS_PAGE}
            answer = await self._send("GET", f"{_path(group_id)}/Members", params=params)
            body: Json = check(answer).object()
            page, size = _ids(get(body, "members"), answer), number_in(get(body, "memberSize"))
            new = set(page) - found
            found |= new
            start += len(page)
            # a count that is too small must not hide anybody: a full page asks for one more
            if size is not None and len(found) >= size and len(page) < _MEMBERS_PAGE:
                return frozenset(found)
            if not new:
                if size is None or len(found) >= size:
                    return frozenset(found)
                break
        raise UnexpectedAnswer(
            f"{answer.host} did not list all members of a group.", fix="Try again later."
        )

    # -- writing --------------------------------------------------------------------------------

    async def create(self, changes: Sequence[Change]) -> WebexGroup:
        """Create a group without members and return it as the server shows it."""
        values = {one.attribute: one.after for one in changes if one.after is not None}
        body: dict[str, Json] = {"schemas": [GROUP_SCHEMA], **values}
        answer = check(await self._send("POST", "/Groups", body))
        made = user_in(answer.body())
        if made is not None and made.resource.get("displayName"):
            return WebexGroup(made.id, made.resource)
        group_id = made.id if made else id_in_location(answer.headers.get("location"))
        shown = await self.get(group_id) if group_id else None
        if shown is None:
            raise UnexpectedAnswer(
                f"{answer.host} took the new group but did not say under which id.",
                fix="Make a new preview: it finds the group by name.",
                sent=True,
            )
        return shown

    async def change(self, group_id: str, changes: Sequence[Change]) -> WebexGroup:
        """Change a group's own attributes and return it as the server shows it."""
        operations: list[Json] = [
            {"op": "remove", "path": one.attribute}
            if one.after is None
            else {"op": "replace", "path": one.attribute, "value": one.after}
            for one in changes
        ]
        answer = await self._patch(group_id, operations)
        shown = user_in(answer.body())
        if shown is not None and shown.id == group_id and shown.resource.get("displayName"):
            return WebexGroup(shown.id, shown.resource)
        group = await self.get(group_id)
        if group is None:
            raise UnexpectedAnswer(
                f"{answer.host} took a change of a group that is not there.",
                fix="Make a new preview.",
            )
        return group

    async def add_members(self, group_id: str, users: Sequence[str]) -> str:
        """Add users to a group in one request and return the tracking id."""
        members: list[Json] = [{"value": one, "type": "User"} for one in users]
        operation: Json = {"op": "add", "path": "members", "value": members}
        return (await self._patch(group_id, [operation])).tracking_id

    async def remove_members(self, group_id: str, users: Sequence[str]) -> str:
        """Remove users from a group in one request and return the tracking id."""
        operations: list[Json] = [
            {"op": "remove", "path": f"members[{filter_text('value', one)}]"} for one in users
        ]
        return (await self._patch(group_id, operations)).tracking_id

    async def _patch(self, group_id: str, operations: list[Json]) -> Answer:
        body: dict[str, Json] = {"schemas": [PATCH_SCHEMA], "Operations": operations}
        return check(await self._send("PATCH", _path(group_id), body))

    # -- lists ----------------------------------------------------------------------------------

    async def _read(self, query: Mapping[str, str | int], *, probe: bool = True) -> ListReading:
        reading = ListReading(probe=probe)
        while not reading.finished:
            params = {**query, **_WITHOUT_MEMBERS, "startIndex": reading.start, "count": _PAGE}
            answer = await self._send("GET", "/Groups", params=params)
            try:
                page = page_in(check(answer).object(), answer.host)
            except RemoteError as error:
                if error.status in (400, 404, 416) and reading.end_of_probe():
                    break
                raise
            reading.feed(page, asked=_PAGE)
            await asyncio.sleep(0)
        return reading


_LIST_SHORT = Reason(
    "groups-list-short", "Webex did not list all of its groups, so that none is created or emptied."
)


def _path(group_id: str) -> str:
    return f"/Groups/{quote(group_id, safe='')}"


def _group_in(answer: Answer, group_id: str) -> WebexGroup:
    found = user_in(check(answer).object())
    if found is None or found.id != group_id:
        raise UnexpectedAnswer(
            f"{answer.host} answered about another group than the one asked for.",
            fix="Check the Tenant URL, and try again.",
        )
    return WebexGroup(found.id, found.resource)


def _ids(members: Json, answer: Answer) -> list[str]:
    entries = members if isinstance(members, list) else [] if members is None else [members]
    found = [get(one, "value") for one in entries]
    if not all(isinstance(one, str) and one for one in found):
        raise UnexpectedAnswer(
            f"{answer.host} listed a member of a group without an id.", fix="Try again later."
        )
    return [str(one) for one in found]
