"""Reading only what changed since a watermark, by delta."""

import msgspec
import pytest

from sparkwizard.directory.entra_users import EntraSource
from sparkwizard.directory.entra_users.changes import Watermark
from sparkwizard.directory.types import Changes, ChangeSource
from sparkwizard.practice.server import PracticeServer
from tests.directory.entra_users.conftest import Source, asked


def ids(changes: Changes) -> set[str]:
    return {one.source_id for one in changes.population.people}


@pytest.fixture
def people(practice: PracticeServer) -> list[str]:
    return list(practice.entra.directory.users)


async def first(source: EntraSource) -> bytes:
    read = await source.read_changes(b"")
    assert read.everything
    assert read.population.complete
    return read.watermark


def test_the_source_can_tell_what_changed(source: Source) -> None:
    assert isinstance(source(), ChangeSource)


async def test_nothing_changed_reads_nobody(source: Source, people: list[str]) -> None:
    entra = source("department")
    read = await entra.read_changes(await first(entra))
    assert (read.everything, ids(read), read.removed) == (False, set(), frozenset())
    assert read.population.complete


async def test_a_changed_person_comes_whole(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source("department", "mobile")
    mark = await first(entra)
    practice.entra.directory.change_person(people[3], department="Research")
    read = await entra.read_changes(mark)
    (person,) = read.population.people
    assert (person.source_id, person.attributes["department"]) == (people[3], "Research")
    assert person.attributes["displayName"]
    assert ids(await entra.read_changes(read.watermark)) == set()


async def test_a_change_of_what_is_not_used_is_not_told(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source("department")
    mark = await first(entra)
    practice.entra.directory.change_person(people[3], city="Bath")
    assert ids(await entra.read_changes(mark)) == set()


async def test_somebody_new_and_somebody_deleted(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source()
    mark = await first(entra)
    practice.entra.directory.delete_person(people[4])
    practice.entra.directory.purge_person(people[5])
    new = practice.entra.directory.add_person(
        userPrincipalName="new@fabrikam.example", displayName="New One"
    )
    read = await entra.read_changes(mark)
    assert ids(read) == {new["id"]}
    assert read.removed == {people[4], people[5]}


async def test_somebody_restored_meanwhile_is_there(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source()
    mark = await first(entra)
    practice.entra.directory.delete_person(people[4])
    practice.entra.directory.restore_person(people[4])
    read = await entra.read_changes(mark)
    assert (ids(read), read.removed) == ({people[4]}, frozenset())


async def test_a_new_manager_is_a_change(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source("manager")
    mark = await first(entra)
    practice.entra.directory.set_manager(people[8], people[2])
    read = await entra.read_changes(mark)
    by_id = {one.source_id: one.attributes.get("manager") for one in read.population.people}
    assert by_id[people[8]] == people[2]


async def test_those_asked_for_come_too_and_who_is_not_there_does_not(
    source: Source, people: list[str]
) -> None:
    entra = source()
    gone = "00000000-0000-4000-8000-000000000000"
    read = await entra.read_changes(await first(entra), also=(people[0].upper(), gone))
    assert ids(read) == {people[0]}


async def test_empty_pages_and_repeats_change_nothing(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source("department")
    mark = await first(entra)
    practice.entra_faults.delta_empty_pages = 3
    practice.entra_faults.delta_repeats = True
    for one in people[:30]:
        practice.entra.directory.change_person(one, department="Research")
        practice.entra.directory.change_person(one, department="Sales")
    read = await entra.read_changes(mark)
    assert ids(read) == set(people[:30])
    assert len(read.population.people) == 30


async def test_an_expired_link_reads_everybody(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source()
    mark = await first(entra)
    practice.entra_faults.delta_expired = True
    read = await entra.read_changes(mark)
    assert (read.everything, len(read.population.people)) == (True, len(people))
    assert read.population.complete
    practice.entra_faults.delta_expired = False
    assert not (await entra.read_changes(read.watermark)).everything


@pytest.mark.parametrize("mark", [b"", b"\x00", b"rubbish", b"\x93\xa1x\xa1y\xa0"])
async def test_a_watermark_that_is_not_its_own_reads_everybody(source: Source, mark: bytes) -> None:
    assert (await source().read_changes(mark)).everything


async def test_other_attributes_read_everybody(source: Source) -> None:
    mark = await first(source("department"))
    assert (await source("department", "city").read_changes(mark)).everything


async def test_a_link_that_was_changed_to_lead_elsewhere_is_not_followed(
    practice: PracticeServer, source: Source
) -> None:
    entra = source()
    place = msgspec.msgpack.decode(await first(entra), type=Watermark).place
    evil = Watermark(place, "https://graph.example/v1.0/users/delta?$deltatoken=x").write()
    assert (await entra.read_changes(evil)).everything


async def test_many_changes_are_read_with_everybody(
    practice: PracticeServer, source: Source, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sparkwizard.directory.entra_users.changes.MOST_CHANGES", 10)
    entra = source("department")
    mark = await first(entra)
    for one in people[:20]:
        practice.entra.directory.change_person(one, department="Research")
    assert (await entra.read_changes(mark)).everything


async def test_changes_are_read_in_batches(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    entra = source("department")
    mark = await first(entra)
    for one in people[:30]:
        practice.entra.directory.change_person(one, department="Research")
    practice.entra_faults.throttle_items_next = 7
    practice.graph_log.clear()
    read = await entra.read_changes(mark)
    assert len(ids(read)) == 30
    assert len([one for one in asked(practice) if "/$batch" in one]) <= 4


# -- only who is assigned --------------------------------------------------------------------------


async def test_who_came_into_an_assigned_group_and_who_left_it(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    directory = practice.entra.directory
    group = directory.add_group("Pilot", people[:6])
    entra = source("department", assigned=True, groups=(group["id"],))
    mark = await first(entra)
    directory.remove_member(group["id"], people[0])
    directory.add_member(group["id"], people[9])
    directory.change_person(people[1], department="Research")
    directory.change_person(people[20], department="Research")
    read = await entra.read_changes(mark, also=(people[2], people[21]))
    assert ids(read) == {people[9], people[1], people[2]}
    assert read.removed == {people[0]}
    assert not read.everything
    again = await entra.read_changes(read.watermark)
    assert (ids(again), again.removed) == (set(), frozenset())


async def test_a_group_that_is_gone_makes_the_changes_incomplete(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    directory = practice.entra.directory
    group = directory.add_group("Pilot", people[:6])
    entra = source(assigned=True, groups=(group["id"],))
    mark = await first(entra)
    directory.delete_group(group["id"])
    read = await entra.read_changes(mark)
    assert not read.population.complete
