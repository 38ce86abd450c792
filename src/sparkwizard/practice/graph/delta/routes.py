"""Answer delta queries: everything first, then only what changed since a link was handed out."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.directory import Change
from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.access import authorize
from sparkwizard.practice.graph.answers import GraphRefusal, bad_request, json_answer
from sparkwizard.practice.graph.delta.groups import GroupDelta
from sparkwizard.practice.graph.delta.state import DeltaState, read_state
from sparkwizard.practice.graph.delta.users import UserDelta
from sparkwizard.practice.graph.directory_routes import READ_PEOPLE
from sparkwizard.practice.graph.group_routes import READ_GROUPS

_PAGE = 200


class DeltaSource(Protocol):
    """Say what one kind of object has to tell."""

    kind: str
    collection: str

    def known(self) -> Iterable[str]:
        """Return what may be selected."""

    def everything(self, state: DeltaState) -> tuple[list[dict[str, Any]], int | None]:
        """Return a page of the first round, and where the next one begins."""

    def changed(
        self, state: DeltaState, changes: list[Change], *, minimal: bool
    ) -> Iterator[dict[str, Any]]:
        """Yield what these changes come to, one object each."""


class DeltaRoutes:
    """Answer ``/users/delta`` and ``/groups/delta``."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"/{collection}/delta{ending}", answer)
            for collection, answer in (("users", self.users), ("groups", self.groups))
            for ending in ("", "()")
        ]

    async def users(self, request: Request) -> Response:
        """Tell of people."""
        authorize(self._world, request, *READ_PEOPLE)
        return self._answer(request, UserDelta(self._world.directory))

    async def groups(self, request: Request) -> Response:
        """Tell of groups and who came or left."""
        authorize(self._world, request, *READ_GROUPS)
        return self._answer(request, GroupDelta(self._world.directory))

    def _answer(self, request: Request, source: DeltaSource) -> Response:
        state = self._state(request, source)
        if state.empty_pages > 0:
            return self._page(source, [], state.after_empty_page(), last=False)
        if state.since is None:
            values, following = source.everything(state)
        else:
            values, following = self._changes(request, source, state)
        after = state.at(following, self._world.faults.delta_empty_pages)
        if self._world.faults.delta_repeats and state.repeat is not None:
            values.insert(0, state.repeat)
        after.repeat = values[-1] if values and self._world.faults.delta_repeats else None
        return self._page(source, values, after, last=following is None)

    def _changes(
        self, request: Request, source: DeltaSource, state: DeltaState
    ) -> tuple[list[dict[str, Any]], int | None]:
        changes = self._world.directory.changes[state.since : state.until]
        own = [one for one in changes if one.kind == source.kind]
        minimal = "return=minimal" in request.headers.get("prefer", "")
        found = list(source.changed(state, own, minimal=minimal))
        end = state.position + _PAGE
        return found[state.position : end], end if end < len(found) else None

    def _state(self, request: Request, source: DeltaSource) -> DeltaState:
        given = {name.lower(): value for name, value in request.query_params.items()}
        directory = self._world.directory
        token = given.get("$deltatoken") or given.get("$skiptoken", "")
        fresh = DeltaState.fresh(
            given, known=source.known(), kind=source.kind, until=directory.revision
        )
        fresh.empty_pages = self._world.faults.delta_empty_pages
        if token == "latest":  # noqa: S105 - the word of the interface
            fresh.skip_everything()
            return fresh
        if not token:
            return fresh
        state = read_state(token)
        if state.kind != source.kind:
            raise bad_request("The token in the link is not valid.", "Request_BadRequest")
        expired = self._world.faults.delta_expired and state.position == 0
        if expired or state.epoch != directory.epoch or state.until > directory.revision:
            raise self._expired(source)
        if state.since is not None and "$deltatoken" in given:
            state.until = directory.revision
        return state

    def _page(
        self, source: DeltaSource, values: list[dict[str, Any]], after: DeltaState, *, last: bool
    ) -> Response:
        after.epoch = self._world.directory.epoch
        root = f"{self._world.graph_url}/{source.collection}/delta"
        body: dict[str, Any] = {
            "@odata.context": f"{self._world.graph_url}/$metadata#{source.collection}"
        }
        if last:
            body["@odata.deltaLink"] = f"{root}?$deltatoken={after.next_round().word()}"
        else:
            body["@odata.nextLink"] = f"{root}?$skiptoken={after.word()}"
        return json_answer(body | {"value": values})

    def _expired(self, source: DeltaSource) -> GraphRefusal:
        start = f"{self._world.graph_url}/{source.collection}/delta?$deltatoken="
        return GraphRefusal(
            410,
            "syncStateNotFound",
            "The sync state generation is not found; resync required. Start again without a token.",
            {"location": start},
        )
