"""Read from a CSV file only what changed since it was seen last.

A watermark holds digests of the file's lines, in blocks, with the source id each line was read as
(``csv_seen``). Lines that are as they were need no reading: a file of 100,000 people with ten new
lines takes a tenth of the time. Where lines are not rows (a cell over several lines, UTF-16), or a
changed one has anything to do with another, everything is read, and digests of whole people tell
who changed.
"""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sparkwizard.directory.csv_file import read_csv_people, read_opened
from sparkwizard.directory.csv_seen import (
    BY_LINE,
    BY_PERSON,
    Block,
    Seen,
    block_end,
    decoded,
    digest_of,
    digest_of_all,
    marks_of,
    single_marks,
)
from sparkwizard.directory.opened_text import OpenedText, open_text
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


class _Rows(msgspec.Struct):
    """Hold a file of which every line is one row, as far as was looked: header and other lines."""

    header: bytes
    body: bytes

    @classmethod
    def of(cls, opened: OpenedText) -> "_Rows | None":
        """Read the file's bytes; None where its lines can't be rows."""
        if opened.encoding != "utf-8-sig":
            return None
        data = opened.path.read_bytes().removeprefix(_BOM)
        header, _, body = data.partition(b"\n")
        if not body.endswith(b"\n") or data[:1].isspace() or _lines_in(header + b"\n") is None:
            return None
        told = header.strip().lower().startswith((b"sep=", b'"sep='))
        return None if told else cls(header, body)

    @property
    def header_digest(self) -> bytes:
        return digest_of(self.header)


def _lines_in(text: bytes) -> list[bytes] | None:
    """Return the lines of a text of whole ones; None where one of them may be no row."""
    lone = b"\r" in text and text.count(b"\r") != text.count(b"\r\n")
    if lone or b"\0" in text:
        return None
    lines = text.split(b"\n")
    lines.pop()
    odd = b'"' in text and any(line.count(b'"') % 2 for line in lines)
    return None if odd else lines


class _Part(msgspec.Struct, frozen=True):
    """Hold a block of the file: its bytes and its lines by their places, and what it was."""

    start: int
    end: int
    places: range
    digest: bytes
    old: Block | None


def _parts(body: bytes, seen: Sequence[Block]) -> Iterator[_Part]:
    """Cut a file into blocks, those that were seen before first of all where they were.

    Behind a block comes the one that came before: its digest tells. Only where it does not, the
    lines tell where the block ends.
    """
    left = {block.digest: at for at, block in enumerate(seen)}
    view = memoryview(body)
    start = place = expected = 0
    while start < len(body):
        end = start + (seen[expected].size if expected < len(seen) else 0)
        digest = digest_of_all(view[start:end])
        if end == start or left.get(digest) != expected:
            end = block_end(body, start)
            digest = digest_of_all(view[start:end])
        at = left.pop(digest, None)
        old = None if at is None else seen[at]
        number = body.count(b"\n", start, end) if old is None else len(old)
        yield _Part(start, end, range(place, place + number), digest, old)
        expected = (expected if at is None else at) + 1
        start, place = end, place + number


class _Compared(msgspec.Struct):
    """Hold which lines were seen before: whole blocks of them, and some within other blocks.

    ``lines`` and ``digests`` are of the lines of other blocks by their place, ``known`` id and
    marks of those seen before. ``gone`` are the ids of lines that are there no more.
    """

    rows: _Rows
    parts: list[_Part]
    lines: dict[int, bytes]
    digests: dict[int, bytes]
    known: dict[int, tuple[str, bytes]]
    gone: set[str]

    @classmethod
    def of(cls, rows: _Rows, seen: Seen) -> "_Compared | None":
        """Compare; None where a line that is not as it was may be no row."""
        parts = list(_parts(rows.body, seen.blocks))
        lines: dict[int, bytes] = {}
        for part in (part for part in parts if not part.old):
            found = _lines_in(rows.body[part.start : part.end])
            if found is None:
                return None
            lines.update(zip(part.places, found, strict=True))
        here = {part.digest for part in parts if part.old}
        before: dict[bytes, tuple[str, bytes]] = {}
        for block in (block for block in seen.blocks if block.digest not in here):
            theirs = zip(block.people(), block.marks_each(), strict=True)
            before.update(zip(block.digests(), theirs, strict=True))
        digests = {at: digest_of(line) for at, line in lines.items()}
        known = {at: before.pop(digest) for at, digest in digests.items() if digest in before}
        gone = {source_id for source_id, _ in before.values()} - {""}
        return cls(rows, parts, lines, digests, known, gone)

    def new(self) -> list[int]:
        """Return the places of lines that were not seen before."""
        return [at for at in self.digests if at not in self.known]

    def lines_of(self, people: Collection[str]) -> Iterable[tuple[int, bytes]]:
        """Return those lines seen before that were read as one of these people, with places."""
        if not people:
            return
        for part in (part for part in self.parts if part.old):
            ids = part.old.people() if part.old else ()
            wanted = [at for at, one in enumerate(ids) if one in people]
            lines = self.rows.body[part.start : part.end].split(b"\n") if wanted else []
            yield from ((part.places[at], lines[at]) for at in wanted)
        yield from ((at, self.lines[at]) for at, (one, _) in self.known.items() if one in people)

    def met(self, people: Iterable[tuple[str, str]]) -> bool:
        """Return whether lines that were seen before may have one of these ids or names."""
        marks = {mark for one in people for mark in single_marks(marks_of(*one))}
        kept = (part.old.marks for part in self.parts if part.old)
        here = b"".join((*kept, *(one for _, one in self.known.values())))
        return not marks.isdisjoint(single_marks(here))

    def watermark(self, read: Mapping[int, Person]) -> bytes:
        """Return how the file is seen now; ``read`` are the people of new lines."""
        whose = self.known | {at: _whose(read.get(at)) for at in self.new()}
        blocks = [part.old or _block(part, self.digests, whose) for part in self.parts]
        return Seen.of(BY_LINE, self.rows.header_digest, blocks).watermark()


def _whose(person: Person | None) -> tuple[str, bytes]:
    """Return id and marks of a line that was read."""
    source_id, name = _named(person) if person else ("", "")
    return source_id, marks_of(source_id, name)


def _named(person: Person) -> tuple[str, str]:
    return person.source_id, person.user_principal_name.casefold()


def _block(
    part: _Part,
    digests: Mapping[int, bytes] | Sequence[bytes],
    whose: Mapping[int, tuple[str, bytes]],
) -> Block:
    ids, marks = zip(*(whose[at] for at in part.places), strict=True)
    size = part.end - part.start
    return Block.of(part.digest, (digests[at] for at in part.places), ids, marks, size)


def _few(path: Path, opened: OpenedText, rows: _Rows, seen: Seen, also: set[str]) -> Changes | None:
    """Return the changes from the changed lines alone, None where they are not enough."""
    compared = _Compared.of(rows, seen)
    if compared is None or len(new := compared.new()) > FEW:
        return None
    lines = {at: compared.lines[at] for at in new} | dict(compared.lines_of(also))
    people = _read_lines(path, rows.header, dict(sorted(lines.items())))
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


def _read_lines(path: Path, header: bytes, lines: Mapping[int, bytes]) -> Population | None:
    """Read some rows as if they were the file; None where one of them is odd in any way."""
    if not lines:
        return Population(())
    text, places = b"\n".join((header, *lines.values(), b"")), list(lines)
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
    """Return who is on which line; None where lines are no rows, or two are the same."""
    lines = _lines_in(rows.body)
    digests = list(map(digest_of, lines or ()))
    people = {person.row - 2: person for person in read.people}
    places = range(len(digests))
    if not lines or len(set(digests)) < len(digests) or any(at not in places for at in people):
        return None  # a place beyond: the file was another by then
    whose = {at: _whose(people.get(at)) for at in places}
    blocks = [_block(part, digests, whose) for part in _parts(rows.body, ())]
    return Seen.of(BY_LINE, rows.header_digest, blocks)


def _written(person: Person) -> bytes:
    return msgspec.json.encode((person.source_id, dict(person.attributes)), order="sorted")
