"""Find the service principal, and the job, that an address names."""

from starlette.requests import Request

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.answers import GraphRefusal, not_found
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.jobs import Job


def visible_principals(world: EntraWorld) -> list[JsonObject]:
    """Return the service principals that the directory already shows."""
    return [one for one in list(world.applications.principals.values()) if _is_visible(world, one)]


def find_principal(world: EntraWorld, request: Request) -> JsonObject:
    """Return the service principal of a request; raises GraphRefusal (404)."""
    wanted = request.path_params.get("id", "")
    client_id = request.path_params.get("appId", "")
    for one in visible_principals(world):
        if one["id"] == wanted or (client_id and one["appId"] == client_id):
            return one
    raise not_found(wanted or client_id)


def find_job(world: EntraWorld, request: Request) -> Job:
    """Return the job of a request; raises GraphRefusal (404)."""
    principal = find_principal(world, request)["id"]
    wanted = request.path_params["job"]
    job = world.provisioning.jobs.get(principal, {}).get(wanted)
    if job is None:
        raise GraphRefusal(404, "NotFound", f"The synchronization job '{wanted}' was not found.")
    return job


def _is_visible(world: EntraWorld, principal: JsonObject) -> bool:
    age = world.clock() - world.applications.added[principal["id"]]
    return age >= world.faults.application_lag
