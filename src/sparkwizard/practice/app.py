"""Put the routes of the practice tenant together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sparkwizard.practice.control import ControlRoutes
from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.entra_control import EntraControlRoutes
from sparkwizard.practice.faults import FaultMachine
from sparkwizard.practice.provisioning_service.running.engine import Engine
from sparkwizard.practice.scim.refusals import ScimRefusal
from sparkwizard.practice.webex.answers import Refusal, on_refusal, on_scim_refusal
from sparkwizard.practice.webex.routes.activation import ActivationRoutes
from sparkwizard.practice.webex.routes.bulk import BulkRoutes
from sparkwizard.practice.webex.routes.groups import GroupRoutes
from sparkwizard.practice.webex.routes.licences import LicenceRoutes
from sparkwizard.practice.webex.routes.people import PeopleRoutes
from sparkwizard.practice.webex.routes.schemas import SchemaRoutes
from sparkwizard.practice.webex.routes.users import UserRoutes
from sparkwizard.practice.webex.world import World


def build_app(world: World, machine: FaultMachine, entra: EntraWorld, engine: Engine) -> Starlette:
    """Return the application that serves a world, and steers both sides."""
    parts = (
        PeopleRoutes(world),
        LicenceRoutes(world),
        UserRoutes(world),
        GroupRoutes(world),
        BulkRoutes(world),
        SchemaRoutes(world),
        ActivationRoutes(world),
        ControlRoutes(machine),
        EntraControlRoutes(entra, engine),
    )
    return Starlette(
        routes=[route for part in parts for route in part.routes()],
        exception_handlers={
            Refusal: on_refusal,
            ScimRefusal: on_scim_refusal,
            HTTPException: _on_http_error,
        },
    )


async def _on_http_error(request: Request, error: Exception) -> Response:
    """Answer unknown addresses and methods in the shape of the interface they belong to."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/identity/scim/"):
        return await on_scim_refusal(request, ScimRefusal(error.status_code, error.detail))
    return await on_refusal(request, Refusal(error.status_code, error.detail))
