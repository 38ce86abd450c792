"""Let people and scripts steer Microsoft's side over HTTP while the practice tenant runs."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.control import require_loopback
from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.practice.provisioning_service.running.engine import Engine
from sparkwizard.practice.webex.answers import Refusal, json_answer, read_object


class EntraControlRoutes:
    """Answer under ``/practice/entra``: faults, sign-ins that wait, edits of the directory.

    ``PUT faults`` sets the switches that are named and turns all others off. ``POST sign-in``
    completes what waits as the practice administrator, or declines it with ``{"accept": false}``.
    ``POST directory`` takes ``{"do": "change_person", "id_or_name": …, "department": …}``: the
    name of an edit of ``Directory`` and its arguments. ``POST cycle`` runs one cycle of each job
    that is on. ``POST elsewhere`` does what a colleague might do meanwhile:
    ``{"do": "edit_schema"}`` or ``{"do": "delete_applications"}``.
    """

    def __init__(self, world: EntraWorld, engine: Engine) -> None:
        self._world = world
        self._engine = engine

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/practice/entra/faults", self.show_faults, methods=["GET"]),
            Route("/practice/entra/faults", self.set_faults, methods=["PUT"]),
            Route("/practice/entra/sign-in", self.complete_sign_in, methods=["POST"]),
            Route("/practice/entra/directory", self.edit, methods=["POST"]),
            Route("/practice/entra/cycle", self.cycle, methods=["POST"]),
            Route("/practice/entra/elsewhere", self.elsewhere, methods=["POST"]),
        ]

    async def show_faults(self, request: Request) -> Response:
        """Return the switches as they are now."""
        require_loopback(request)
        return json_answer(self._world.faults)

    async def set_faults(self, request: Request) -> Response:
        """Set the switches that are named and turn all others off."""
        require_loopback(request)
        try:
            faults = msgspec.json.decode(await request.body(), type=EntraFaults)
        except msgspec.DecodeError as error:
            raise Refusal(400, f"The faults cannot be read: {error}", 400) from error
        for field in faults.__struct_fields__:
            setattr(self._world.faults, field, getattr(faults, field))
        return json_answer(self._world.faults)

    async def complete_sign_in(self, request: Request) -> Response:
        """Finish every sign-in that waits."""
        require_loopback(request)
        sent = await read_object(request) if await request.body() else {}
        done = self._world.sign_in.complete_all(accept=sent.get("accept", True) is True)
        return json_answer({"completed": done})

    async def edit(self, request: Request) -> Response:
        """Carry one edit of the directory out."""
        require_loopback(request)
        sent = await read_object(request)
        edit = self._edits().get(sent.pop("do", ""))
        if edit is None:
            raise Refusal(400, f"do takes one of {', '.join(self._edits())}.", 400)
        try:
            return json_answer({"result": edit(**sent)})
        except (KeyError, TypeError, ValueError) as error:
            raise Refusal(400, f"The edit was refused: {error}", 400) from error

    async def cycle(self, request: Request) -> Response:
        """Run one cycle of each job that is on, and say how many ran."""
        require_loopback(request)
        return json_answer({"cycles": await asyncio.to_thread(self._engine.run_all)})

    async def elsewhere(self, request: Request) -> Response:
        """Do what a colleague might do meanwhile, and say to how many things."""
        require_loopback(request)
        acts = {
            "edit_schema": self._world.provisioning.edit_schema_elsewhere,
            "delete_applications": self._world.delete_applications_elsewhere,
        }
        act = acts.get((await read_object(request)).get("do", ""))
        if act is None:
            raise Refusal(400, f"do takes one of {', '.join(acts)}.", 400)
        return json_answer({"changed": act()})

    def _edits(self) -> dict[str, Callable[..., Any]]:
        directory = self._world.directory
        edits = (
            *(directory.add_person, directory.change_person, directory.set_manager),
            *(directory.delete_person, directory.purge_person, directory.restore_person),
            *(directory.add_group, directory.change_group, directory.delete_group),
            *(directory.add_member, directory.remove_member),
        )
        return {edit.__name__: edit for edit in edits}
