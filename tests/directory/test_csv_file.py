"""What a CSV file of people says, and what it is not trusted with."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.directory.guest_names import presented_user_principal_name
from tests.directory.csv_reading import (
    DOCUMENTED_2025,
    HEADER_2021,
    HEADER_2025,
    SEEN_2021,
    codes,
    only,
    read,
    refusal,
)

# Columns


def test_the_documented_columns_are_read(tmp_path: Path) -> None:
    values = [f"value {number}" for number in range(len(DOCUMENTED_2025))]
    values[9] = "True"
    person = only(read(tmp_path, f"{HEADER_2025}\n{','.join(values)}\n"))
    assert {name: person.attributes[name] for name in DOCUMENTED_2025} == dict(
        zip(DOCUMENTED_2025, values, strict=True)
    )


@pytest.mark.parametrize(
    ("graph", "entra"),
    [
        ("id", "objectId"),
        ("mobilePhone", "mobile"),
        ("officeLocation", "physicalDeliveryOfficeName"),
    ],
)
def test_the_older_header_gives_the_same_attributes(tmp_path: Path, graph: str, entra: str) -> None:
    row = ["" for _ in SEEN_2021]
    row[0], row[SEEN_2021.index(graph)] = "a@b.example", "x"
    person = only(read(tmp_path, f"{HEADER_2021}\n{','.join(row)}\n"))
    assert person.attributes[entra] == "x"


@pytest.mark.parametrize(
    "header",
    [
        "USERPRINCIPALNAME,Department",
        " userPrincipalName , department ",
        "\"userPrincipalName\",'department'",
        "User principal name,Department",
    ],
)
def test_column_names_are_found_however_they_are_written(tmp_path: Path, header: str) -> None:
    person = only(read(tmp_path, f"{header}\na@b.example,Sales\n"))
    assert (person.user_principal_name, person.attributes["department"]) == ("a@b.example", "Sales")


def test_the_user_principal_name_is_enough(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName\nA@B.example\n")
    assert (only(population).source_id, population.complete) == ("a@b.example", True)


def test_the_object_id_identifies_a_person(tmp_path: Path) -> None:
    assert only(read(tmp_path, "userPrincipalName,id\na@b.example,ABC-1\n")).source_id == "abc-1"


def test_a_column_of_the_company_keeps_its_name(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,Cost Centre\na@b.example,42\n")
    assert only(population).attributes["Cost Centre"] == "42"


def test_the_columns_are_listed_with_what_is_computed(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,mobilePhone,\na@b.example,1,\n")
    assert population.columns == (
        "userPrincipalName",
        "mobile",
        "IsSoftDeleted",
        "originalUserPrincipalName",
    )


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, "userPrincipalName,mobile,mobilePhone\na@b.example,1,2\n")
    assert "“mobile” and “mobilePhone”" in error.message


def test_a_missing_name_column_names_those_that_are_there(tmp_path: Path) -> None:
    error = refusal(tmp_path, "name,department\nAda,Sales\n")
    assert "no column userPrincipalName" in error.message
    assert "“name”, “department”" in error.message


def test_a_misspelt_name_column_is_suggested(tmp_path: Path) -> None:
    assert "“userPrincipleName”" in refusal(tmp_path, "userPrincipleName\na@b.example\n").fix


# Values


def test_an_empty_cell_is_no_value(tmp_path: Path) -> None:
    person = only(read(tmp_path, "userPrincipalName,mail\na@b.example,\n"))
    assert "mail" not in person.attributes


def test_cells_keep_what_a_spreadsheet_would_take_for_a_formula(tmp_path: Path) -> None:
    person = only(read(tmp_path, "userPrincipalName,displayName,city\na@b.example,=1+1,'x\n"))
    assert (person.attributes["displayName"], person.attributes["city"]) == ("=1+1", "'x")


def test_accents_are_composed(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Zoë")
    person = only(read(tmp_path, f"userPrincipalName,displayName\na@b.example,{decomposed}\n"))
    assert person.attributes["displayName"] == unicodedata.normalize("NFC", "Zoë")


def test_a_guest_has_the_name_entra_hands_out(tmp_path: Path) -> None:
    raw = "mo_x_partner.example#EXT#@contoso.example"
    person = only(read(tmp_path, f"userPrincipalName\n{raw}\n"))
    assert person.user_principal_name == "mo_x@partner.example"


def test_a_guest_keeps_the_name_of_the_directory_beside_it(tmp_path: Path) -> None:
    raw = "mo_partner.example#EXT#@contoso.example"
    person = only(read(tmp_path, f"userPrincipalName\n{raw}\n"))
    assert person.attributes["originalUserPrincipalName"] == raw


def test_guests_are_counted(tmp_path: Path) -> None:
    content = "userPrincipalName,userType\na_b.example#EXT#@c.example,Guest\nd@c.example,Member\n"
    assert "1 guest of" in " ".join(f.text for f in read(tmp_path, content).findings)


@given(st.text())
def test_a_presented_name_is_never_lost(raw: str) -> None:
    assert bool(presented_user_principal_name(raw)) == bool(raw)


@pytest.mark.parametrize("written", ["True", "true", "TRUE", "1", "Yes", " WAHR "])
def test_an_enabled_account_is_not_soft_deleted(tmp_path: Path, written: str) -> None:
    person = only(read(tmp_path, f"userPrincipalName,accountEnabled\na@b.example,{written}\n"))
    assert (person.attributes["accountEnabled"], person.attributes["IsSoftDeleted"]) == (
        "True",
        "False",
    )


@pytest.mark.parametrize("written", ["False", "0", "no", "FALSCH"])
def test_a_blocked_account_is_soft_deleted(tmp_path: Path, written: str) -> None:
    person = only(read(tmp_path, f"userPrincipalName,accountEnabled\na@b.example,{written}\n"))
    assert (person.attributes["accountEnabled"], person.attributes["IsSoftDeleted"]) == (
        "False",
        "True",
    )


def test_a_state_nobody_can_read_is_a_problem_of_that_person(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,accountEnabled\na@b.example,perhaps\n")
    problem = only(population).problem
    assert problem
    assert "perhaps" in problem.text


def test_a_file_without_account_states_says_that_all_count_as_enabled(tmp_path: Path) -> None:
    assert "no-account-enabled" in codes(read(tmp_path, "userPrincipalName\na@b.example\n"))


def test_a_soft_deleted_column_of_the_file_is_told_to_be_computed(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,IsSoftDeleted\na@b.example,True\n")
    assert "computed-column" in codes(population)
