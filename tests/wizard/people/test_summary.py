"""Who was read, in numbers and words, and how a chosen file is written into a setup."""

from pathlib import Path

from sparkwizard.provisioning.types import Person, Population, Reason
from sparkwizard.wizard.people.summary import path_as_written, remark, summarize

ADA = Person("1", {"userPrincipalName": "ada@contoso.example", "accountEnabled": "True"})
OFF = Person("2", {"userPrincipalName": "off@contoso.example", "accountEnabled": "False"})
GUEST = Person(
    "3",
    {"originalUserPrincipalName": "mo_example.org#EXT#@contoso.example", "accountEnabled": "False"},
)
ODD = Person("4", {}, row=9, problem=Reason("row-length", "Row 9 has 2 cells."))


def test_people_disabled_people_guests_and_problems_are_counted() -> None:
    counted = summarize(Population((ADA, OFF, GUEST, ODD)))
    assert (counted.people, counted.disabled, counted.guests, counted.problems) == (4, 2, 1, 1)


def test_somebody_without_a_word_about_sign_in_counts_as_enabled() -> None:
    assert summarize(Population((ODD,))).disabled == 0


def test_a_guest_is_known_by_the_user_type_too() -> None:
    assert summarize(Population((Person("5", {"userType": "Guest"}),))).guests == 1


def test_the_remark_of_a_person_with_a_problem_is_the_problem() -> None:
    assert remark(ODD) == "Row 9 has 2 cells."


def test_the_remark_of_a_disabled_guest_says_both() -> None:
    assert remark(GUEST) == "Guest, sign-in off"
    assert remark(ADA) == ""


def test_a_file_beside_the_setup_is_written_relative(tmp_path: Path) -> None:
    assert path_as_written(tmp_path / "in" / "people.csv", tmp_path) == "in/people.csv"


def test_a_file_elsewhere_is_written_whole(tmp_path: Path) -> None:
    elsewhere = tmp_path / "people.csv"
    assert Path(path_as_written(elsewhere, tmp_path / "setups")) == elsewhere
