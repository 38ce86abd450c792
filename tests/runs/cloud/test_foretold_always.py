"""Whoever is there on both sides: the service does to everybody exactly what was foretold.

The practice service shares no code with the foretelling, and writes to Webex over HTTP.
"""

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.practice import PracticeServer, serve_in_thread
from sparkwizard.provisioning.by_entra import Foretold
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.mapping.references import MANAGER
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.types import Action, ActionKind, Actions, Clause, Filter, MappingRule
from sparkwizard.runs.cloud.profiles import with_job
from sparkwizard.runs.cloud.types import Finished, HandOffKind
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import (
    CloudSettings,
    Profile,
    ScopeSettings,
    SourceSettings,
    WebexSettings,
)
from sparkwizard.setup.secrets import MemoryStore
from tests.examples import examples

TARGETS = ("userName", "externalId", "active", "displayName", "title", "nickName", MANAGER)
MORE_RULES = (
    MappingRule("title", "[jobTitle]", default="Staff"),
    MappingRule("nickName", "[mailNickname]", apply="create"),
    MappingRule(MANAGER, "[manager]"),
    MappingRule("displayName", 'Join(" ", [givenName], [surname])'),
)
# several people of one name: whoever has this nickname is looked for by it
BY_MAIL = MappingRule("userName", 'Join("", [mail])', matching_precedence=1)
SALES = (Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),)


_NUMBERS = itertools.count(1)  # names are used once, whatever hypothesis repeats


class Clock:
    """Tell the time of both sides; minutes pass between two cycles, as logs know only seconds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(self(), UTC)


CLOCK = Clock()


@pytest.fixture(scope="module")
def practice() -> Iterator[PracticeServer]:
    with serve_in_thread(clock=CLOCK) as server:
        server.entra_faults.application_lag = 0
        server.entra_faults.cycle_seconds = 0
        yield server


class Chance:
    """Put people and users of all kinds on both sides, and let things happen to them."""

    def __init__(self, practice: PracticeServer, seed: int) -> None:
        self.practice, self.chance = practice, random.Random(seed)
        self.people: list[str] = []
        self._mark = f"no{next(_NUMBERS)}"

    def pick(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def populate(self, number: int) -> None:
        directory = self.practice.entra.directory
        for one in range(number):
            person = directory.add_person(**self._person(one))
            if self.people and self.pick(True, False):
                directory.set_manager(person["id"], self.chance.choice(self.people))
            self.people.append(person["id"])
            if kind := self.pick("", "", "same", "same", "renamed"):
                self.user(person, kind)

    def _person(self, one: int) -> dict[str, Any]:
        name = f"p{one}.{self._mark}"
        guest = f"{name}_partner.example#EXT#@fabrikam.example"
        return {
            "userPrincipalName": self.pick(f"{name}@fabrikam.example", guest, f"{name} no address")
            if self.chance.random() < 0.3
            else f"{name}@fabrikam.example",
            "displayName": self.pick(f"Person {one}", f"PERSON {one}", None, "x" * 600),
            "givenName": self.pick("Ada", None),
            "surname": self.pick("Byron", "byron", None),
            "mail": self.pick(f"{name}@fabrikam.example", f"shared.{self._mark}@fabrikam.example"),
            "jobTitle": self.pick("Engineer", None),
            "department": self.pick("Sales", "sales", "IT", None),
            "accountEnabled": self.chance.random() < 0.8,
        }

    def user(self, person: dict[str, Any], kind: str) -> None:
        name = str(person["userPrincipalName"])
        own, mark, _ours = name.partition("#EXT#")
        name = f"{own.rpartition('_')[0]}@partner.example" if mark else name
        if "@" not in name or kind == "renamed":
            name = f"former.{person['id'][:8]}.{self._mark}@fabrikam.example"
        user = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": self.pick(name, name.upper()),
            "userType": "user",
            "active": self.pick(True, False),
            "displayName": self.pick("Person 0", "Another"),
        }
        if external := self.pick(person["id"], person["id"], "somebody", None):
            user["externalId"] = external
        self._post(user)

    def _post(self, user: dict[str, Any]) -> None:
        answer = httpx.post(
            f"{self.practice.tenant_url}/Users",
            json=user,
            headers={"Authorization": f"Bearer {self.practice.token}"},
            trust_env=False,
        )
        assert answer.status_code == 201, answer.text

    def happen(self) -> None:
        """Let something happen to some of them between two cycles."""
        directory = self.practice.entra.directory
        for one in self.chance.sample(self.people, k=len(self.people) // 2):
            match self.pick("off", "on", "department", "name", "title"):
                case "off" | "on" as deed:
                    directory.change_person(one, accountEnabled=deed == "on")
                case "department":
                    directory.change_person(one, department=self.pick("Sales", "IT"))
                case "name":
                    name = f"new{self.chance.random()}.{self._mark}@fabrikam.example"
                    directory.change_person(one, userPrincipalName=name)
                case _:
                    directory.change_person(one, jobTitle="Manager")

    def profile(self, practice: PracticeServer) -> Profile:
        more = self.chance.sample(MORE_RULES, k=self.chance.randint(0, len(MORE_RULES)))
        more += self.pick([], [], [], [BY_MAIL])
        taken = {rule.target for rule in more}
        mapping = (*(r for r in DEFAULT_MAPPING if r.target not in taken), *more)
        return Profile(
            f"Always {self._mark}",
            webex=WebexSettings(practice.tenant_url, practice.organization_id, practice.api_url),
            source=SourceSettings(kind="entra", graph_url=practice.graph_url),
            scope=ScopeSettings(people="assigned", filters=self.pick((), SALES)),
            mapping=mapping,
            actions=Actions(create=self.chance.random() < 0.9, update=self.chance.random() < 0.9),
            cloud=CloudSettings(assign=tuple(self.people)),
        )


@asynccontextmanager
async def handed_over(
    folder: Path, practice: PracticeServer, chance: Chance
) -> AsyncIterator[tuple[Services, Profile]]:
    """Set the service up for these people, switched off."""
    places = Places.in_folder(folder)
    places.create()
    services = Services(
        places=places,
        secrets=MemoryStore(),
        environ={"SPARKWIZARD_GRAPH_TOKEN": practice.graph_token},
        clock=CLOCK.now,
    )
    profile = chance.profile(practice)
    plan = await services.plan_cloud(profile, token=practice.token)
    async for event in services.apply_cloud(profile, plan.digest, practice.token):
        if isinstance(event, Finished):
            profile = with_job(profile, event.result, CLOCK.now().date())
    try:
        yield services, profile
    finally:
        services.close()
        practice.entra.delete_applications_elsewhere()


def users_of(practice: PracticeServer) -> dict[str, dict[str, Any]]:
    return {record.id: record.decode() for record in practice.world.users}


def mapped(user: dict[str, Any]) -> dict[str, Any]:
    found = {target: read_path(user, target) for target in TARGETS}
    return {target: value for target, value in found.items() if value is not None}


def held(shown: tuple[Action, ...], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Hold every user to what was foretold, each mapped attribute, and everybody else to before."""
    made = {one: mapped(user) for one, user in after.items() if one not in before}
    by_name = {user["userName"]: one for one, user in made.items()}
    ids = {a.source_id: by_name.get(a.user_name, "") for a in shown if a.kind is ActionKind.CREATE}
    expected = {one: mapped(user) for one, user in before.items()}
    for action in shown:
        changes = {change.attribute: change.after for change in action.changes}
        if action.refers_to:
            changes[MANAGER] = ids[str(action.refers_to)]
        if action.kind is ActionKind.CREATE:
            given = {target: value for target, value in changes.items() if target in TARGETS}
            assert made.pop(ids[action.source_id]) == {"active": True, **given}
        elif action.kind.writes:
            known = {target: value for target, value in changes.items() if target in TARGETS}
            expected[action.webex_id] = expected[action.webex_id] | known
        else:
            assert action.reasons
    assert made == {}
    assert {one: mapped(user) for one, user in after.items() if one in before} == expected


async def foretold_and_done(
    services: Services, profile: Profile, practice: PracticeServer, folder: Path
) -> Foretold:
    found = await services.foretell_cloud(profile, folder, practice.token)
    services.keep_foretold(profile, found.foretold)
    before = users_of(practice)
    if profile.cloud.job_id and (await services.watch_cloud(profile)).status.last:
        await services.restart_cloud(profile, RestartKind.FROM_THE_START)
    else:
        await services.switch_cloud(profile, on=True)
    assert practice.run_cycle() == 1
    held(found.foretold.actions, before, users_of(practice))
    checked = await services.check_hand_off(profile, folder, practice.token)
    assert checked.differences == ()
    assert checked.comparison is not None
    others = [one for one in checked.comparison.people if one.kind is not HandOffKind.MATCHED]
    assert [(one.label, one.text) for one in others] == []
    return found.foretold


@pytest.mark.hypothesis
@pytest.mark.parametrize(
    "stories", [pytest.param(8, id="some"), pytest.param(40, marks=pytest.mark.slow, id="many")]
)
def test_the_service_does_what_was_foretold(
    practice: PracticeServer, tmp_path_factory: pytest.TempPathFactory, stories: int
) -> None:
    @settings(max_examples=examples(stories), suppress_health_check=list(HealthCheck))
    @example(seed=34538, number=7)  # a name longer than Webex allows, and updates not allowed
    @given(seed=st.integers(min_value=0, max_value=10**9), number=st.integers(1, 7))
    def always(seed: int, number: int) -> None:
        async def story() -> None:
            chance = Chance(practice, seed)
            chance.populate(number)
            folder = tmp_path_factory.mktemp("story")
            async with handed_over(folder, practice, chance) as (services, profile):
                first = await foretold_and_done(services, profile, practice, folder)
                assert len(first.actions) == number
                chance.happen()
                CLOCK.ahead += 60
                await foretold_and_done(services, profile, practice, folder)

        asyncio.run(story())

    always()
