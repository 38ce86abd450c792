"""Whatever happens in the directory: Webex comes to rest, and at what Entra says."""

import random
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.practice import PracticeServer, serve_in_thread
from tests.examples import examples
from tests.practice.graph.setting_up import Cloud

DEEDS = ("rename", "address", "disable", "enable", "delete", "restore", "purge", "add", "boss")


@pytest.fixture(scope="module")
def practice() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        server.entra_faults.application_lag = 0
        server.entra_faults.cycle_seconds = 0
        yield server


@pytest.fixture(scope="module")
def cloud(practice: PracticeServer) -> Iterator[Cloud]:
    with httpx.Client(base_url=practice.graph_url, trust_env=False) as graph:
        graph.headers["Authorization"] = f"Bearer {practice.graph_token}"
        made = Cloud(practice, graph)
        made.save_secrets(SyncAll="true")
        made.start()
        yield made


def do(practice: PracticeServer, deed: str, chance: random.Random) -> None:
    directory = practice.entra.directory
    people = [one for one in directory.users if one != practice.entra.administrator]
    if not people:  # examples share the directory, and many together empty it
        deed, people = "add", [""]
    one = chance.choice(people)
    with suppress(KeyError, ValueError, IndexError):  # a deed that makes no sense just now
        match deed:
            case "rename":
                directory.change_person(one, displayName=f"Person {chance.random()}")
            case "address":
                name = f"renamed{chance.random()}@fabrikam.example"
                directory.change_person(one, userPrincipalName=name)
            case "disable" | "enable":
                directory.change_person(one, accountEnabled=deed == "enable")
            case "delete":
                directory.delete_person(one)
            case "restore":
                directory.restore_person(chance.choice(list(directory.deleted)))
            case "purge":
                directory.purge_person(chance.choice(list(directory.deleted)))
            case "add":
                name = f"new{chance.random()}@fabrikam.example"
                directory.add_person(userPrincipalName=name, displayName="New")
            case "boss":
                directory.set_manager(one, chance.choice(people))


@settings(max_examples=examples(25))
@given(deeds=st.lists(st.sampled_from(DEEDS), max_size=10), seed=st.integers())
def test_webex_comes_to_rest_at_what_entra_says(
    practice: PracticeServer, cloud: Cloud, deeds: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    for deed in deeds:
        do(practice, deed, chance)
    job = practice.entra.provisioning.all_jobs()[0]
    for _ in range(12):  # names that are passed on in a row free each other one by one
        cloud.cycle()
        changed = cloud.status()["lastExecution"]["countExported"]
        if not changed and not job.escrows.keys() & job.links.keys():
            break
    assert changed == 0
    users = practice.entra.directory.users
    for person, user in job.links.items():
        record = practice.world.users.get(user)
        assert record is not None
        shown = record.decode()
        alive = person in users
        assert shown["active"] == (alive and users.get(person)["accountEnabled"])
        if alive and shown["active"]:
            source = users.get(person)
            guest = "#EXT#" in source["userPrincipalName"]  # known by their address at home
            name = source["mail"] if guest else source["userPrincipalName"]
            assert shown["userName"].casefold() == name.casefold()
