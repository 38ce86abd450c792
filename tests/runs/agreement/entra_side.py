"""People in a simulated Entra ID, read through Microsoft Graph."""

from collections.abc import Collection, Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.setup.profile import ScopeSettings, SourceSettings
from sparkwizard.values import replace
from tests.runs.agreement.groups.happenings import Team
from tests.runs.agreement.happenings import Employee, Trouble
from tests.runs.tenant import Company, Person

__all__ = ["EntraSide"]

ANCHOR = 99
"""The number of a person who stays, and of a group that stays with them in it."""
OFF = EntraFaults()


class EntraSide:
    """Keep people in the directory of the practice tenant, and nobody else.

    With ``groups`` its groups are provisioned too: all of them, or those of these numbers, and then
    the setup is about their members only.
    """

    def __init__(
        self, company: Company, *, with_groups: bool = False, assigned: Collection[int] = ()
    ) -> None:
        self._company = company
        self._server = company.server
        self._directory = company.server.entra.directory
        self.settings = SourceSettings(
            "entra", tenant=company.server.entra_tenant_id, graph_url=company.server.graph_url
        )
        self.with_groups = with_groups
        self._teams: dict[int, Team] = {}
        self._assigned: frozenset[int] | None = None
        self.scope = ScopeSettings()
        if assigned:
            self._names(assigned)
        gate = company.server._running.entra_gate
        gate._graph = self._dying = _Dying(gate._graph)
        for one in list(self._directory.users):
            self._directory.purge_person(one)
        for one in list(self._directory.groups):
            self._directory.delete_group(one)
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

    # -- groups -----------------------------------------------------------------------------------

    def gathers(self, teams: Mapping[int, Team]) -> None:
        directory, wanted = self._directory, {team.object_id: team for team in teams.values()}
        self._teams = dict(teams)
        for identifier in [one for one in directory.groups if one not in wanted]:
            directory.delete_group(identifier)
        for identifier, team in wanted.items():
            if identifier not in directory.groups:
                directory.deleted.pop(identifier, None)
                directory.add_group(team.name, id=identifier)
            elif directory.groups[identifier]["displayName"] != team.name:
                directory.change_group(identifier, displayName=team.name)
        for identifier, team in wanted.items():
            self._gather(identifier, self._members(team))

    def _members(self, team: Team) -> set[str]:
        ids = {Person(number).object_id for number in team.members}
        inner = self._teams.get(-1 if team.inside in (None, team.number) else team.inside or 0)
        return {one for one in ids if one in self._directory.users} | (
            {inner.object_id} if inner else set()
        )

    def _gather(self, identifier: str, wanted: set[str]) -> None:
        there = set(self._directory.members(identifier))
        for one in sorted(wanted - there):
            self._directory.add_member(identifier, one)
        for one in sorted(there - wanted):
            self._directory.remove_member(identifier, one)

    def chosen(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        if self._assigned is None:
            return dict(people)
        teams = [team for number, team in self._teams.items() if number in self._assigned]
        numbers = frozenset[int]().union(*(team.members for team in teams))
        return {number: person for number, person in people.items() if number in numbers}

    def provisioned(self, teams: Mapping[int, Team]) -> dict[int, Team]:
        wanted = self._assigned if self.with_groups else ()
        return {one: team for one, team in teams.items() if wanted is None or one in wanted}

    def assigns(self, numbers: Collection[int]) -> None:
        if self._assigned is not None:
            self._names({ANCHOR, *numbers})
            self._company.profile = replace(self._company.profile, scope=self.scope)

    def _names(self, numbers: Collection[int]) -> None:
        self._assigned = frozenset(numbers)
        ids = tuple(Team(number, "").object_id for number in sorted(numbers))
        self.scope = ScopeSettings("assigned", ids)

    def suffers(self, trouble: Trouble) -> bool:
        faults = self._server.entra_faults
        for name in OFF.__struct_fields__:
            setattr(faults, name, trouble.graph.get(name, getattr(OFF, name)))
        faults.retry_after = 0
        self._dying.left = trouble.graph_dies_at
        # people are read wholly, or there is an error; but a group that is named may be gone
        return self._assigned is not None and not self._assigned <= self._teams.keys()


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
