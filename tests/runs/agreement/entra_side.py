"""People in a simulated Entra ID, read through Microsoft Graph."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.values import replace
from tests.runs.agreement.happenings import Employee, Trouble
from tests.runs.tenant import Company, Person

__all__ = ["EntraSide"]

OFF = EntraFaults()


class EntraSide:
    """Keep people in the directory of the practice tenant, and nobody else."""

    def __init__(self, company: Company) -> None:
        self._server = company.server
        self._directory = company.server.entra.directory
        self.settings = SourceSettings(
            "entra", tenant=company.server.entra_tenant_id, graph_url=company.server.graph_url
        )
        gate = company.server._running.entra_gate
        gate._graph = self._dying = _Dying(gate._graph)
        for one in list(self._directory.users):
            self._directory.purge_person(one)
        self._directory.settle()

    def holds(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        """Let these be there, but for what Entra refuses: no two have one name."""
        wanted = {person.object_id for person in people.values()}
        for identifier in [one for one in self._directory.users if one not in wanted]:
            self._directory.delete_person(identifier)
        found = {number: self._hold(person) for number, person in people.items()}
        there = {number: person for number, person in found.items() if person}
        return {number: self._managed(person, there) for number, person in there.items()}

    def _hold(self, person: Employee) -> Employee | None:
        identifier, directory = person.object_id, self._directory
        values: dict[str, Any] = {
            "accountEnabled": person.enabled,
            "displayName": f"Person {person.number}",
            "givenName": "Person",
            "jobTitle": person.title or None,
            "surname": f"No{person.number}",
        }
        if identifier in directory.deleted:
            directory.purge_person(identifier)
        try:
            if identifier not in directory.users:
                directory.add_person(userPrincipalName=person.user_name, id=identifier, **values)
                return person
            directory.change_person(identifier, **values)
            if directory.users.get(identifier)["userPrincipalName"] != person.user_name:
                directory.change_person(identifier, userPrincipalName=person.user_name)
        except ValueError:
            if identifier not in directory.users:
                return None
            return replace(person, name=directory.users.get(identifier)["userPrincipalName"])
        return person

    def _managed(self, person: Employee, there: Mapping[int, Employee]) -> Employee:
        manager = person.manager if person.manager_id and person.manager in there else None
        identifier = Person(manager).object_id if manager is not None else None
        if self._directory.managers.get(person.object_id) != identifier:
            self._directory.set_manager(person.object_id, identifier)
        return replace(person, manager=manager)

    def suffers(self, trouble: Trouble) -> bool:
        faults = self._server.entra_faults
        for name in OFF.__struct_fields__:
            setattr(faults, name, trouble.graph.get(name, getattr(OFF, name)))
        faults.retry_after = 0
        self._dying.left = trouble.graph_dies_at
        return False  # it is read wholly, or there is an error


class _Dying:
    """Stand before Graph, which answers so many more requests and then none."""

    def __init__(self, graph: ASGIApp) -> None:
        self._graph = graph
        self.left: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.left == 0:
            body = {"error": {"code": "ServiceUnavailable", "message": "Try again later."}}
            await JSONResponse(body, 503)(scope, receive, send)
            return
        if self.left is not None:
            self.left -= 1
        await self._graph(scope, receive, send)
