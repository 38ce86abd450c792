"""CSV files that no spreadsheet program takes for a program."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.directory.csv_safe import csv_text, safe_cell, write_csv


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


@given(st.text())
def test_no_cell_starts_a_formula(text: str) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text(max_size=20))
def test_any_text_can_be_written(text: str) -> None:
    assert csv_text(["name"], [[text]]).encode().startswith(b"name\r\n")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_written_cell_keeps_its_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "report.csv"
    write_csv(path, ["name"], [["x", text]])
    assert table(path)[1][1].removeprefix("'") == text.removeprefix("'")


def test_a_formula_becomes_text(tmp_path: Path) -> None:
    write_csv(tmp_path / "report.csv", ["=name"], [["=HYPERLINK(1)", "+49", "-1", "@x", "\tx"]])
    assert table(tmp_path / "report.csv") == [
        ["'=name"],
        ["'=HYPERLINK(1)", "'+49", "'-1", "'@x", "'\tx"],
    ]


def test_no_value_is_an_empty_cell(tmp_path: Path) -> None:
    write_csv(tmp_path / "report.csv", ["a", "b"], [[None, 4]])
    assert table(tmp_path / "report.csv")[1] == ["", "4"]


def test_excel_is_told_that_it_is_utf_8(tmp_path: Path) -> None:
    write_csv(tmp_path / "report.csv", ["name"], [["Zoë"]])
    assert (tmp_path / "report.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX")
def test_only_its_owner_may_read_a_report(tmp_path: Path) -> None:
    write_csv(tmp_path / "report.csv", ["name"], [])
    assert (tmp_path / "report.csv").stat().st_mode & 0o777 == 0o600


def test_a_report_that_breaks_off_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    write_csv(path, ["old"], [])

    def rows() -> Iterator[list[str]]:
        yield ["x"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(path, ["new"], rows())
    assert table(path) == [["old"]]
    assert list(tmp_path.iterdir()) == [path]
