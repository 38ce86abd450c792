"""Rows that are damaged, short or double: nobody in them counts as gone."""

from pathlib import Path

import pytest

from tests.directory.csv_reading import only, read, refusal

# Rows


def test_a_row_number_is_the_line_where_the_record_starts(tmp_path: Path) -> None:
    content = 'userPrincipalName,city\n\na@b.example,"x\ny"\n\nc@d.example,z\n'
    assert [person.row for person in read(tmp_path, content).people] == [3, 6]


def test_blank_lines_and_rows_of_delimiters_are_nobody(tmp_path: Path) -> None:
    population = read(tmp_path, "\nuserPrincipalName,city\n\n,\n  \na@b.example,x\n,,,\n")
    assert (len(population.people), population.complete) == (1, True)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("b@b.example", "short-row"),
        ("b@b.example,x,y", "long-row"),
        ('b@b.example,"x', "unclosed-quote"),
        ('b@b.example,"x"y', "unclosed-quote"),
        ("b@b.example,\0", "nul"),
        (",x", "nobody"),
    ],
)
def test_a_damaged_row_makes_the_read_incomplete_and_is_named(
    tmp_path: Path, row: str, code: str
) -> None:
    rows = f"userPrincipalName,city\na@b.example,x\n{row}\nc@b.example,z\n"
    population = read(tmp_path, rows)
    finding = next(finding for finding in population.findings if finding.code == code)
    assert not population.complete
    assert "Row 3" in finding.text


@pytest.mark.parametrize("row", ["b@b.example", "b@b.example,x,y", 'b@b.example,"x', ",x"])
def test_a_damaged_row_leaves_the_others_as_they_are(tmp_path: Path, row: str) -> None:
    rows = f"userPrincipalName,city\na@b.example,x\n{row}\nc@b.example,z\n"
    good = [person for person in read(tmp_path, rows).people if not person.problem]
    assert [person.user_principal_name for person in good] == ["a@b.example", "c@b.example"]


def test_a_quote_left_open_does_not_swallow_people_up_to_the_next_quote(tmp_path: Path) -> None:
    rows = 'a@b.example,"x\nb@b.example,y\nc@b.example,"z"\n'
    population = read(tmp_path, f"userPrincipalName,city\n{rows}")
    assert "b@b.example" in {person.user_principal_name for person in population.people}


def test_a_person_in_a_short_row_is_present_but_a_problem(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,city\na@b.example\n")
    problem = only(population).problem
    assert problem
    assert "1 cells where the first row has 2" in problem.text


def test_a_row_without_name_is_present_by_its_object_id(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,objectId\n,ID-1\n")
    person = only(population)
    assert (person.source_id, population.complete) == ("id-1", True)
    assert person.problem


def test_people_with_one_object_id_are_all_a_problem(tmp_path: Path) -> None:
    rows = "a@b.example,ID\nb@b.example,x\nc@b.example,id\n"
    people = read(tmp_path, f"userPrincipalName,objectId\n{rows}").people
    assert [bool(person.problem) for person in people] == [True, False, True]
    assert people[0].problem
    assert "Rows 2 and 4 are the same person" in people[0].problem.text


def test_people_with_one_name_are_all_a_problem_whatever_its_case(tmp_path: Path) -> None:
    people = read(tmp_path, "userPrincipalName\na@b.example\nA@B.EXAMPLE\n").people
    assert [person.problem and person.problem.code for person in people] == ["duplicate-person"] * 2


def test_many_damaged_rows_are_told_in_one_finding(tmp_path: Path) -> None:
    rows = "x@b.example\n" * 40
    population = read(tmp_path, f"userPrincipalName,city\n{rows}")
    (text,) = [f.text for f in population.findings if f.code == "short-row"]
    assert "11 and 30 more" in text


def test_a_file_of_open_quotes_is_refused_soon(tmp_path: Path) -> None:
    rows = 'x@b.example,"y\n' * 5_000
    assert "damaged rows" in refusal(tmp_path, f"userPrincipalName,city\n{rows}").message
