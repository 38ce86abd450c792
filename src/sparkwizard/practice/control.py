"""Let people and scripts switch faults over HTTP while the practice tenant runs."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.faults import FaultMachine, Faults
from sparkwizard.practice.webex.answers import Refusal, json_answer

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class ControlRoutes:
    """Answer ``/practice/faults``: GET shows all switches, PUT sets them, the rest goes off."""

    def __init__(self, machine: FaultMachine) -> None:
        self._machine = machine

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/practice/faults", self.show, methods=["GET"]),
            Route("/practice/faults", self.set, methods=["PUT"]),
        ]

    async def show(self, request: Request) -> Response:
        """Return the switches as they are now."""
        require_loopback(request)
        return json_answer(self._machine.faults)

    async def set(self, request: Request) -> Response:
        """Set the switches that are named and turn all others off."""
        require_loopback(request)
        try:
            faults = msgspec.json.decode(await request.body(), type=Faults)
        except msgspec.DecodeError as error:
            raise Refusal(400, f"The faults cannot be read: {error}", 400) from error
        self._machine.replace(faults)
        return json_answer(self._machine.faults)


def require_loopback(request: Request) -> None:
    """Refuse names other than loopback, so that no web page can reach in under its own name."""
    name = request.headers.get("host", "").rsplit(":", 1)[0]
    if name not in _LOOPBACK or request.headers.get("origin") is not None:
        raise Refusal(403, "The faults are switched from this computer only.")
