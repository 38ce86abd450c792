"""Whatever stands in a table: it reads back, and what is cut is never complete."""

import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sparkwizard.directory import csv_text
from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.errors import SourceError
from tests.directory.csv_reading import read
from tests.examples import examples

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
