"""Read from a CSV file only what changed since it was seen last.

A watermark holds a digest of every line with the source id it was read as. Lines that are as they
were need no reading: a file of 100,000 people with ten new lines takes a tenth of the time. Where
lines are not rows (a cell over several lines, UTF-16), or a changed one has anything to do with
another, everything is read, and digests of whole people tell who changed.
"""

import io
import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import structs

from sparkwizard.directory.csv_file import read_csv_people, read_opened
from sparkwizard.directory.csv_text import OpenedText, open_text
from sparkwizard.directory.types import Changes, OnReadProgress
from sparkwizard.provisioning.types import Person, Population

__all__ = ["read_csv_changes"]

FORMAT = 1
SIZE = 16
"""Bytes of a digest."""
FEW = 200
"""Up to how many changed lines are read on their own."""
_BOM = b"\xef\xbb\xbf"


class _Seen(msgspec.Struct, array_like=True):
    """Hold a file as it was seen: how it was digested, its header, and every row of it.

    ``ids`` and ``names`` (userPrincipalNames, case-folded) stand beside the digests.
    """

    by: str = ""
    header: bytes = b""
    digests: bytes = b""
    ids: list[str] = []
    names: list[str] = []
    version: int = FORMAT

    def table(self) -> dict[bytes, int]:
        """Return the place of each digest."""
        return {digest: place for place, digest in enumerate(_cut(self.digests))}


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
    seen = _decoded(since)
    with open_text(path) as opened:
        rows = _Rows.of(opened)
        if (
            rows
            and seen
            and (seen.by, seen.header) == ("line", rows.header_digest)
            and (changes := _few(path, opened, rows, seen, set(also)))
        ):
            return changes
        changes = _all(path, rows, seen, set(also), on_progress)
        complete = changes.population.complete and not opened.changed()
        return replace(changes, population=replace(changes.population, complete=complete))


def _decoded(since: bytes) -> _Seen | None:
    try:
        seen = msgspec.msgpack.decode(since, type=_Seen)
    except msgspec.DecodeError:
        return None
    whole = len(seen.digests) == SIZE * len(seen.ids) and len(seen.names) == len(seen.ids)
    return seen if seen.version == FORMAT and whole else None


def _cut(digests: bytes) -> Iterable[bytes]:
    return (one for (one,) in struct.iter_unpack(f"{SIZE}s", digests))


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=SIZE).digest()


# -- lines ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rows:
    """Hold a file of which every line is one row: the lines, the first being the header."""

    data: bytes
    lines: list[bytes]
    digests: list[bytes]

    @classmethod
    def of(cls, opened: OpenedText) -> "_Rows | None":
        """Read the file's bytes; None where a line may be no row, or two are the same."""
        if opened.encoding != "utf-8-sig":
            return None
        data = opened.path.read_bytes().removeprefix(_BOM)
        lone = data.count(b"\r") != data.count(b"\r\n")
        if lone or b"\0" in data or not data.endswith(b"\n") or data[:1].isspace():
            return None
        lines = data.split(b"\n")
        lines.pop()
        if b'"' in data and any(line.count(b'"') % 2 for line in lines):
            return None
        if lines[0].strip().lower().startswith((b"sep=", b'"sep=')):
            return None
        digests = [_digest(line) for line in lines[1:]]
        same = len(set(digests)) != len(digests)
        return None if same or not digests else cls(data, lines, digests)

    @property
    def header_digest(self) -> bytes:
        return _digest(self.lines[0])

    def watermark(self, ids: list[str], names: list[str]) -> bytes:
        """Return the watermark, given source id and name of each line after the header."""
        seen = _Seen("line", self.header_digest, b"".join(self.digests), ids, names)
        return msgspec.msgpack.encode(seen)


def _few(
    path: Path, opened: OpenedText, rows: _Rows, seen: _Seen, also: set[str]
) -> Changes | None:
    """Return the changes from the changed lines alone, None where they are not enough."""
    known = seen.table()
    old = [known.pop(digest, -1) for digest in rows.digests]
    new = [at for at, place in enumerate(old) if place < 0]
    if len(new) > FEW:
        return None
    gone = {seen.ids[place] for place in known.values()} - {""}
    ids = [seen.ids[place] if place >= 0 else "" for place in old]
    names = [seen.names[place] if place >= 0 else "" for place in old]
    asked = [at for at, source_id in enumerate(ids) if source_id in also] if also else []
    people = _read_lines(path, rows, sorted((*new, *asked)))
    if people is None:
        return None
    by_line = {person.row - 2: person for person in people.people}
    changed = [by_line[at] for at in new if at in by_line]
    if _met_elsewhere(changed, ids, names):
        return None
    for at in new:
        if person := by_line.get(at):
            ids[at], names[at] = person.source_id, person.user_principal_name.casefold()
    complete = not opened.changed()
    removed = frozenset(gone - {person.source_id for person in changed})
    return Changes(replace(people, complete=complete), rows.watermark(ids, names), removed)


def _read_lines(path: Path, rows: _Rows, places: Sequence[int]) -> Population | None:
    """Read some rows as if they were the file; None where one of them is odd in any way."""
    if not places:
        return Population(())
    text = b"\n".join((rows.lines[0], *(rows.lines[at + 1] for at in places), b""))
    read = read_opened(path, _Held(path, text))
    if not read.complete or any(person.problem for person in read.people):
        return None  # what is said of a row names its line in the file
    people = tuple(structs.replace(one, row=places[one.row - 2] + 2) for one in read.people)
    return replace(
        read, people=people, findings=tuple(f for f in read.findings if f.code != "guests")
    )


def _met_elsewhere(changed: Sequence[Person], ids: list[str], names: list[str]) -> bool:
    """Return whether somebody of a changed line is on another line too, by id or by name."""
    if not changed:
        return False
    mine = [person.user_principal_name.casefold() for person in changed]
    own = {person.source_id for person in changed}
    if len(set(mine)) < len(mine) or len(own) < len(mine):
        return True
    return not own.isdisjoint(ids) or not set(mine).isdisjoint(names)


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
    seen: _Seen | None,
    also: set[str],
    on_progress: OnReadProgress | None,
) -> Changes:
    """Read everybody, and tell apart who changed where the watermark allows it."""
    read = read_csv_people(path, on_progress=on_progress)
    now = _seen_now(rows, read)
    watermark = msgspec.msgpack.encode(now)
    if seen is None or (seen.by, seen.header) != (now.by, now.header):
        return Changes(read, watermark, everything=True)
    known = dict(zip(_cut(seen.digests), seen.ids, strict=True))
    here = dict(zip(_cut(now.digests), now.ids, strict=True))
    changed = {one for digest, one in here.items() if digest not in known}
    # whose other row went is looked at again
    again = {one for digest, one in known.items() if digest not in here}
    looked_at = changed | again | also
    people = tuple(one for one in read.people if one.source_id in looked_at or one.problem)
    gone = again - {person.source_id for person in read.people} - {""}
    return Changes(replace(read, people=people), watermark, frozenset(gone))


def _seen_now(rows: _Rows | None, read: Population) -> _Seen:
    """Return the file as it is seen now, by its lines where they are rows."""
    at = _by_line(rows, read) if rows else None
    if rows and at is not None:
        people = [at.get(place) for place in range(len(rows.digests))]
        ids = [person.source_id if person else "" for person in people]
        names = [person.user_principal_name.casefold() if person else "" for person in people]
        return _Seen("line", rows.header_digest, b"".join(rows.digests), ids, names)
    header = _digest("\0".join(read.columns).encode())
    digests = b"".join(_digest(_written(person)) for person in read.people)
    ids = [person.source_id for person in read.people]
    names = [person.user_principal_name.casefold() for person in read.people]
    return _Seen("person", header, digests, ids, names)


def _by_line(rows: _Rows, read: Population) -> dict[int, Person] | None:
    """Return who is on which line; None where the file was another by then."""
    if any(not 2 <= person.row < len(rows.digests) + 2 for person in read.people):
        return None
    return {person.row - 2: person for person in read.people}


def _written(person: Person) -> bytes:
    return msgspec.json.encode((person.source_id, dict(person.attributes)), order="sorted")
