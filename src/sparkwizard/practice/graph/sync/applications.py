"""Answer the gallery, applications, service principals and assignments."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.applications import NotAssignable
from sparkwizard.practice.entra.gallery import GALLERY
from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.access import authorize, authorize_administrator
from sparkwizard.practice.graph.answers import (
    GraphRefusal,
    bad_request,
    json_answer,
    not_found,
    read_object,
)
from sparkwizard.practice.graph.odata.filters import read_filter
from sparkwizard.practice.graph.odata.query import page_answer, read_options, read_select
from sparkwizard.practice.graph.odata.searching import read_search
from sparkwizard.practice.graph.sync.principals import find_principal, visible_principals
from sparkwizard.practice.json_values import JsonObject

_READ = ("Application.Read.All",)
_CHANGEABLE = frozenset(
    {
        *("accountEnabled", "appRoleAssignmentRequired", "displayName", "description", "notes"),
        *("notificationEmailAddresses", "tags", "homepage", "loginUrl"),
    }
)


class ApplicationRoutes:
    """Answer ``/applicationTemplates``, ``/applications`` and ``/servicePrincipals``."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world
        self._applications = world.applications

    def routes(self) -> list[Route]:
        """Return the routes."""
        routes = [
            Route("/applicationTemplates", self.gallery),
            Route("/applicationTemplates/{id}", self.entry),
            Route("/applicationTemplates/{id}/instantiate", self.instantiate, methods=["POST"]),
            Route("/applications", self.search_applications),
            Route("/applications/{id}", self.delete_application, methods=["DELETE"]),
            Route("/applications/{id}", self.application),
            Route("/servicePrincipals", self.search),
            Route("/users/{who}/appRoleAssignments", self.held),
            Route("/groups/{who}/appRoleAssignments", self.held),
        ]
        for one in ("/servicePrincipals/{id}", "/servicePrincipals(appId='{appId}')"):
            routes += [
                Route(one, self.change, methods=["PATCH"]),
                Route(one, self.delete, methods=["DELETE"]),
                Route(one, self.read),
                Route(f"{one}/appRoleAssignedTo", self.assign, methods=["POST"]),
                Route(f"{one}/appRoleAssignedTo", self.assigned),
                Route(f"{one}/appRoleAssignedTo/{{aid}}", self.unassign, methods=["DELETE"]),
            ]
        return routes

    async def gallery(self, request: Request) -> Response:
        """List the gallery."""
        authorize(self._world, request)
        entries = [entry.shown() for entry in GALLERY.values()]
        return self._list(request, entries, "applicationTemplates", "applicationTemplate")

    async def entry(self, request: Request) -> Response:
        """Return one entry of the gallery."""
        authorize(self._world, request)
        entry = GALLERY.get(request.path_params["id"])
        if entry is None:
            raise not_found(request.path_params["id"])
        return self._one(request, entry.shown(), "applicationTemplates", "applicationTemplate")

    async def instantiate(self, request: Request) -> Response:
        """Add an application; reading its service principal works a moment later."""
        authorize_administrator(self._world, request, "Application.ReadWrite.All")
        entry = GALLERY.get(request.path_params["id"])
        if entry is None:
            raise not_found(request.path_params["id"])
        name = (await read_object(request)).get("displayName")
        if not isinstance(name, str) or not name.strip():
            raise bad_request("Property displayName is required.", "Request_BadRequest")
        application, principal = self._applications.instantiate(entry, name)
        kind = "microsoft.graph.applicationServicePrincipal"
        return json_answer(
            {
                "@odata.context": f"{self._world.graph_url}/$metadata#{kind}",
                "application": application,
                "servicePrincipal": principal,
            },
            201,
        )

    async def search_applications(self, request: Request) -> Response:
        """List applications."""
        authorize(self._world, request, *_READ)
        found = list(self._applications.objects.values())
        return self._list(request, found, "applications", "application")

    async def application(self, request: Request) -> Response:
        """Return one application."""
        authorize(self._world, request, *_READ)
        found = self._find_application(request)
        return self._one(request, found, "applications", "application")

    async def delete_application(self, request: Request) -> Response:
        """Delete an application, its service principal and its jobs."""
        authorize_administrator(self._world, request, "Application.ReadWrite.All")
        application = self._find_application(request)
        for identifier, one in list(self._applications.principals.items()):
            if one["appId"] == application["appId"]:
                self._world.delete_application(identifier)
        self._applications.objects.pop(application["id"], None)
        return Response(status_code=204)

    async def search(self, request: Request) -> Response:
        """List service principals."""
        authorize(self._world, request, *_READ)
        found = visible_principals(self._world)
        return self._list(request, found, "servicePrincipals", "servicePrincipal")

    async def read(self, request: Request) -> Response:
        """Return one service principal."""
        authorize(self._world, request, *_READ)
        found = find_principal(self._world, request)
        return self._one(request, found, "servicePrincipals", "servicePrincipal")

    async def change(self, request: Request) -> Response:
        """Change properties of a service principal."""
        authorize_administrator(self._world, request, "Application.ReadWrite.All")
        principal = find_principal(self._world, request)
        sent = await read_object(request)
        if unknown := set(sent) - _CHANGEABLE:
            raise bad_request(f"Property '{unknown.pop()}' is read-only and cannot be set.")
        principal.update(sent)
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """Delete a service principal with its application and jobs."""
        authorize_administrator(self._world, request, "Application.ReadWrite.All")
        self._world.delete_application(find_principal(self._world, request)["id"])
        return Response(status_code=204)

    async def assigned(self, request: Request) -> Response:
        """List who is assigned."""
        authorize(self._world, request, *_READ)
        principal = find_principal(self._world, request)["id"]
        found = list(self._applications.assignments[principal].values())
        context = f"servicePrincipals('{principal}')/appRoleAssignedTo"
        return self._list(request, found, context, "appRoleAssignment", known=_ASSIGNMENT)

    async def held(self, request: Request) -> Response:
        """List what a person or a group is assigned to."""
        authorize(self._world, request, "Directory.Read.All", "AppRoleAssignment.ReadWrite.All")
        who = request.path_params["who"]
        found = [
            one
            for assignments in self._applications.assignments.values()
            for one in assignments.values()
            if one["principalId"] == (self._world.directory.users.find(who) or who)
        ]
        return self._list(request, found, "appRoleAssignments", "appRoleAssignment")

    async def assign(self, request: Request) -> Response:
        """Assign a person or a group."""
        authorize_administrator(self._world, request, "AppRoleAssignment.ReadWrite.All")
        principal = find_principal(self._world, request)["id"]
        sent = await read_object(request)
        if sent.get("resourceId") != principal:
            raise bad_request("resourceId has to be this service principal.", "Request_BadRequest")
        try:
            made = self._applications.assign(
                principal, str(sent.get("principalId")), str(sent.get("appRoleId"))
            )
        except NotAssignable as error:
            status = 404 if error.code == "Request_ResourceNotFound" else 400
            raise GraphRefusal(status, error.code, str(error)) from error
        context = f"servicePrincipals('{principal}')/appRoleAssignedTo/$entity"
        whole = {"@odata.context": f"{self._world.graph_url}/$metadata#{context}", **made}
        return json_answer(whole, 201)

    async def unassign(self, request: Request) -> Response:
        """Take an assignment back."""
        authorize_administrator(self._world, request, "AppRoleAssignment.ReadWrite.All")
        principal = find_principal(self._world, request)["id"]
        removed = self._applications.assignments[principal].pop(request.path_params["aid"], None)
        if removed is None:
            raise not_found(request.path_params["aid"])
        return Response(status_code=204)

    def _list(
        self,
        request: Request,
        objects: list[JsonObject],
        collection: str,
        type_name: str,
        *,
        known: Iterable[str] = (),
    ) -> Response:
        names = [*known, *(objects[0] if objects else ())] or _ANYTHING[type_name]
        options = read_options(request, known=names, type_name=type_name)
        if options.filter:
            objects = list(filter(read_filter(options.filter), objects))
        if options.search:
            objects = list(filter(read_search(options.search), objects))
        page = objects[options.start : options.start + options.top]
        rest = options.start + options.top < len(objects)
        return page_answer(
            request,
            context=f"{self._world.graph_url}/$metadata#{collection}",
            values=[_chosen(one, options.select) for one in page],
            next_start=options.start + options.top if rest else None,
            count=len(objects) if options.count else None,
        )

    def _one(
        self, request: Request, found: JsonObject, collection: str, type_name: str
    ) -> Response:
        select = read_select(request.query_params.get("$select", ""), found, type_name)
        context = f"{self._world.graph_url}/$metadata#{collection}/$entity"
        return json_answer({"@odata.context": context, **_chosen(found, select)})

    def _find_application(self, request: Request) -> JsonObject:
        found = self._applications.objects.get(request.path_params["id"])
        if found is None:
            raise not_found(request.path_params["id"])
        return found


_ASSIGNMENT = (
    *("id", "deletedDateTime", "appRoleId", "createdDateTime", "principalDisplayName"),
    *("principalId", "principalType", "resourceDisplayName", "resourceId"),
)
# what may be selected while there is nothing to select from
_ANYTHING: Mapping[str, tuple[str, ...]] = {
    "application": ("id", "appId", "displayName", "applicationTemplateId", "appRoles", "tags"),
    "servicePrincipal": (
        *("id", "appId", "displayName", "applicationTemplateId", "appRoles", "tags"),
        *("accountEnabled", "appRoleAssignmentRequired", "notes", "servicePrincipalType"),
        *("notificationEmailAddresses", "appDisplayName"),
    ),
    "appRoleAssignment": _ASSIGNMENT,
}


def _chosen(found: JsonObject, select: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in select} if select else found
