"""Reading only who is assigned, as Entra counts: direct members of security groups."""

import pytest

from sparkwizard.practice.entra.applications import USER_ROLE
from sparkwizard.practice.entra.gallery import GALLERY, WEBEX_TEMPLATE
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Population
from tests.directory.entra_users.conftest import Source, asked


def finding(population: Population, code: str) -> str:
    (found,) = [one.text for one in population.findings if one.code == code]
    return found


def ids(population: Population) -> set[str]:
    return {one.source_id for one in population.people}


@pytest.fixture
def people(practice: PracticeServer) -> list[str]:
    return list(practice.entra.directory.users)


async def test_the_direct_members_of_a_group_are_read(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    group = practice.entra.directory.add_group("Pilot", people[:5])
    population = await source("department", assigned=True, groups=(group["id"],)).read()
    assert population.complete
    assert ids(population) == set(people[:5])
    assert {"department", "displayName"} <= set(population.columns)


async def test_a_group_may_be_named_by_what_it_is_called(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    practice.entra.directory.add_group("O'Neil & friends", people[:2])
    population = await source(assigned=True, groups=("O'Neil & friends",)).read()
    assert ids(population) == set(people[:2])


async def test_somebody_in_two_groups_counts_once(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    first = practice.entra.directory.add_group("First", people[:3])
    second = practice.entra.directory.add_group("Second", people[2:5])
    population = await source(assigned=True, groups=(first["id"], second["id"])).read()
    assert ids(population) == set(people[:5])
    assert len(population.people) == 5


async def test_people_in_groups_inside_are_told_by_name_and_left_out(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    directory = practice.entra.directory
    inner = directory.add_group("Inner", people[3:6])
    outer = directory.add_group("Outer", [*people[:4], inner["id"]])
    population = await source(assigned=True, groups=(outer["id"],)).read()
    assert ids(population) == set(people[:4])
    assert population.complete
    text = finding(population, "nested-groups")
    assert "Inside “Outer” is a group: Inner" in text
    missed = [directory.users.get(one)["displayName"] for one in people[4:6]]
    assert all(name in text for name in missed)
    assert directory.users.get(people[3])["displayName"] not in text


async def test_a_group_that_is_gone_removes_nobody(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    group = practice.entra.directory.add_group("Pilot", people[:5])
    gone = "00000000-0000-4000-8000-000000000000"
    population = await source(assigned=True, groups=(group["id"], gone, "Nothing")).read()
    assert ids(population) == set(people[:5])
    assert not population.complete
    said = [one.text for one in population.findings if one.code == "group-gone"]
    assert [gone in said[0], "“Nothing”" in said[1]] == [True, True]


async def test_two_groups_of_one_name_are_not_guessed_between(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    practice.entra.directory.add_group("Twins", people[:1])
    practice.entra.directory.add_group("Twins", people[1:2])
    population = await source(assigned=True, groups=("Twins",)).read()
    assert (population.people, population.complete) == ((), False)
    assert "2 groups called “Twins”" in finding(population, "group-twice")


async def test_a_group_that_is_no_security_group_is_not_provisioned_by_entra(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    group = practice.entra.directory.add_group("Mail", people[:5], securityEnabled=False)
    population = await source(assigned=True, groups=(group["id"],)).read()
    assert population.people == ()
    assert "“Mail” is no security group" in finding(population, "group-not-security")


async def test_hidden_members_make_the_reading_incomplete(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    group = practice.entra.directory.add_group("Secret", people[:2], visibility="HiddenMembership")
    population = await source(assigned=True, groups=(group["id"],)).read()
    assert not population.complete
    assert "“Secret” are hidden" in finding(population, "group-hidden")


async def test_a_setup_that_names_nobody_reads_nobody_and_removes_nobody(source: Source) -> None:
    population = await source(assigned=True).read()
    assert (population.people, population.complete) == ((), False)
    assert "neither a group nor an application" in finding(population, "nobody-assigned")


@pytest.mark.parametrize("size", [3, 40])
async def test_members_have_their_managers_however_few_they_are(
    practice: PracticeServer, source: Source, people: list[str], size: int
) -> None:
    group = practice.entra.directory.add_group("Pilot", people[:size])
    population = await source("manager", assigned=True, groups=(group["id"],)).read()
    managers = practice.entra.directory.managers
    assert {one.source_id: one.attributes.get("manager") for one in population.people} == {
        one: managers.get(one) for one in people[:size]
    }


async def test_many_managers_are_read_with_everybody(
    practice: PracticeServer,
    source: Source,
    people: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sparkwizard.directory.entra_users.full_read.BATCH_SIZE", 1)
    group = practice.entra.directory.add_group("Pilot", people[:40])
    population = await source("manager", assigned=True, groups=(group["id"],)).read()
    managers = practice.entra.directory.managers
    assert {one.source_id: one.attributes.get("manager") for one in population.people} == {
        one: managers.get(one) for one in people[:40]
    }
    assert [one for one in asked(practice) if one.startswith("GET /users?")]


# -- the application in Entra ----------------------------------------------------------------------


@pytest.fixture
def application(practice: PracticeServer) -> str:
    """Add an application to the tenant and return the id of its service principal."""
    practice.entra_faults.application_lag = 0
    entry = GALLERY[WEBEX_TEMPLATE]
    _, principal = practice.entra.applications.instantiate(entry, "Cisco Webex")
    return str(principal["id"])


def assign(practice: PracticeServer, application: str, principal: str) -> None:
    practice.entra.applications.assign(application, principal, USER_ROLE)


async def test_who_is_assigned_to_the_application_is_read(
    practice: PracticeServer, source: Source, people: list[str], application: str
) -> None:
    group = practice.entra.directory.add_group("Pilot", people[:3])
    assign(practice, application, group["id"])
    assign(practice, application, people[1])
    assign(practice, application, people[7])
    population = await source("manager", assigned=True, application=application).read()
    assert population.complete
    assert ids(population) == {*people[:3], people[7]}
    managers = practice.entra.directory.managers
    assert {one.source_id: one.attributes.get("manager") for one in population.people} == {
        one: managers.get(one) for one in (*people[:3], people[7])
    }


async def test_groups_of_the_setup_count_beside_the_application(
    practice: PracticeServer, source: Source, people: list[str], application: str
) -> None:
    group = practice.entra.directory.add_group("More", people[5:7])
    assign(practice, application, people[0])
    wanted = source(assigned=True, application=application, groups=(group["id"],))
    assert ids(await wanted.read()) == {people[0], *people[5:7]}


async def test_an_assignment_that_is_taken_back_is_a_removal(
    practice: PracticeServer, source: Source, people: list[str], application: str
) -> None:
    for one in people[:4]:
        assign(practice, application, one)
    entra = source(assigned=True, application=application)
    mark = (await entra.read_changes(b"")).watermark
    assignments = practice.entra.applications.assignments[application]
    taken = next(key for key, one in assignments.items() if one["principalId"] == people[2])
    del assignments[taken]
    changes = await entra.read_changes(mark)
    assert not changes.everything
    assert changes.removed == {people[2]}
    assert changes.population.complete


async def test_an_application_that_was_deleted_removes_nobody(
    practice: PracticeServer, source: Source, people: list[str], application: str
) -> None:
    assign(practice, application, people[0])
    practice.entra.applications.delete(application)
    population = await source(assigned=True, application=application).read()
    assert (population.people, population.complete) == ((), False)
    assert "not there any more" in finding(population, "application-gone")


# -- groups for Webex ------------------------------------------------------------------------------


async def test_assigned_groups_come_with_their_direct_members(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    group = practice.entra.directory.add_group("Pilot", people[:5], description="The first")
    wanted = source(assigned=True, groups=(group["id"],), provision_groups=True)
    population = await wanted.read()
    assert population.groups is not None
    (found,) = population.groups
    assert (found.label, found.members) == ("Pilot", frozenset(people[:5]))
    assert found.attributes["description"] == "The first"


async def test_all_groups_are_those_that_are_security_groups(
    practice: PracticeServer, source: Source, people: list[str]
) -> None:
    practice.entra.directory.add_group("Mail", people[:5], securityEnabled=False)
    population = await source(provision_groups=True).read()
    assert population.groups is not None
    assert len(population.people) == len(people)
    names = {group.label for group in population.groups}
    assert "Partners" in names
    assert "Mail" not in names


async def test_without_groups_to_provision_none_are_told_of(source: Source) -> None:
    assert (await source().read()).groups is None
