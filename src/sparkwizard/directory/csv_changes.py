"""Read from a CSV file only what changed since it was seen last.

A watermark holds digests of the file's lines, in blocks, with the source id each line was read as
(``csv_seen``). Lines that are as they were need no reading: a file of 100,000 people with ten new
lines takes a tenth of the time. Where lines are not rows (a cell over several lines, UTF-16), or a
changed one has anything to do with another, everything is read, and digests of whole people tell
who changed.
"""

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path

import msgspec

from sparkwizard.directory.csv_file import read_csv_people, read_opened
from sparkwizard.directory.csv_seen import (
    BY_LINE,
    BY_PERSON,
    Block,
    Seen,
    cut,
    decoded,
    digest_of,
    digest_of_all,
    marks_of,
    single_marks,
)
from sparkwizard.directory.csv_text import OpenedText, open_text
from sparkwizard.directory.types import Changes, OnReadProgress
from sparkwizard.provisioning.types import Person, Population
from sparkwizard.values import replace

__all__ = ["read_csv_changes"]

FEW = 200
"""Up to how many changed lines are read on their own."""
_BOM = b"\xef\xbb\xbf"


def read_csv_changes(
    path: Path,
    since: bytes,
    also: Collection[str] = (),
    *,
    on_progress: OnReadProgress | None = None,
) -> Changes:
    """Read what changed since ``since``, and the people of ``also``. Blocks: call it in a thread.

    Raises as ``read_csv_people`` does.
    """
    seen = decoded(since)
    with open_text(path) as opened:
        rows = _Rows.of(opened)
        if (
            rows
            and seen
            and (seen.by, seen.header) == (BY_LINE, rows.header_digest)
            and (changes := _few(path, opened, rows, seen, set(also)))
        ):
            return changes
        changes = _all(path, rows, seen, set(also), on_progress)
        complete = changes.population.complete and not opened.changed()
        return replace(changes, population=replace(changes.population, complete=complete))


# -- lines ----------------------------------------------------------------------------------------


class _Rows(msgspec.Struct, dict=True):
    """Hold a file of which every line is one row: the header, the other lines, and their blocks."""

    header: bytes
    lines: list[bytes]

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        return cut(self.lines)

    @classmethod
    def of(cls, opened: OpenedText) -> "_Rows | None":
        """Read the file's bytes; None where a line may be no row."""
        if opened.encoding != "utf-8-sig":
            return None
        data = opened.path.read_bytes().removeprefix(_BOM)
        lone = b"\r" in data and data.count(b"\r") != data.count(b"\r\n")
        if lone or b"\0" in data or not data.endswith(b"\n") or data[:1].isspace():
            return None
        header, *lines = data.split(b"\n")
        lines.pop()
        if b'"' in data and any(line.count(b'"') % 2 for line in (header, *lines)):
            return None
        if header.strip().lower().startswith((b"sep=", b'"sep=')):
            return None
        return cls(header, lines) if lines else None

    @property
    def header_digest(self) -> bytes:
        return digest_of(self.header)

    def in_block(self, block: tuple[int, int]) -> list[bytes]:
        return self.lines[slice(*block)]


class _Compared(msgspec.Struct):
    """Hold which lines were seen before: whole blocks of them, and some within other blocks.

    ``kept`` are the blocks that are as they were, None for others, of whose lines ``digests`` holds
    each one's by its place, and ``known`` id and marks of those seen before. ``gone`` are the ids
    of lines that are there no more.
    """

    rows: _Rows
    by_block: list[bytes]
    kept: list[Block | None]
    digests: dict[int, bytes]
    known: dict[int, tuple[str, bytes]]
    gone: set[str]

    @classmethod
    def of(cls, rows: _Rows, seen: Seen) -> "_Compared":
        by_block = [digest_of_all(rows.in_block(block)) for block in rows.blocks]
        before = {block.digest: block for block in seen.blocks}
        kept = [before.pop(digest, None) for digest in by_block]
        lines: dict[bytes, tuple[str, bytes]] = {}
        for block in before.values():
            theirs = zip(block.people(), block.marks_each(), strict=True)
            lines.update(zip(block.digests(), theirs, strict=True))
        others = [range(*block) for block, old in zip(rows.blocks, kept, strict=True) if not old]
        digests = {at: digest_of(rows.lines[at]) for at in chain.from_iterable(others)}
        known = {at: lines.pop(digest) for at, digest in digests.items() if digest in lines}
        gone = {source_id for source_id, _ in lines.values()} - {""}
        return cls(rows, by_block, kept, digests, known, gone)

    def new(self) -> list[int]:
        """Return the places of lines that were not seen before."""
        return [at for at in self.digests if at not in self.known]

    def places_of(self, people: Collection[str]) -> Iterable[int]:
        """Return the places of those lines seen before that were read as one of these people."""
        if not people:
            return
        for (start, _), block in zip(self.rows.blocks, self.kept, strict=True):
            ids = block.people() if block else ()
            yield from (at for at, one in enumerate(ids, start) if one in people)
        yield from (at for at, (one, _) in self.known.items() if one in people)

    def met(self, people: Iterable[tuple[str, str]]) -> bool:
        """Return whether lines that were seen before may have one of these ids or names."""
        marks = {mark for one in people for mark in single_marks(marks_of(*one))}
        here = (
            *(block.marks for block in self.kept if block),
            *(m for _, m in self.known.values()),
        )
        return not marks.isdisjoint(single_marks(b"".join(here)))

    def watermark(self, read: Mapping[int, Person]) -> bytes:
        """Return how the file is seen now; ``read`` are the people of new lines."""
        whose = self.known | {at: _whose(read.get(at)) for at in self.new()}
        blocks = [
            old or _block(digest, range(*block), self.digests, whose)
            for digest, block, old in zip(self.by_block, self.rows.blocks, self.kept, strict=True)
        ]
        return Seen.of(BY_LINE, self.rows.header_digest, blocks).watermark()


def _whose(person: Person | None) -> tuple[str, bytes]:
    """Return id and marks of a line that was read."""
    source_id, name = _named(person) if person else ("", "")
    return source_id, marks_of(source_id, name)


def _named(person: Person) -> tuple[str, str]:
    return person.source_id, person.user_principal_name.casefold()


def _block(
    digest: bytes,
    places: Iterable[int],
    digests: Mapping[int, bytes] | Sequence[bytes],
    whose: Mapping[int, tuple[str, bytes]],
) -> Block:
    ids, marks = zip(*(whose[at] for at in places), strict=True)
    return Block.of(digest, (digests[at] for at in places), ids, marks)


def _few(path: Path, opened: OpenedText, rows: _Rows, seen: Seen, also: set[str]) -> Changes | None:
    """Return the changes from the changed lines alone, None where they are not enough."""
    compared = _Compared.of(rows, seen)
    new = compared.new()
    if len(new) > FEW:
        return None
    people = _read_lines(path, rows, sorted((*new, *compared.places_of(also))))
    if people is None:
        return None
    by_line = {person.row - 2: person for person in people.people}
    changed = [_named(by_line[at]) for at in new if at in by_line]
    ids, names = ({one[which] for one in changed} for which in (0, 1))
    removed = frozenset(compared.gone - ids)
    if min(len(ids), len(names)) < len(changed):
        return None
    # whoever is on another line too is a matter of both lines
    if compared.met((*changed, *((one, one) for one in removed))):
        return None
    complete = not opened.changed()
    return Changes(replace(people, complete=complete), compared.watermark(by_line), removed)


def _read_lines(path: Path, rows: _Rows, places: Sequence[int]) -> Population | None:
    """Read some rows as if they were the file; None where one of them is odd in any way."""
    if not places:
        return Population(())
    text = b"\n".join((rows.header, *(rows.lines[at] for at in places), b""))
    read = read_opened(path, _Held(path, text))
    if not read.complete or any(person.problem for person in read.people):
        return None  # what is said of a row names its line in the file
    people = tuple(replace(one, row=places[one.row - 2] + 2) for one in read.people)
    return replace(
        read, people=people, findings=tuple(f for f in read.findings if f.code != "guests")
    )


class _Held(OpenedText):
    """Hold text in memory as if it were a file that nobody else writes."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.encoding = "utf-8-sig"
        self.text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")

    def changed(self) -> bool:
        return False


# -- everybody ------------------------------------------------------------------------------------


def _all(
    path: Path,
    rows: _Rows | None,
    seen: Seen | None,
    also: set[str],
    on_progress: OnReadProgress | None,
) -> Changes:
    """Read everybody, and tell apart who changed where the watermark allows it."""
    read = read_csv_people(path, on_progress=on_progress)
    now = _seen_now(rows, read)
    watermark = now.watermark()
    if seen is None or (seen.by, seen.header) != (now.by, now.header):
        return Changes(read, watermark, everything=True)
    known, here = seen.by_digest(), now.by_digest()
    changed = {one for digest, one in here.items() if digest not in known}
    # whose other row went is looked at again
    again = {one for digest, one in known.items() if digest not in here}
    looked_at = changed | again | also
    people = tuple(one for one in read.people if one.source_id in looked_at or one.problem)
    gone = again - {person.source_id for person in read.people} - {""}
    return Changes(replace(read, people=people), watermark, frozenset(gone))


def _seen_now(rows: _Rows | None, read: Population) -> Seen:
    """Return the file as it is seen now, by its lines where they are rows."""
    if rows and (by_line := _seen_by_line(rows, read)):
        return by_line
    header = digest_of("\0".join(read.columns).encode())
    digests = (digest_of(_written(person)) for person in read.people)
    block = Block.of(b"", digests, (person.source_id for person in read.people))
    return Seen.of(BY_PERSON, header, [block])


def _seen_by_line(rows: _Rows, read: Population) -> Seen | None:
    """Return who is on which line; None where two are the same, or the file was another by then."""
    digests = list(map(digest_of, rows.lines))
    people = {person.row - 2: person for person in read.people}
    places = range(len(digests))
    if len(set(digests)) < len(digests) or any(at not in places for at in people):
        return None
    whose = {at: _whose(people.get(at)) for at in places}
    blocks = [
        _block(digest_of_all(rows.in_block(block)), range(*block), digests, whose)
        for block in rows.blocks
    ]
    return Seen.of(BY_LINE, rows.header_digest, blocks)


def _written(person: Person) -> bytes:
    return msgspec.json.encode((person.source_id, dict(person.attributes)), order="sorted")
