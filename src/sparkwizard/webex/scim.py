"""Speak SCIM with Webex, or with any other server: 2.0, and 1.1 where the answers show it.

Bodies are made in ``scim_write``, answers read in ``scim_read`` and ``scim_paging``; here they are
sent, and nothing is believed unchecked: that a filter was applied, that paging advances, that the
answer is about the user that was asked for.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from sparkwizard.errors import NetError, RemoteError, UnexpectedAnswer
from sparkwizard.net.answer import Answer
from sparkwizard.net.errors_of import check
from sparkwizard.provisioning.target.path import TargetPath, parse_path, read_path
from sparkwizard.provisioning.types import Change, Json, User, UsersRead
from sparkwizard.values import replace
from sparkwizard.webex.scim_ahead import PagesAhead
from sparkwizard.webex.scim_asking import Asking
from sparkwizard.webex.scim_bulk import bulk_body, bulk_outcomes, fitting, unanswered
from sparkwizard.webex.scim_groups import ScimGroups
from sparkwizard.webex.scim_paging import ListReading
from sparkwizard.webex.scim_read import (
    ListPage,
    capabilities_in,
    get,
    id_in_location,
    listed_page,
    page_in,
    user_in,
    version_in,
)
from sparkwizard.webex.scim_write import create_body, filter_text, patch_body
from sparkwizard.webex.types import BulkOperation, BulkOutcome, Capabilities, Written

if TYPE_CHECKING:  # a command that sends nothing reads no network from disk
    from sparkwizard.net.client import Http

__all__ = ["ScimClient", "page_size_of"]

_ACCEPT = {"Accept": "application/scim+json, application/json"}
_HEADERS = {**_ACCEPT, "Content-Type": "application/scim+json"}

# Webex documents a default of 100 users per page and no maximum.
_PAGE = 100
_LARGEST_PAGE = 1000
# Webex documents at most 100 operations in one Bulk request.
_WEBEX = Capabilities(100, scim_version="2.0", serial_creates=True, newest_first=True)
# More in one request than this only makes a lost answer dearer.
_LARGEST_BULK = 1000

# https://<host>/identity/scim/<organization>/v2 is Webex's own, also where it is simulated.
_WEBEX_PATH = re.compile(r"/identity/scim/[0-9a-fA-F-]{36}/v2/?$")


class ScimClient:
    """Read and write users at one SCIM address.

    ``base_url`` is the part before ``/Users``; ``is_webex`` says that the host is Webex's own, of
    which the capabilities are documented and not asked for.
    """

    def __init__(self, http: "Http", base_url: str, *, is_webex: bool = False) -> None:
        self._http = http
        self._base = base_url.rstrip("/")
        self._is_webex = is_webex
        self._webex_keys = is_webex or bool(_WEBEX_PATH.search(self._base))
        self._version = "2.0"
        self._capabilities: Capabilities | None = None
        self._user_type = True
        self.groups = ScimGroups(self._send)

    @property
    def latency(self) -> float | None:
        """Return the seconds that an answer takes lately, None before the first."""
        return self._http.pace.latency

    def bulk_size(self, most: int) -> int:
        """Return how many operations, of ``most``, a Bulk request should hold at this pace."""
        return self._http.pace.batch(most)

    # -- reading -------------------------------------------------------------------------------

    async def list_users(
        self, *, on_progress: Callable[[int, int | None], None] | None = None
    ) -> UsersRead:
        """Read every user; ``complete`` is False where one may be missing.

        ``on_progress(read, total)`` is told after each page. ``NetError`` or ``RemoteError`` where
        a page can't be read at all.
        """
        reading = await self._read(ListReading(), await self._asking(), on_progress)
        if reading.must_read_again:
            # Somebody was removed between two pages; a second look finds whom that hid.
            reading = await self._read(ListReading(), await self._asking(), on_progress)
        return reading.result()

    async def list_newest(self, wanted: Collection[str]) -> UsersRead:
        """Read users from whoever was changed last on, up to the last of these ids.

        Lists lag: some of them may be missing, and then everybody was read.
        """
        asking = await self._asking(newest=(await self.capabilities()).newest_first)
        reading = await self._read(ListReading(probe=False), asking, None, missing=set(wanted))
        return reading.result()

    async def get_user(self, webex_id: str) -> User | None:
        """Read one user, None where there is none; the answer must be about this very id."""
        answer = await self._send("GET", _user_path(webex_id))
        if answer.status == 404:
            if answer.content.strip():
                answer.json()  # a web page saying 404 is no word about the user
            return None
        user = user_in(check(answer).object())
        self._learn(user.resource if user else None)
        if user is None or user.id != webex_id:
            raise UnexpectedAnswer(
                f"{answer.host} answered about another user than the one asked for.",
                fix="Check the Tenant URL, and try again.",
            )
        return user

    async def find_users(self, attribute: str, value: str) -> tuple[User, ...]:
        """Find users by one attribute on the server, and check every result without regard to case.

        ``UnexpectedAnswer`` where a filter was ignored: never a wrong person. ``RemoteError`` 400
        where the server can't filter by this attribute.
        """
        path = parse_path(attribute)
        text = filter_text(attribute, value)
        asking = Asking(_PAGE, text)
        reading = await self._read(ListReading(probe=False), asking, None, checked=(path, value))
        found = reading.users.values()
        return tuple(user for user in found if _has(user, path, value, loosely=False))

    # -- writing -------------------------------------------------------------------------------

    async def create_user(self, changes: Sequence[Change]) -> Written:
        """Create a user; ``Conflict`` where the name is taken."""
        answer = await self._create(changes)
        if self._user_type and _refuses_user_type(answer):
            self._user_type = False  # a strict server without this attribute; nothing was made
            answer = await self._create(changes)
        body = check(answer).body()
        user = user_in(body)
        found = user.id if user else id_in_location(answer.headers.get("location"))
        if not found:
            raise UnexpectedAnswer(
                f"{answer.host} took the new user but did not say under which id.",
                fix="Make a new preview: it finds the user by name.",
                sent=True,
            )
        self._learn(body)
        return Written(found, user, answer.tracking_id)

    async def patch_user(
        self, webex_id: str, changes: Sequence[Change], *, current: User
    ) -> Written:
        """Change a user, all in one request; the result shows what the server kept."""
        self._learn(current.resource)
        body = patch_body(changes, current=current, version=self._version)
        if body is None:
            return Written(webex_id, current)
        answer = check(await self._send("PATCH", _user_path(webex_id), body))
        user = user_in(answer.body())
        if user is None or user.id != webex_id or not user.user_name:
            # 204, or an answer without the user: ask what was kept.
            user = await self.get_user(webex_id)
        return Written(webex_id, user, answer.tracking_id)

    async def delete_user(self, webex_id: str) -> str:
        """Delete a user and return the tracking id; one that is gone already counts as deleted."""
        answer = await self._send("DELETE", _user_path(webex_id))
        if answer.status not in (404, 410):
            check(answer)
        return answer.tracking_id

    # -- bulk ----------------------------------------------------------------------------------

    async def capabilities(self) -> Capabilities:
        """Return what the server can do: documented for Webex, asked elsewhere, once."""
        if self._is_webex:
            return _WEBEX
        if self._capabilities is None:
            self._capabilities = await self._ask_capabilities()
        return self._capabilities

    async def bulk(self, operations: Sequence[BulkOperation]) -> tuple[BulkOutcome, ...]:
        """Send operations in one request; one outcome each, in the same order.

        A success of the request is none of the operations: look at each outcome's status. Where
        the server limits a request's size they go in several; a failure after the first leaves the
        rest unanswered (status 0) and keeps what is known.
        """
        outcomes: list[BulkOutcome] = []
        for group in fitting(operations, (await self.capabilities()).bulk_bytes):
            try:
                outcomes += await self._bulk(group)
            except (NetError, RemoteError):
                if not outcomes:
                    raise
                outcomes += unanswered(operations[len(outcomes) :])
                break
        return tuple(outcomes)

    async def _bulk(self, operations: Sequence[BulkOperation]) -> tuple[BulkOutcome, ...]:
        body = bulk_body(operations, webex=self._webex_keys)
        answer = check(await self._send("POST", "/Bulk", body, operations=len(operations)))
        return bulk_outcomes(operations, answer.object(), answer.tracking_id)

    def create_operation(self, bulk_id: str, changes: Sequence[Change]) -> BulkOperation:
        """Return the Bulk operation that creates a user."""
        body = create_body(changes, version=self._version, user_type=self._user_type)
        return BulkOperation("POST", "/Users", bulk_id, body)

    def patch_operation(
        self, bulk_id: str, webex_id: str, changes: Sequence[Change], *, current: User
    ) -> BulkOperation | None:
        """Return the Bulk operation that changes a user, or None where nothing is to change."""
        body = patch_body(changes, current=current, version=self._version)
        if body is None:
            return None
        return BulkOperation("PATCH", _user_path(webex_id), bulk_id, body)

    def delete_operation(self, bulk_id: str, webex_id: str) -> BulkOperation:
        """Return the Bulk operation that deletes a user."""
        return BulkOperation("DELETE", _user_path(webex_id), bulk_id)

    # -- sending -------------------------------------------------------------------------------

    async def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Json] | None = None,
        params: Mapping[str, str | int] | None = None,
        operations: int = 1,
    ) -> Answer:
        headers = _ACCEPT if body is None else _HEADERS
        return await self._http.request(
            method,
            f"{self._base}{path}",
            json=body,
            params=params,
            headers=headers,
            operations=operations,
        )

    async def _create(self, changes: Sequence[Change]) -> Answer:
        body = create_body(changes, version=self._version, user_type=self._user_type)
        return await self._send("POST", "/Users", body)

    def _learn(self, body: Json | Mapping[str, Json]) -> None:
        """Take up the version that the server's own resources are written in."""
        self._hear(version_in(dict(body) if isinstance(body, Mapping) else body))

    def _hear(self, version: str | None) -> None:
        # Webex's description shows users with schemas of 1.0 at its address of 2.0.
        if version is not None and not self._webex_keys:
            self._version = version

    async def _ask_capabilities(self) -> Capabilities:
        for path in ("/ServiceProviderConfig", "/ServiceProviderConfigs"):
            answer = await self._send("GET", path)
            body = answer.body() if answer.ok else None
            if isinstance(body, dict) and (get(body, "bulk") or get(body, "filter")):
                offered = capabilities_in(body, self._version)
                fitting = min(offered.bulk_operations, _LARGEST_BULK)
                return replace(offered, bulk_operations=fitting)
        return Capabilities(scim_version=self._version)

    # -- lists ---------------------------------------------------------------------------------

    async def _read(
        self,
        reading: ListReading,
        asking: Asking,
        on_progress: Callable[[int, int | None], None] | None,
        checked: tuple[TargetPath, str] | None = None,
        missing: set[str] | None = None,
    ) -> ListReading:
        """Read pages until the list has ended, or until nobody is ``missing`` any more.

        With ``checked``, refuse an ignored filter.
        """
        async with PagesAhead(lambda start: self._answer(start, asking)) as ahead:
            while not reading.finished:
                answer = await ahead.page(reading.start)
                size = asking.count or 0
                if size and checked is None and reading.came_in_pages_of(size):
                    last = reading.total or 0
                    if missing is not None:  # no more than it takes where they come first
                        last = min(last, reading.start - 1 + len(missing))
                    await ahead.expect(reading.start + size, size, last)
                try:
                    page = self._page_in(answer, looked_at=checked is not None)
                except RemoteError as error:
                    if error.status in (400, 404, 416) and reading.end_of_probe():
                        break
                    raise
                if checked is not None:
                    _refuse_ignored_filter(page, *checked)
                reading.feed(page, asked=asking.count)
                if missing is not None:
                    missing.difference_update([user.id for user in page.users])
                    reading.finished = reading.finished or not missing
                if on_progress is not None:
                    on_progress(len(reading.users), reading.total)
        return reading

    async def _asking(self, *, newest: bool = False) -> Asking:
        """Return how to ask for everybody."""
        size = _PAGE if self._is_webex else page_size_of(await self.capabilities())
        return Asking(size, newest=newest)

    async def _answer(self, start: int, asking: Asking) -> Answer:
        """Ask for one page; where the first is refused, without size, then without start.

        Some servers refuse any ``count``. One that can't be told where to start repeats its first
        page, which the reading notices.
        """
        answer = await self._send("GET", "/Users", params=asking.params(start))
        while answer.status == 400 and start == 1 and asking.ask_for_less():
            answer = await self._send("GET", "/Users", params=asking.params(start))
        return answer

    def _page_in(self, answer: Answer, *, looked_at: bool) -> ListPage:
        kept = None if looked_at else listed_page(check(answer).content)
        page = kept or page_in(check(answer).object(), answer.host)
        self._hear(page.version)
        return page


def page_size_of(can: Capabilities) -> int:
    """Return how many users are asked for at once."""
    return min(max(can.page_size, _PAGE), _LARGEST_PAGE) if can.page_size else _PAGE


def _user_path(webex_id: str) -> str:
    return f"/Users/{quote(webex_id, safe='')}"


def _refuses_user_type(answer: Answer) -> bool:
    return answer.status == 400 and b"usertype" in answer.content.lower()


def _refuse_ignored_filter(page: ListPage, path: TargetPath, value: str) -> None:
    """Raise where a result is not what was filtered for."""
    if all(_has(user, path, value, loosely=True) for user in page.users):
        return
    raise UnexpectedAnswer(
        "The server ignored the search and answered with other users.",
        fix="Matching reads the whole list instead; tell whoever runs the server.",
    )


def _has(user: User, path: TargetPath, value: str, *, loosely: bool) -> bool:
    """Return whether a user has a value, without regard to case.

    ``loosely`` looks at every element of a list, as the filter that was sent does.
    """
    wanted = value.casefold()
    if loosely:
        container = get(dict(user.resource), path.schema) if path.schema else dict(user.resource)
        found = get(container, path.attribute)
        elements = found if isinstance(found, list) else [found]
        values = [get(one, path.sub) if isinstance(one, dict) else one for one in elements]
        return any(str(one).casefold() == wanted for one in values if one is not None)
    found = read_path(user.resource, str(path))
    return found is not None and str(found).casefold() == wanted
