"""Answer who is in the directory: people, managers, the organization."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.people import DEFAULT_PROPERTIES, PROPERTIES
from sparkwizard.practice.entra.world import DOMAIN, INITIAL_DOMAIN, EntraWorld
from sparkwizard.practice.graph.access import authorize
from sparkwizard.practice.graph.answers import bad_request, json_answer, not_found, raw_answer
from sparkwizard.practice.graph.odata.filters import Test, read_filter
from sparkwizard.practice.graph.odata.query import (
    Options,
    page_answer,
    read_options,
    read_select,
)
from sparkwizard.practice.graph.odata.searching import read_search

_MOST_PAGES = 128
READ_PEOPLE = ("User.Read.All", "User.ReadBasic.All")


class UserRoutes:
    """Answer ``/users``, ``/me`` and ``/organization``."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world
        self._directory = world.directory
        self._pages: OrderedDict[tuple[object, ...], bytes] = OrderedDict()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/users", self.search),
            Route("/users/$count", self.count),
            Route("/users/{id}", self.read),
            Route("/users/{id}/manager", self.manager),
            Route("/users/{id}/directReports", self.reports),
            Route("/me", self.me),
            Route("/organization", self.organization),
            Route("/directory/deletedItems/microsoft.graph.user", self.deleted),
        ]

    async def search(self, request: Request) -> Response:
        """List people; an unfiltered page is encoded once for each state of the directory."""
        authorize(self._world, request, *READ_PEOPLE)
        options = read_options(request, known=PROPERTIES, type_name="user")
        if options.filter or options.search or options.count or options.order_by:
            return self._search(request, options)
        key = (self._directory.revision, str(request.url))
        if key in self._pages:
            return raw_answer(self._pages[key])
        answer = self._search(request, options)
        self._pages[key] = bytes(answer.body)
        if len(self._pages) > _MOST_PAGES:
            self._pages.popitem(last=False)
        return answer

    async def count(self, request: Request) -> Response:
        """Count people."""
        authorize(self._world, request, *READ_PEOPLE)
        require_eventual(request)
        options = read_options(request, known=PROPERTIES, type_name="user")
        found = len(list(self._found(options)))
        return Response(str(found), media_type="text/plain")

    async def read(self, request: Request) -> Response:
        """Return one person by id or user principal name."""
        identifier = self._find(request)
        authorize(self._world, request, *READ_PEOPLE)
        return self._one(request, identifier)

    async def me(self, request: Request) -> Response:
        """Return who is signed in."""
        token = authorize(self._world, request, "User.Read", *READ_PEOPLE)
        if token.account.id not in self._directory.users:
            raise not_found(token.account.id)
        return self._one(request, token.account.id)

    async def manager(self, request: Request) -> Response:
        """Return a person's manager."""
        authorize(self._world, request, *READ_PEOPLE)
        manager = self._directory.managers.get(self._find(request))
        if manager is None:
            raise not_found("manager")
        answer = self._shown(manager, self._select(request))
        return json_answer(
            {
                "@odata.context": f"{self._world.graph_url}/$metadata#directoryObjects/$entity",
                "@odata.type": "#microsoft.graph.user",
                **answer,
            }
        )

    async def reports(self, request: Request) -> Response:
        """List whose manager a person is."""
        authorize(self._world, request, *READ_PEOPLE)
        boss = self._find(request)
        select = self._select(request)
        values = [
            {"@odata.type": "#microsoft.graph.user", **self._shown(one, select)}
            for one, manager in self._directory.managers.items()
            if manager == boss
        ]
        context = f"{self._world.graph_url}/$metadata#directoryObjects"
        return page_answer(request, context=context, values=values, next_start=None)

    async def organization(self, request: Request) -> Response:
        """Describe the tenant."""
        authorize(self._world, request, "User.Read", "Organization.Read.All")
        domains = [
            {
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": name == DOMAIN,
                "isInitial": name == INITIAL_DOMAIN,
                "name": name,
                "type": "Managed",
            }
            for name in (DOMAIN, INITIAL_DOMAIN)
        ]
        tenant = {
            "id": self._world.tenant_id,
            "displayName": "Fabrikam",
            "countryLetterCode": "GB",
            "createdDateTime": "2021-05-03T09:00:00Z",
            "preferredLanguage": "en",
            "tenantType": "AAD",
            "technicalNotificationMails": [f"it@{DOMAIN}"],
            "onPremisesSyncEnabled": True,
            "verifiedDomains": domains,
        }
        select = read_select(request.query_params.get("$select", ""), tenant, "organization")
        shown = {name: tenant[name] for name in select or tenant}
        context = f"{self._world.graph_url}/$metadata#organization"
        return page_answer(request, context=context, values=[shown], next_start=None)

    async def deleted(self, request: Request) -> Response:
        """List the people in the recycle bin."""
        authorize(self._world, request, "User.Read.All")
        select = self._select(request) or (*DEFAULT_PROPERTIES, "deletedDateTime")
        values = [
            {name: one[name] for name in select}
            for one in self._directory.deleted.values()
            if "userPrincipalName" in one
        ]
        context = f"{self._world.graph_url}/$metadata#users"
        return page_answer(request, context=context, values=values, next_start=None)

    def _search(self, request: Request, options: Options) -> Response:
        if options.search:
            require_eventual(request)
        shown: list[dict[str, Any]] = []
        next_start = None
        for place, identifier in self._found(options):
            if len(shown) == options.top:
                next_start = place
                break
            shown.append(self._shown(identifier, options.select, options.expand))
        context = f"{self._world.graph_url}/$metadata#users"
        if options.select:
            context += f"({','.join(options.select)})"
        count = None
        if options.count:
            require_eventual(request)
            everyone = Options(filter=options.filter, search=options.search)
            count = len(list(self._found(everyone)))
        return page_answer(
            request, context=context, values=shown, next_start=next_start, count=count
        )

    def _found(self, options: Options) -> Iterator[tuple[int, str]]:
        """Yield the place and id of whoever is found, from the start of the page on."""
        users = self._directory.users
        test = _all_of(options)
        if options.order_by:
            yield from self._ordered(options, test)
            return
        for place in range(options.start, users.end):
            identifier = users.at(place)
            if identifier is not None and (test is None or test(users.get(identifier))):
                yield place, identifier

    def _ordered(self, options: Options, test: Test | None) -> Iterator[tuple[int, str]]:
        name, _, direction = options.order_by.partition(" ")
        if name not in ("displayName", "userPrincipalName", "createdDateTime"):
            raise bad_request(f"Sorting by '{name}' is not supported.", "Request_UnsupportedQuery")
        everyone = (self._directory.users.get(one) for one in self._directory.users)
        found = [one for one in everyone if test is None or test(one)]
        found.sort(key=lambda one: str(one[name] or "").casefold(), reverse=direction == "desc")
        for place, user in enumerate(found):
            if place >= options.start:
                yield place, user["id"]

    def _one(self, request: Request, identifier: str) -> Response:
        select = self._select(request)
        context = f"{self._world.graph_url}/$metadata#users"
        context += f"({','.join(select)})/$entity" if select else "/$entity"
        expand = request.query_params.get("$expand", "")
        return json_answer({"@odata.context": context, **self._shown(identifier, select, expand)})

    def _shown(self, identifier: str, select: tuple[str, ...], expand: str = "") -> dict[str, Any]:
        shown = self._directory.users.chosen(identifier, select or DEFAULT_PROPERTIES)
        if expand:
            name, inner = read_expand(expand)
            if name != "manager":
                raise bad_request(f"Expanding '{name}' is not supported here.")
            manager = self._directory.managers.get(identifier)
            if manager is not None:
                chosen = read_select(inner, PROPERTIES, "user")
                shown["manager"] = {
                    "@odata.type": "#microsoft.graph.user",
                    **self._directory.users.chosen(manager, chosen or DEFAULT_PROPERTIES),
                }
        return shown

    def _select(self, request: Request) -> tuple[str, ...]:
        return read_select(request.query_params.get("$select", ""), PROPERTIES, "user")

    def _find(self, request: Request) -> str:
        wanted = request.path_params["id"]
        found = self._directory.users.find(wanted)
        if found is None:
            raise not_found(wanted)
        return found


def require_eventual(request: Request) -> None:
    """Refuse advanced queries without the header that allows them."""
    if request.headers.get("consistencylevel", "").lower() != "eventual":
        raise bad_request(
            "Request with $search, $count or an advanced filter has to carry the header"
            " ConsistencyLevel: eventual.",
            "Request_UnsupportedQuery",
        )


def read_expand(text: str) -> tuple[str, str]:
    """Return the expanded name and the $select in its parentheses."""
    name, _, rest = text.partition("(")
    inner = rest.rstrip(")").removeprefix("$select=")
    return name.strip(), inner


def _all_of(options: Options) -> Test | None:
    tests = []
    if options.filter:
        tests.append(read_filter(options.filter))
    if options.search:
        tests.append(read_search(options.search))
    if not tests:
        return None
    return lambda one: all(test(one) for test in tests)
