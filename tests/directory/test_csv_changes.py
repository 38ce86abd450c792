"""Only what changed is handed out, and whoever follows the changes knows the whole file."""

import tempfile
from hashlib import blake2b
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.directory import csv_seen
from sparkwizard.directory.csv_changes import read_csv_changes
from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.directory.types import Changes
from sparkwizard.provisioning.types import Person

HEADER = "userPrincipalName,displayName,objectId,accountEnabled\n"


def row(number: int, name: str = "A", upn: str = "") -> str:
    return f"{upn or f'p{number}@contoso.example'},{name},id-{number},True\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def seen(file: Path, *rows: str, header: str = HEADER, since: bytes = b"") -> Changes:
    file.write_text(header + "".join(rows), encoding="utf-8", newline="")
    return read_csv_changes(file, since)


def ids(changes: Changes) -> list[str]:
    return [person.source_id for person in changes.population.people]


def test_the_first_look_hands_out_everybody(file: Path) -> None:
    changes = seen(file, row(1), row(2))
    assert changes.everything
    assert ids(changes) == ["id-1", "id-2"]


def test_the_next_look_hands_out_who_changed_who_is_new_and_who_left(file: Path) -> None:
    first = seen(file, row(1), row(2), row(3))
    changes = seen(file, row(1), row(2, "B"), row(4), since=first.watermark)
    assert not changes.everything
    assert ids(changes) == ["id-2", "id-4"]
    assert [person.row for person in changes.population.people] == [3, 4]
    assert changes.removed == {"id-3"}


def test_the_order_of_rows_is_no_change(file: Path) -> None:
    first = seen(file, row(1), row(2), row(3))
    changes = seen(file, row(3), row(1), row(2), since=first.watermark)
    assert (ids(changes), changes.removed) == ([], frozenset())


def test_another_header_hands_out_everybody(file: Path) -> None:
    first = seen(file, row(1))
    other = HEADER.replace("displayName", "surname")
    assert seen(file, row(1), header=other, since=first.watermark).everything


def test_a_watermark_that_is_none_hands_out_everybody(file: Path) -> None:
    assert seen(file, row(1), since=b"something else").everything


def test_people_who_are_asked_for_are_handed_out_unchanged_or_are_not_there(file: Path) -> None:
    first = seen(file, row(1), row(2))
    changes = read_csv_changes(file, first.watermark, {"id-2", "id-9"})
    assert ids(changes) == ["id-2"]
    assert changes.population.people[0].row == 3


def test_a_row_that_is_there_twice_makes_both_a_problem(file: Path) -> None:
    first = seen(file, row(1), row(2))
    changes = seen(file, row(1), row(2), row(1, "B"), since=first.watermark)
    assert [(p.source_id, bool(p.problem)) for p in changes.population.people] == [
        ("id-1", True),
        ("id-1", True),
    ]
    assert changes.removed == frozenset()


def test_two_ids_with_one_name_are_a_problem_also_where_one_of_them_is_old(file: Path) -> None:
    first = seen(file, row(1), row(2))
    changes = seen(file, row(1), row(2), row(3, upn="P1@contoso.example"), since=first.watermark)
    assert {p.source_id for p in changes.population.people if p.problem} == {"id-1", "id-3"}


def test_a_damaged_row_makes_the_changes_incomplete(file: Path) -> None:
    first = seen(file, row(1), row(2))
    changes = seen(file, row(1), 'x,"never closed,id-9,True\n', since=first.watermark)
    assert not changes.population.complete


def test_a_file_without_people_is_incomplete(file: Path) -> None:
    first = seen(file, row(1), row(2))
    assert not seen(file, since=first.watermark).population.complete


def test_cells_over_several_lines_are_followed_too(file: Path) -> None:
    several = 'p9@contoso.example,"two\nlines",id-9,True\n'
    first = seen(file, row(1), several)
    changes = seen(file, row(1, "B"), several, since=first.watermark)
    assert not changes.everything
    assert ids(changes) == ["id-1"]


def test_a_problem_in_a_changed_row_names_the_line_of_the_file(file: Path) -> None:
    first = seen(file, row(1), row(2), row(3))
    short = "p3@contoso.example,C\n"
    changes = seen(file, row(1), row(2), short, since=first.watermark)
    problem = next(p.problem for p in changes.population.people if p.problem)
    assert problem.text.startswith("Row 4 ")


def test_who_shared_an_id_with_a_row_that_went_is_handed_out_and_has_not_left(file: Path) -> None:
    first = seen(file, row(1), row(1, upn="other@contoso.example"), row(2))
    changes = seen(file, row(1), row(2), since=first.watermark)
    assert (ids(changes), changes.removed) == (["id-1"], frozenset())


def test_a_row_that_is_copied_makes_both_a_problem(file: Path) -> None:
    first = seen(file, row(1), row(2))
    changes = seen(file, row(1), row(2), row(1), since=first.watermark)
    assert [p.source_id for p in changes.population.people if p.problem] == ["id-1", "id-1"]


def _as_written_before(*rows: str) -> bytes:
    def digest(line: str) -> bytes:
        return blake2b(line.rstrip("\n").encode(), digest_size=16).digest()

    ids = [line.split(",")[2] for line in rows]
    names = [line.split(",")[0].casefold() for line in rows]
    digests = b"".join(map(digest, rows))
    return msgspec.msgpack.encode(["line", digest(HEADER), digests, ids, names, 1])


def test_a_watermark_of_the_format_before_still_tells_who_changed(file: Path) -> None:
    before = _as_written_before(row(1), row(2), row(3))
    changes = seen(file, row(1), row(2, "B"), since=before)
    assert not changes.everything
    assert ids(changes) == ["id-2"]
    assert changes.removed == {"id-3"}
    again = seen(file, row(1, "C"), row(2, "B"), since=changes.watermark)
    assert not again.everything
    assert (ids(again), again.removed) == (["id-1"], frozenset())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_that_come_go_move_and_change_in_a_large_file_are_all_found(
    file: Path, end: str
) -> None:
    rows = [row(at).replace("\n", end) for at in range(3_000)]
    first = seen(file, *rows, header=HEADER.replace("\n", end))
    rows[17], rows[2_900] = rows[2_900], rows[17]
    rows[1_500:1_500] = [rows.pop(40), row(9_001).replace("\n", end)]
    rows[2_000] = rows[2_000].replace(",A,", ",B,")
    gone = rows.pop(700)
    changes = seen(file, *rows, header=HEADER.replace("\n", end), since=first.watermark)
    assert not changes.everything
    assert set(ids(changes)) == {"id-9001", rows[1_999].split(",")[2]}
    assert changes.removed == {gone.split(",")[2]}


def test_a_row_more_or_less_changes_no_other_block(file: Path) -> None:
    rows = [row(at) for at in range(3_000)]
    before = _blocks(seen(file, *rows).watermark)
    rows.insert(1_000, row(9_001))
    after = _blocks(seen(file, *rows).watermark)
    assert len(before) > 10
    assert len(before - after) == 1


def _blocks(watermark: bytes) -> set[bytes]:
    read = csv_seen.decoded(watermark)
    assert read
    return {block.digest for block in read.blocks}


PEOPLE = st.dictionaries(
    st.integers(0, 12),
    st.tuples(st.sampled_from(["A", "B", '"C, C"', '"two\nlines"']), st.integers(0, 14)),
    max_size=8,
)


@given(states=st.lists(PEOPLE, min_size=2, max_size=5), end=st.sampled_from(["\n", "\r\n", ""]))
def test_whoever_follows_the_changes_knows_the_whole_file(
    states: list[dict[int, tuple[str, int]]], end: str
) -> None:
    # every other row ends its block, so that small files have several
    with tempfile.TemporaryDirectory() as folder, patch.object(csv_seen, "_GOES_ON", 1):
        file = Path(folder) / "people.csv"
        known: dict[str, Person] = {}
        since = b""
        last: tuple[Person, ...] = ()
        for state in states:
            rows = [
                f"p{name}@contoso.example,{shown},id-{number},True"
                for number, (shown, name) in state.items()
            ]
            text = (end or "\n").join((HEADER.strip(), *rows)) + end
            file.write_bytes(text.encode())
            # who has a problem is asked for again, as cycles do
            changes = read_csv_changes(file, since, {p.source_id for p in last if p.problem})
            whole = read_csv_people(file)
            if not changes.population.complete:
                assert not whole.complete
                continue
            since, last = changes.watermark, whole.people
            known = {} if changes.everything else known
            for gone in changes.removed:
                known.pop(gone, None)
            known |= {person.source_id: person for person in changes.population.people}
            expected = {p.source_id: dict(p.attributes) for p in whole.people}
            assert {one: dict(person.attributes) for one, person in known.items()} == expected
            handed = {p.source_id for p in changes.population.people if p.problem}
            assert {p.source_id for p in whole.people if p.problem} == handed
