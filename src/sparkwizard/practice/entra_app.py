"""Put the routes of Microsoft's side together: Graph, and the sign-in service."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.gate import ABORT_KEY
from sparkwizard.practice.graph.answers import GraphRefusal, on_refusal
from sparkwizard.practice.graph.batch_routes import BatchRoutes
from sparkwizard.practice.graph.delta.routes import DeltaRoutes
from sparkwizard.practice.graph.directory_routes import UserRoutes
from sparkwizard.practice.graph.gate import GRAPH_PREFIX, EntraGate
from sparkwizard.practice.graph.group_routes import GroupRoutes
from sparkwizard.practice.graph.sync.applications import ApplicationRoutes
from sparkwizard.practice.graph.sync.jobs import JobRoutes
from sparkwizard.practice.graph.sync.logs import LogRoutes
from sparkwizard.practice.graph.sync.schemas import SchemaRoutes
from sparkwizard.practice.provisioning_service.running.engine import Engine
from sparkwizard.practice.signin.refusals import SignInRefusal
from sparkwizard.practice.signin.routes import SignInRoutes
from sparkwizard.practice.signin.routes import on_refusal as on_sign_in_refusal


def build_entra(world: EntraWorld, engine: Engine) -> EntraGate:
    """Return the application that serves a tenant of Entra."""
    parts = (
        DeltaRoutes(world),
        UserRoutes(world),
        GroupRoutes(world),
        BatchRoutes(world),
        ApplicationRoutes(world),
        JobRoutes(world, engine),
        SchemaRoutes(world),
        LogRoutes(world),
    )
    graph = Starlette(
        routes=[Mount(GRAPH_PREFIX, routes=[route for part in parts for route in part.routes()])],
        exception_handlers={GraphRefusal: on_refusal, HTTPException: _on_http_error},
    )
    sign_in = Starlette(
        routes=list(SignInRoutes(world).routes()),
        exception_handlers={SignInRefusal: on_sign_in_refusal, HTTPException: _on_http_error},
    )
    return EntraGate(graph, sign_in, world, ABORT_KEY)


async def _on_http_error(request: Request, error: Exception) -> Response:
    """Answer unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    code = "BadRequest" if error.status_code == 404 else "Request_BadRequest"
    message = f"Resource not found for the segment '{request.url.path.rpartition('/')[2]}'."
    return await on_refusal(request, GraphRefusal(error.status_code, code, message))
