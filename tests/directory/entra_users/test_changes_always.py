"""Whatever happens in the directory: what changed, put on what was known, is what there is."""

import asyncio
import random
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Person
from tests.directory.entra_users.conftest import Source
from tests.examples import examples

DEEDS = ("rename", "move", "disable", "delete", "purge", "restore", "add", "join", "leave", "boss")


def do(directory: Directory, group: str, deed: str, chance: random.Random) -> None:
    people = list(directory.users)
    one, other = chance.choice(people), chance.choice(people)
    bin_ = [key for key, kept in directory.deleted.items() if "userPrincipalName" in kept]
    with suppress(KeyError, ValueError, IndexError):  # a deed that makes no sense just now
        match deed:
            case "rename":
                directory.change_person(one, displayName=f"Person {chance.random()}")
            case "move":
                directory.change_person(one, city=f"City {chance.random()}")
            case "disable":
                directory.change_person(one, accountEnabled=chance.random() < 0.5)
            case "delete":
                directory.delete_person(one)
            case "purge":
                directory.purge_person(chance.choice(bin_))
            case "restore":
                directory.restore_person(chance.choice(bin_))
            case "add":
                name = f"new{chance.random()}@fabrikam.example"
                directory.add_person(userPrincipalName=name, displayName="New")
            case "join":
                directory.add_member(group, one)
            case "leave":
                directory.remove_member(group, chance.choice(directory.members(group)))
            case "boss":
                directory.set_manager(one, other)


def known(people: tuple[Person, ...]) -> dict[str, dict[str, object]]:
    return {one.source_id: dict(one.attributes) for one in people}


@pytest.mark.parametrize("assigned", [False, True])
@settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rounds=st.lists(st.lists(st.sampled_from(DEEDS), max_size=12), max_size=3), seed=st.integers()
)
def test_changes_lead_to_what_a_full_read_says(
    practice: PracticeServer,
    source: Source,
    assigned: bool,
    rounds: list[list[str]],
    seed: int,
) -> None:
    directory, chance = practice.entra.directory, random.Random(seed)
    practice.entra_faults.delta_repeats = seed % 2 == 0
    practice.entra_faults.delta_empty_pages = abs(seed) % 3
    group = directory.add_group(f"Group {seed}", chance.sample(list(directory.users), 10))["id"]
    wanted = {"assigned": True, "groups": (group,)} if assigned else {}
    entra = source("manager", "department", **wanted)

    async def follow() -> None:
        first = await entra.read_changes(b"")
        people, mark = known(first.population.people), first.watermark
        for deeds in rounds:
            for deed in deeds:
                do(directory, group, deed, chance)
            changes = await entra.read_changes(mark)
            assert changes.population.complete or not changes.population.people
            people |= known(changes.population.people)
            for gone in changes.removed:
                people.pop(gone, None)
            mark = changes.watermark
            for one, attributes in people.items():
                if one not in directory.managers:  # a manager's end is no change of their people
                    attributes.pop("manager", None)
            there = known((await entra.read()).people)
            assert people.keys() == there.keys()
            assert [one for one in there if people[one] != there[one]] == []

    asyncio.run(follow())
