"""A company whose source has groups beside its file of people."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sparkwizard.directory.types import Changes, ChangeSource, OnReadProgress
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Group, Population, RemovalLimit
from sparkwizard.runs.types import GroupResult, RunResult
from sparkwizard.setup.profile import GroupSettings
from sparkwizard.values import replace
from tests.runs.tenant import PATCH, Company, Person, open_company

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@dataclass(slots=True)
class WithGroups:
    """Add groups to what a file of people hands out, as Graph does."""

    people: ChangeSource
    groups: list[Group]
    complete: bool = True

    @property
    def label(self) -> str:
        return self.people.label

    async def read(self, on_progress: OnReadProgress | None = None) -> Population:
        return self._with(await self.people.read(on_progress))

    async def read_changes(
        self, since: bytes, also: Collection[str] = (), on_progress: OnReadProgress | None = None
    ) -> Changes:
        changes = await self.people.read_changes(since, also, on_progress)
        return replace(changes, population=self._with(changes.population))

    def _with(self, population: Population) -> Population:
        complete = population.complete and self.complete
        return replace(population, groups=tuple(self.groups), complete=complete)


@dataclass(slots=True)
class Grouped:
    """Change groups on both sides and look at them."""

    company: Company
    groups: dict[str, Group] = field(default_factory=dict)
    complete: bool = True

    def has(self, name: str, *members: int, id_: str = "") -> None:
        """Let the source have a group of these people, by number."""
        source_id = id_ or f"group-{name.casefold()}"
        ids = frozenset(Person(number).object_id for number in members)
        attributes = {"objectId": source_id, "displayName": name}
        self.groups[source_id] = Group(source_id, attributes, ids)

    def loses(self, name: str) -> None:
        del self.groups[f"group-{name.casefold()}"]

    # -- our side ------------------------------------------------------------------------------

    async def preview(self, **options: Any) -> Plan:
        return await self.company.preview(**options)

    async def apply(self, plan: Plan, **options: Any) -> GroupResult:
        return groups_of(await self.company.apply(plan, **options))

    async def sync(self) -> GroupResult:
        return groups_of(await self.company.sync())

    def limit(self, amount: int) -> None:
        limited = replace(
            self.company.profile.safeguards, max_removals=RemovalLimit(amount, percent=False)
        )
        self.company.profile = replace(self.company.profile, safeguards=limited)

    # -- Webex's side --------------------------------------------------------------------------

    @property
    def all_in_webex(self) -> list[dict[str, Any]]:
        return [record.decode() for record in self.company.server.world.groups]

    @property
    def in_webex(self) -> dict[str, dict[str, Any]]:
        return {group["displayName"]: group for group in self.all_in_webex}

    def members(self, name: str) -> set[str]:
        """Return the display names of the members of a Webex group."""
        return {one["display"] for one in self.in_webex[name].get("members", ())}

    async def others_make(self, name: str, *user_names: str) -> None:
        members = [{"value": self.company.users[one]["id"]} for one in user_names]
        body: dict[str, Any] = {"schemas": [GROUP], "displayName": name}
        if members:
            body["members"] = members
        await self.company._as_somebody_else("POST", "/Groups", body)

    async def others_add(self, name: str, *user_names: str) -> None:
        members = [{"value": self.company.users[one]["id"]} for one in user_names]
        await self._others_patch(name, {"op": "add", "path": "members", "value": members})

    async def others_rename(self, name: str, new: str) -> None:
        await self._others_patch(name, {"op": "replace", "path": "displayName", "value": new})

    async def others_delete(self, name: str) -> None:
        await self.company._as_somebody_else("DELETE", f"/Groups/{self.in_webex[name]['id']}")

    async def _others_patch(self, name: str, operation: dict[str, Any]) -> None:
        body = {"schemas": [PATCH], "Operations": [operation]}
        path = f"/Groups/{self.in_webex[name]['id']}"
        await self.company._as_somebody_else("PATCH", path, body)


def groups_of(result: RunResult) -> GroupResult:
    assert result.groups is not None
    return result.groups


def named(*numbers: int) -> set[str]:
    return {f"Person {number}" for number in numbers}


def with_groups(company: Company) -> Grouped:
    """Provision groups from now on, from what the returned object holds."""
    grouped = Grouped(company)
    source_of: Callable[..., Any] = company.services.source_of

    def opened(*arguments: Any) -> WithGroups:
        source = source_of(*arguments)
        return WithGroups(source, list(grouped.groups.values()), grouped.complete)

    company.services.source_of = opened  # type: ignore[method-assign, assignment]
    company.profile = replace(company.profile, groups=GroupSettings(provision=True))
    grouped.limit(100)
    return grouped


@asynccontextmanager
async def open_grouped(folder: Path) -> AsyncIterator[Grouped]:
    async with open_company(folder) as company:
        yield with_groups(company)


@pytest_asyncio.fixture
async def grouped(company: Company) -> Grouped:
    return with_groups(company)


@pytest.fixture
def employs(company: Company) -> Callable[[Iterable[int]], None]:
    """Let the file hold these people, by number."""
    return lambda numbers: company.employs([Person(number) for number in numbers])
