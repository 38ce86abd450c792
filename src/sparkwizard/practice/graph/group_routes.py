"""Answer which groups there are and who belongs to them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.directory import GROUP_PROPERTIES
from sparkwizard.practice.entra.people import DEFAULT_PROPERTIES, PROPERTIES
from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.access import authorize
from sparkwizard.practice.graph.answers import bad_request, json_answer, not_found
from sparkwizard.practice.graph.directory_routes import READ_PEOPLE, read_expand, require_eventual
from sparkwizard.practice.graph.odata.filters import read_filter
from sparkwizard.practice.graph.odata.query import Options, page_answer, read_options, read_select
from sparkwizard.practice.graph.odata.searching import read_search
from sparkwizard.practice.json_values import JsonObject

READ_GROUPS = ("GroupMember.Read.All", "Group.Read.All")
_CASTS = {"microsoft.graph.user": "user", "microsoft.graph.group": "group"}
# what an expanded collection holds at most (GD: query parameters, $expand)
_MOST_EXPANDED = 20


class GroupRoutes:
    """Answer ``/groups``, members, and the groups of a person."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world
        self._directory = world.directory

    def routes(self) -> list[Route]:
        """Return the routes."""
        routes = [
            Route("/groups", self.search),
            Route("/groups/{id}", self.read),
            Route("/users/{id}/memberOf", self.groups_of),
        ]
        for what in ("members", "transitiveMembers"):
            routes.append(Route(f"/groups/{{id}}/{what}", self.members))
            routes.append(Route(f"/groups/{{id}}/{what}/$count", self.count_members))
            routes.append(Route(f"/groups/{{id}}/{what}/{{cast}}", self.members))
            routes.append(Route(f"/groups/{{id}}/{what}/{{cast}}/$count", self.count_members))
        return routes

    async def search(self, request: Request) -> Response:
        """List groups."""
        authorize(self._world, request, *READ_GROUPS)
        options = read_options(request, known=GROUP_PROPERTIES, type_name="group")
        if options.search or options.count:
            require_eventual(request)
        found = self._found(options)
        page = found[options.start : options.start + options.top]
        rest = options.start + options.top < len(found)
        return page_answer(
            request,
            context=f"{self._world.graph_url}/$metadata#groups{_listed(options.select)}",
            values=[self._shown(one, options.select, options.expand) for one in page],
            next_start=options.start + options.top if rest else None,
            count=len(found) if options.count else None,
        )

    async def read(self, request: Request) -> Response:
        """Return one group."""
        authorize(self._world, request, *READ_GROUPS)
        group = self._find(request)
        select = read_select(request.query_params.get("$select", ""), GROUP_PROPERTIES, "group")
        context = f"{self._world.graph_url}/$metadata#groups{_listed(select)}/$entity"
        expand = request.query_params.get("$expand", "")
        return json_answer({"@odata.context": context, **self._shown(group, select, expand)})

    async def members(self, request: Request) -> Response:
        """List direct or all members, of every type or of one."""
        found = self._members(request)
        options = read_options(request, known={*PROPERTIES, *GROUP_PROPERTIES}, type_name="user")
        if options.count:
            require_eventual(request)
        if options.filter or options.search:
            require_eventual(request)
            test = read_filter(options.filter) if options.filter else read_search(options.search)
            found = [one for one in found if test(self._everything(one))]
        page = found[options.start : options.start + options.top]
        rest = options.start + options.top < len(found)
        kind = _cast(request)
        collection = f"{kind}s" if kind else "directoryObjects"
        return page_answer(
            request,
            context=f"{self._world.graph_url}/$metadata#{collection}{_listed(options.select)}",
            values=self._objects(page, options.select),
            next_start=options.start + options.top if rest else None,
            count=len(found) if options.count else None,
        )

    async def count_members(self, request: Request) -> Response:
        """Count members."""
        require_eventual(request)
        return Response(str(len(self._members(request))), media_type="text/plain")

    async def groups_of(self, request: Request) -> Response:
        """List the groups a person is a direct member of."""
        authorize(self._world, request, *READ_PEOPLE)
        person = self._directory.users.find(request.path_params["id"])
        if person is None:
            raise not_found(request.path_params["id"])
        select = read_select(request.query_params.get("$select", ""), GROUP_PROPERTIES, "group")
        values = self._objects(self._directory.groups_of(person), select)
        context = f"{self._world.graph_url}/$metadata#directoryObjects{_listed(select)}"
        return page_answer(request, context=context, values=values, next_start=None)

    def _found(self, options: Options) -> Sequence[JsonObject]:
        found = list(self._directory.groups.values())
        if options.filter:
            found = list(filter(read_filter(options.filter), found))
        if options.search:
            found = list(filter(read_search(options.search), found))
        if options.order_by:
            name, _, direction = options.order_by.partition(" ")
            if name != "displayName":
                raise bad_request(f"Sorting by '{name}' is not supported.")
            found.sort(key=lambda one: one[name].casefold(), reverse=direction == "desc")
        return found

    def _members(self, request: Request) -> list[str]:
        authorize(self._world, request, *READ_GROUPS)
        group = self._find(request)["id"]
        if _cast(request) is not None:
            _require_advanced(request)
        if "/transitiveMembers" in request.url.path:
            found: Iterable[str] = self._directory.transitive_members(group)
        else:
            found = self._directory.members(group)
        kind = _cast(request)
        people = self._directory.users
        return [one for one in found if kind is None or (one in people) == (kind == "user")]

    def _objects(self, ids: Iterable[str], select: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for one in ids:
            group = self._directory.groups.get(one)
            if group is not None:
                names = [name for name in select or GROUP_PROPERTIES if name in group]
                yield {
                    "@odata.type": "#microsoft.graph.group",
                    **{name: group[name] for name in names},
                }
            elif one in self._directory.users:
                names = [name for name in select or DEFAULT_PROPERTIES if name in PROPERTIES]
                chosen = self._directory.users.chosen(one, tuple(names))
                yield {"@odata.type": "#microsoft.graph.user", **chosen}

    def _shown(
        self, group: JsonObject, select: tuple[str, ...], expand: str = ""
    ) -> dict[str, Any]:
        shown = {name: group[name] for name in select or GROUP_PROPERTIES}
        if expand:
            name, inner = read_expand(expand)
            if name != "members":
                raise bad_request(f"Expanding '{name}' is not supported here.")
            chosen = read_select(inner, {*PROPERTIES, *GROUP_PROPERTIES}, "user")
            members = self._directory.members(group["id"])[:_MOST_EXPANDED]
            shown["members"] = list(self._objects(members, chosen))
        return shown

    def _everything(self, identifier: str) -> JsonObject:
        group = self._directory.groups.get(identifier)
        return group if group is not None else self._directory.users.get(identifier)

    def _find(self, request: Request) -> JsonObject:
        wanted = request.path_params["id"]
        group = self._directory.groups.get(wanted.casefold())
        if group is None:
            raise not_found(wanted)
        return group


def _listed(select: tuple[str, ...]) -> str:
    return f"({','.join(select)})" if select else ""


def _require_advanced(request: Request) -> None:
    """Refuse a cast without the header and the count that it needs (GD: aad-advanced-queries)."""
    require_eventual(request)
    counted = request.query_params.get("$count", "").lower() == "true"
    if not counted and not request.url.path.endswith("/$count"):
        raise bad_request("A cast needs $count=true.", "Request_UnsupportedQuery")


def _cast(request: Request) -> str | None:
    text = request.path_params.get("cast")
    if text is not None and text not in _CASTS:
        raise bad_request(f"The cast '{text}' is not known.")
    return _CASTS[text] if text is not None else None
