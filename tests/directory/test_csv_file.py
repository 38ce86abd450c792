"""What a CSV file of people says, and what it is not trusted with."""

import csv
import io
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sparkwizard.directory import csv_text
from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.directory.guest_names import presented_user_principal_name
from sparkwizard.directory.types import ReadProgress
from sparkwizard.errors import Cancelled, SourceError
from sparkwizard.provisioning.types import Person, Population
from tests.examples import examples

HEADER_2025 = (
    "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,"
    "postalCode,telephoneNumber,mobile,authenticationAlternativePhoneNumber,authenticationEmail,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification"
)
HEADER_2021 = (
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,"
    "accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,"
    "telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,"
    "legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,"
    "identityIssuer,createdDateTime"
)
DOCUMENTED_2025 = HEADER_2025.split(",")
SEEN_2021 = HEADER_2021.split(",")


def read(folder: Path, content: str | bytes, *, name: str = "people.csv") -> Population:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_csv_people(path)


def only(population: Population) -> Person:
    (person,) = population.people
    return person


def codes(population: Population) -> list[str]:
    return [finding.code for finding in population.findings]


def refusal(folder: Path, content: str | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(folder, content)
    assert caught.value.fix
    return caught.value


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


# Files


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    content = f"userPrincipalName{delimiter}city\na@b.example{delimiter}x\n"
    assert only(read(tmp_path, content)).attributes["city"] == "x"


def test_the_separator_line_of_excel_is_obeyed(tmp_path: Path) -> None:
    person = only(read(tmp_path, "sep=;\r\nuserPrincipalName;city\r\na@b.example;x,y\r\n"))
    assert (person.attributes["city"], person.row) == ("x,y", 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_unicode_files_are_read_in_their_encoding(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-be", "utf-16-le") else ""
    content = (mark + "userPrincipalName,displayName\na@b.example,Zoë Łuć 李\n").encode(encoding)
    assert only(read(tmp_path, content)).attributes["displayName"] == "Zoë Łuć 李"


def test_a_latin_1_file_is_refused_with_the_line_and_what_to_do(tmp_path: Path) -> None:
    content = "userPrincipalName,displayName\na@b.example,Al\nc@d.example,Zoë\n".encode("latin-1")
    error = refusal(tmp_path, content)
    assert error.message == "Line 3 of people.csv is not UTF-8 text."
    assert "CSV UTF-8" in error.fix


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n \n", "is empty"),
        (b"PK\x03\x04rest", "is an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "is an Excel workbook"),
        (b"%PDF-1.7", "is a PDF document"),
        (bytes(range(256)) * 9, "is not a text file"),
        ("userPrincipalName".encode("utf-16-le"), "is not a text file"),
        ("userPrincipalName\na@b.example\n".encode("utf-16")[:-1], "is damaged"),
        (b'"userPrincipalName\na@b.example\n', "The first row of people.csv is damaged"),
        (b"userPrincipalName\n" + b"x" * 2_000_000, "is longer than 1,000,000 characters"),
    ],
)
def test_what_is_no_table_of_people_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    assert sentence in refusal(tmp_path, content).message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        read_csv_people(tmp_path / "gone.csv")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        read_csv_people(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(SourceError, match="not a regular file"):
        read_csv_people(tmp_path / "pipe.csv")


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userPrincipalName\na@b.example\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this account may read everything")
    with pytest.raises(SourceError, match="may not read it"):
        read_csv_people(path)


def test_a_file_far_larger_than_any_export_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    with pytest.raises(SourceError, match="larger than 1 GB"):
        read_csv_people(path)


def test_a_header_alone_removes_nobody(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName,city\n")
    assert (population.people, population.complete) == ((), False)
    assert "no-people" in codes(population)


def test_a_file_that_grows_while_it_is_read_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userPrincipalName\na@b.example\n")

    def append(progress: ReadProgress) -> None:
        if progress.fraction == 1:
            with path.open("a") as file:
                file.write("b@b.example\n")

    population = read_csv_people(path, on_progress=append)
    assert not population.complete
    assert "changed-while-read" in codes(population)


def test_a_file_that_is_removed_while_it_is_read_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userPrincipalName\na@b.example\n")
    population = read_csv_people(path, on_progress=lambda _: path.unlink(missing_ok=True))
    assert not population.complete


def test_a_last_line_without_line_end_is_pointed_out(tmp_path: Path) -> None:
    population = read(tmp_path, "userPrincipalName\na@b.example")
    assert population.complete
    assert "no-line-end" in codes(population)


def test_progress_ends_with_everybody(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = (f"p{n}@b.example,{'x' * 100}\n" for n in range(5_000))
    path.write_text("userPrincipalName,displayName\n" + "".join(rows))
    seen: list[ReadProgress] = []
    read_csv_people(path, on_progress=seen.append)
    assert seen[-1] == ReadProgress(5_000, 1.0)
    assert len(seen) == 4


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userPrincipalName\na@b.example\n")

    def stop(_: ReadProgress) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        read_csv_people(path, on_progress=stop)


PRACTICE = Path(__file__).parents[2] / "resources" / "practice" / "company.csv"


def test_the_practice_company_is_read_whole() -> None:
    population = read_csv_people(PRACTICE)
    assert population.complete
    assert len(population.people) >= 50
    assert len({person.source_id for person in population.people}) == len(population.people)


# What always holds

CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12
)
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8)


def written(rows: list[tuple[str, str]], delimiter: str) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(["userPrincipalName", "displayName", "city"])
    writer.writerows((f"p{number}@b.example", *row) for number, row in enumerate(rows))
    return file.getvalue()


@given(
    rows=ROWS,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_table_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    delimiter: str,
    encoding: str,
) -> None:
    folder = tmp_path_factory.mktemp("table")
    population = read(folder, written(rows, delimiter).encode(encoding))
    assert population.complete
    assert [
        (person.attributes.get("displayName", ""), person.attributes.get("city", ""))
        for person in population.people
    ] == [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]


@given(rows=ROWS, data=st.data())
def test_a_file_cut_inside_a_record_is_never_complete(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    content = written([(first, "x,y") for first, _ in rows], ",").encode()
    header = content.index(b"\r\n") + 2
    cut = data.draw(st.integers(header + 1, len(content) - 1))
    # A cut between records, or just before or after a last cell, can't be seen.
    assume(not content[:cut].endswith((b'x,y"', b'x,y"\r', b'x,y"\r\n')))
    assume(not content[cut:].startswith(b'"x,y"'))
    folder = tmp_path_factory.mktemp("cut")
    try:
        population = read(folder, content[:cut])
    except SourceError:
        return
    assert not population.complete


ODD = st.text(st.sampled_from('ab1,;"\r\n\0 \té#EXT#_@TrueFals'), max_size=9)
ODD_LINES = st.lists(
    st.one_of(
        st.tuples(ODD, ODD, ODD, ODD).map(",".join),
        st.integers(0, 9).map(lambda n: f"p{n}@b.example,id-{n},True,Oslo"),
        st.integers(0, 9).map(lambda n: f'p{n}_c.example#EXT#@b.example, ID-{n} ,false,"Oslo, x"'),
        ODD,
    ),
    max_size=9,
)


@given(lines=ODD_LINES, end=st.sampled_from(["\n", "\r\n", "\r"]), piece=st.integers(1, 200))
@settings(max_examples=examples(300))
def test_many_rows_at_once_are_read_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, piece: int
) -> None:
    path = tmp_path_factory.mktemp("odd") / "people.csv"
    header = "userPrincipalName,objectId,accountEnabled,city"
    path.write_text(end.join((header, *lines, "")), encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_text, "PIECE", piece)
        at_once = read_csv_people(path)
        patch.setattr(csv_text.Table, "_columns", lambda _table, _text: ())
        assert at_once == read_csv_people(path)
