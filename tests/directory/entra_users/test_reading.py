"""Reading everybody of the practice tenant."""

import csv
from urllib.parse import unquote

import pytest

from sparkwizard.directory.entra_users import EntraSource
from sparkwizard.directory.types import ReadProgress
from sparkwizard.errors import Forbidden, NotAuthorized, RemoteError, Throttled
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Population
from tests.directory.entra_users.conftest import Source, asked

# every permission that lets somebody read people
READS_PEOPLE = ("User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All")


def codes(population: Population) -> list[str]:
    return [finding.code for finding in population.findings]


async def test_everybody_in_the_directory_is_read(practice: PracticeServer, source: Source) -> None:
    population = await source("department", "mobile").read()
    with practice.csv.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert population.complete
    assert {one.source_id for one in population.people} == {row["objectId"].lower() for row in rows}
    by_id = {one.source_id: one.attributes for one in population.people}
    for row in rows:
        attributes = by_id[row["objectId"].lower()]
        for name in ("displayName", "department", "mobile", "mail"):
            assert attributes.get(name, "") == row[name]
        assert attributes["accountEnabled"] == row["accountEnabled"]


async def test_only_what_is_used_is_asked_for(practice: PracticeServer, source: Source) -> None:
    await source("mobile", "telephoneNumber", "extensionAttribute3").read()
    (listing,) = [one for one in asked(practice) if one.startswith("GET /users?")]
    assert unquote(listing.partition("$select=")[2].partition("&")[0]).split(",") == [
        *("id", "userPrincipalName", "displayName", "mail", "accountEnabled", "userType"),
        *("mobilePhone", "onPremisesExtensionAttributes", "businessPhones"),
    ]
    assert "$top=999" in listing
    assert "$expand" not in listing


async def test_names_are_entras_own_and_columns_say_what_there_is(source: Source) -> None:
    population = await source("telephoneNumber", "extensionAttribute1", "manager").read()
    person = next(one for one in population.people if "telephoneNumber" in one.attributes)
    assert isinstance(person.attributes["telephoneNumber"], str)
    assert str(person.attributes["extensionAttribute1"]).startswith("CC-")
    assert {"telephoneNumber", "extensionAttribute1", "manager"} <= set(population.columns)
    assert {"IsSoftDeleted", "originalUserPrincipalName"} <= set(population.columns)
    assert "department" not in population.columns


async def test_the_manager_is_the_source_id_of_another_person(
    practice: PracticeServer, source: Source
) -> None:
    population = await source("manager").read()
    ids = {one.source_id for one in population.people}
    managers = {
        one.attributes["manager"] for one in population.people if "manager" in one.attributes
    }
    assert managers
    assert managers <= ids
    assert len([one for one in asked(practice) if "$expand=manager" in one]) == 1


async def test_a_guest_has_the_name_of_their_own_organization(source: Source) -> None:
    population = await source().read()
    guests = [one for one in population.people if one.attributes.get("userType") == "Guest"]
    assert guests
    for guest in guests:
        assert "#EXT#" not in guest.user_principal_name
        assert "#EXT#" in str(guest.attributes["originalUserPrincipalName"])
    assert "guests" in codes(population)


async def test_somebody_who_may_not_sign_in_counts_as_deleted(
    practice: PracticeServer, source: Source
) -> None:
    somebody = next(iter(practice.entra.directory.users))
    practice.entra.directory.change_person(somebody, accountEnabled=False)
    population = await source().read()
    (person,) = [one for one in population.people if one.source_id == somebody.lower()]
    assert person.attributes["IsSoftDeleted"] == "True"
    assert person.attributes["accountEnabled"] == "False"


async def test_an_attribute_that_entra_does_not_have_is_not_asked_for(source: Source) -> None:
    population = await source("shoeSize", "authenticationEmail", "appRoleAssignments").read()
    assert population.complete
    assert not {"shoeSize", "authenticationEmail"} & set(population.columns)


async def test_progress_tells_how_many_of_how_many(source: Source) -> None:
    told: list[ReadProgress] = []
    population = await source().read(told.append)
    assert told[0] == ReadProgress(0, None)
    assert told[-1] == ReadProgress(len(population.people), 1.0)


# -- bad days ------------------------------------------------------------------------------------


async def test_bursts_of_refusals_change_nothing(practice: PracticeServer, source: Source) -> None:
    practice.entra_faults.throttle_next = 3
    practice.entra_faults.unavailable_next = 2
    population = await source("department").read()
    assert population.complete


async def test_a_service_that_only_refuses_is_told(
    practice: PracticeServer, source: Source
) -> None:
    practice.entra_faults.throttle_every = 1
    with pytest.raises(Throttled, match="other programs of your organization share the limit"):
        await source().read()


async def test_a_missing_permission_names_it(practice: PracticeServer, source: Source) -> None:
    practice.entra_faults.consent_withdrawn = READS_PEOPLE
    with pytest.raises(Forbidden, match=r"User\.Read\.All"):
        await source().read()


async def test_an_expired_token_asks_for_a_new_one(
    practice: PracticeServer, source: Source
) -> None:
    practice.entra_faults.tokens_expired = True
    with pytest.raises(NotAuthorized, match="SPARKWIZARD_GRAPH_TOKEN"):
        await source().read()


async def _stop_after_the_first_page(
    practice: PracticeServer, reading: EntraSource, monkeypatch: pytest.MonkeyPatch
) -> Population:
    monkeypatch.setattr("sparkwizard.directory.entra_users.everyone.PAGE", 20)

    def stop(progress: ReadProgress) -> None:
        if progress.people:
            practice.entra_faults.consent_withdrawn = READS_PEOPLE

    return await reading.read(stop)


async def test_a_page_that_fails_midway_keeps_everybody_from_being_removed(
    practice: PracticeServer, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    population = await _stop_after_the_first_page(practice, source(), monkeypatch)
    assert 0 < len(population.people) < 60
    assert not population.complete
    (stopped,) = [one for one in population.findings if one.code == "read-stopped"]
    assert "Global Administrator" in stopped.text
    assert stopped.text.endswith("Nobody will be removed.")


async def test_fewer_people_than_are_counted_is_incomplete(
    practice: PracticeServer, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def more(_graph: object) -> int:
        return 61

    monkeypatch.setattr("sparkwizard.directory.entra_users.everyone.count_users", more)
    population = await source().read()
    assert not population.complete
    assert "count-mismatch" in codes(population)


async def test_an_empty_directory_removes_nobody(practice: PracticeServer, source: Source) -> None:
    for person in list(practice.entra.directory.users):
        practice.entra.directory.delete_person(person)
    population = await source().read()
    assert (population.people, population.complete) == ((), False)


async def test_a_web_page_in_place_of_data_is_told(
    practice: PracticeServer, source: Source
) -> None:
    practice.entra_faults.html_next = 5
    with pytest.raises(Exception, match="a web page instead of data") as caught:
        await source().read()
    assert not isinstance(caught.value, RemoteError)
    practice.graph_log.clear()  # Microsoft's description knows no web pages
