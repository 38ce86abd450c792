"""Who works in the practice company, and what Webex knows of them at first."""

import csv
import itertools
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.practice import PracticeServer, generate, serve_in_thread
from sparkwizard.practice.company.people import (
    COLUMNS,
    Person,
    as_webex_user,
    hand_made_people,
    write_people,
)

DOCUMENTED_ORDER = (
    "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,"
    "postalCode,telephoneNumber,mobile,authenticationAlternativePhoneNumber,authenticationEmail,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification"
)


def oddities(people: list[Person]) -> dict[str, int]:
    mails = Counter(one["mail"] for one in people if one["mail"])
    return {
        "guests": sum(one["userType"] == "Guest" for one in people),
        "mail differs": sum(one["mail"] not in ("", one["userPrincipalName"]) for one in people),
        "no surname": sum(not one["surname"] for one in people),
        "shared mail": sum(count > 1 for count in mails.values()),
        "disabled": sum(one["accountEnabled"] == "False" for one in people),
        "no display name": sum(not one["displayName"] for one in people),
        "no department": sum(not one["department"] for one in people),
        "no mail": sum(not one["mail"] for one in people),
        "apostrophe": sum("'" in one["surname"] for one in people),
        "accent": sum(not one["displayName"].isascii() for one in people),
        "very long": sum(len(one["displayName"]) > 100 for one in people),
        "service account": sum(one["displayName"].startswith("svc-") for one in people),
    }


def test_the_file_has_the_documented_columns_in_order(practice: PracticeServer) -> None:
    assert practice.csv.read_text(encoding="utf-8").splitlines()[0] == DOCUMENTED_ORDER


def test_the_file_served_is_the_hand_made_one(practice: PracticeServer) -> None:
    with practice.csv.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == hand_made_people()


def test_sixty_people_with_unique_names_and_ids_work_here() -> None:
    people = hand_made_people()
    names = {one["userPrincipalName"].casefold() for one in people}
    ids = {UUID(one["objectId"]) for one in people}
    assert (len(people), len(names), len(ids)) == (60, 60, 60)


@pytest.mark.parametrize("people", [hand_made_people(), list(generate(60))], ids=["hand", "made"])
def test_every_oddity_of_real_directories_occurs(people: list[Person]) -> None:
    assert [name for name, count in oddities(people).items() if count == 0] == []


def test_only_reserved_domains_are_used() -> None:
    domains = {
        one[column].rpartition("@")[2]
        for one in hand_made_people()
        for column in ("userPrincipalName", "mail", "alternateEmailAddress")
        if one[column]
    }
    assert {domain.rpartition(".")[2] for domain in domains} == {"example"}


def test_generated_people_are_the_same_for_the_same_seed() -> None:
    assert list(generate(500, seed=3)) == list(generate(500, seed=3))


def test_generated_people_differ_for_another_seed() -> None:
    assert list(generate(50, seed=3)) != list(generate(50, seed=4))


@given(people=st.integers(0, 300), seed=st.integers())
def test_generated_names_and_ids_are_unique(people: int, seed: int) -> None:
    made = list(generate(people, seed))
    names = {one["userPrincipalName"].casefold() for one in made}
    assert len(names) == len({one["objectId"] for one in made}) == len(made) == people


def test_generating_streams(tmp_path: Path) -> None:
    rows = write_people(tmp_path / "people.csv", generate(10**9))
    assert len(list(itertools.islice(rows, 3))) == 3
    rows.close()  # type: ignore[attr-defined]  # it is a generator: this closes the file


def test_a_hundred_thousand_people_are_written_in_a_few_seconds(tmp_path: Path) -> None:
    started = time.process_time()
    count = sum(1 for _ in write_people(tmp_path / "people.csv", generate(100_000)))
    assert (count, time.process_time() - started < 60) == (100_000, True)


def test_every_row_has_every_column() -> None:
    assert {tuple(one) for one in generate(120)} == {COLUMNS}


def test_webex_knows_twenty_people_and_five_others(practice: PracticeServer) -> None:
    names = {one["userPrincipalName"].casefold() for one in hand_made_people()}
    ids = {one["objectId"] for one in hand_made_people()}
    users = [one.decode() for one in practice.world.users]
    known = [
        one for one in users if one["userName"].casefold() in names or one.get("externalId") in ids
    ]
    assert (len(known), len(users)) == (20, 25)


def test_some_users_are_exactly_as_the_default_mapping_wants_them(
    practice: PracticeServer,
) -> None:
    wanted = [as_webex_user(one) for one in hand_made_people()]
    users = [one.decode() for one in practice.world.users]
    same = [one for one in wanted if any(_agrees(known, one) for known in users)]
    assert len(same) >= 10


def _agrees(user: dict[str, object], wanted: dict[str, object]) -> bool:
    return all(user.get(key) == value for key, value in wanted.items())


def user(practice: PracticeServer, name: str) -> dict[str, object]:
    identifier = practice.world.users.id_of(name)
    assert identifier is not None
    record = practice.world.users.get(identifier)
    assert record is not None
    return record.decode()


def person(name: str) -> Person:
    return next(one for one in hand_made_people() if one["userPrincipalName"] == name)


def test_one_user_was_renamed_and_keeps_the_external_id(practice: PracticeServer) -> None:
    petra = person("petra.kraus-neumann@fabrikam.example")
    assert user(practice, "petra.kraus@fabrikam.example")["externalId"] == petra["objectId"]


def test_one_user_name_has_other_capitals(practice: PracticeServer) -> None:
    found = user(practice, "maria.rossi@fabrikam.example")["userName"]
    assert found == "Maria.Rossi@Fabrikam.example"


def test_a_second_full_administrator_is_in_the_file(practice: PracticeServer) -> None:
    assert "id_full_admin" in str(user(practice, person("priya.raman@fabrikam.example")["mail"]))


def test_the_operator_is_not_in_the_file(practice: PracticeServer) -> None:
    names = {one["userPrincipalName"] for one in hand_made_people()}
    assert user(practice, "avery.stone@fabrikam.example")["userName"] not in names


def test_another_organization_has_users_of_the_file(practice: PracticeServer) -> None:
    names = {one["userPrincipalName"] for one in hand_made_people()}
    assert len(names & practice.world.taken_elsewhere) == 2


def test_a_generated_company_is_known_to_webex_in_the_same_way() -> None:
    with serve_in_thread(people=600, seed=5) as first, serve_in_thread(people=600, seed=5) as twin:
        users = [one.decode() for one in first.world.users]
        same = [one.id for one in first.world.users] == [one.id for one in twin.world.users]
        elsewhere = len(first.world.taken_elsewhere)
    inactive = sum(not one["active"] for one in users)
    assert (len(users), elsewhere, same, inactive >= 20) == (205, 10, True, True)
