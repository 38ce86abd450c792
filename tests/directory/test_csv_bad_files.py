"""Files of any form and in any state: read as what they are, or refused in one sentence."""

import os
from pathlib import Path

import pytest

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.directory.types import ReadProgress
from sparkwizard.errors import Cancelled, SourceError
from tests.directory.csv_reading import codes, only, read, refusal

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
