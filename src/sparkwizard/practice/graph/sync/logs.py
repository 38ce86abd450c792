"""Answer the provisioning logs."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.access import authorize
from sparkwizard.practice.graph.answers import bad_request
from sparkwizard.practice.graph.odata.filters import read_filter
from sparkwizard.practice.graph.odata.query import page_answer, read_options

_MOST = 1000
_NAMES = (
    *("id", "activityDateTime", "changeId", "cycleId", "durationInMilliseconds", "initiatedBy"),
    *("jobId", "modifiedProperties", "provisioningAction", "provisioningStatusInfo"),
    *("provisioningSteps", "servicePrincipal", "sourceIdentity", "sourceSystem"),
    *("targetIdentity", "targetSystem", "tenantId"),
)


class LogRoutes:
    """Answer ``/auditLogs/provisioning``, newest first unless asked otherwise."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/auditLogs/provisioning", self.search)]

    async def search(self, request: Request) -> Response:
        """List what was done for whom."""
        authorize(self._world, request, "ProvisioningLog.Read.All", "AuditLog.Read.All")
        options = read_options(
            request, known=_NAMES, type_name="provisioningObjectSummary", largest=_MOST
        )
        found = list(self._world.provisioning.logs)
        if options.filter:
            found = list(filter(read_filter(options.filter, exact_case=True), found))
        name, _, direction = (options.order_by or "activityDateTime desc").partition(" ")
        if name != "activityDateTime" or direction not in ("", "asc", "desc"):
            raise bad_request(f"Sorting by '{options.order_by}' is not supported.")
        if direction == "desc":
            found.reverse()
        page = found[options.start : options.start + options.top]
        rest = options.start + options.top < len(found)
        return page_answer(
            request,
            context=f"{self._world.graph_url}/$metadata#auditLogs/provisioning",
            values=[{n: one[n] for n in options.select} if options.select else one for one in page],
            next_start=options.start + options.top if rest else None,
        )
