"""Read from a CSV file only what changed since it was seen last.

A watermark holds a digest of every line with the source id it was read as. Lines that are as they
were need no reading: a file of 100,000 people with ten new lines takes a tenth of the time. Where
lines are not rows (a cell over several lines, UTF-16), or a changed one has anything to do with
another, everything is read, and digests of whole people tell who changed.
"""

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import msgspec

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
    """Hold a file as it was seen: how it was digested, its header, digests, and ids beside them."""

    by: str = ""
    header: bytes = b""
    digests: bytes = b""
    ids: list[str] = []
    version: int = FORMAT

    def table(self) -> dict[bytes, str]:
        """Return the source id of each digest."""
        return dict(zip(_cut(self.digests), self.ids, strict=True))


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
    whole = len(seen.digests) == SIZE * len(seen.ids)
    return seen if seen.version == FORMAT and whole else None


def _cut(digests: bytes) -> Iterable[bytes]:
    return (digests[at : at + SIZE] for at in range(0, len(digests), SIZE))


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

    def watermark(self, ids: list[str]) -> bytes:
        """Return the watermark, given the source id of each line after the header."""
        return _encoded("line", self.header_digest, b"".join(self.digests), ids)


def _encoded(by: str, header: bytes, digests: bytes, ids: list[str]) -> bytes:
    return msgspec.msgpack.encode(_Seen(by, header, digests, ids))


def _few(
    path: Path, opened: OpenedText, rows: _Rows, seen: _Seen, also: set[str]
) -> Changes | None:
    """Return the changes from the changed lines alone, None where they are not enough."""
    known = seen.table()
    ids = [known.get(digest) for digest in rows.digests]
    new = [at for at, source_id in enumerate(ids) if source_id is None]
    if len(new) > FEW:
        return None
    kept = {source_id for source_id in ids if source_id}
    gone = set(known.values()) - kept
    asked = [at for at, source_id in enumerate(ids) if source_id in also] if also else []
    people = _read_lines(path, rows, sorted((*new, *asked)))
    if people is None or _met_elsewhere(people, rows, new, kept):
        return None
    by_line = {person.row: person.source_id for person in people.people}
    told = [by_line.get(at + 2, "") if source_id is None else source_id
            for at, source_id in enumerate(ids)]  # fmt: skip
    complete = not opened.changed()
    removed = frozenset(gone - set(by_line.values()) - {""})
    return Changes(replace(people, complete=complete), rows.watermark(told), removed)


def _read_lines(path: Path, rows: _Rows, places: Sequence[int]) -> Population | None:
    """Read some rows as if they were the file; None where one of them is odd in any way."""
    if not places:
        return Population(())
    text = b"\n".join((rows.lines[0], *(rows.lines[at + 1] for at in places), b""))
    read = read_opened(path, _Held(path, text))
    if not read.complete or any(person.problem for person in read.people):
        return None  # what is said of a row names its line in the file
    people = tuple(replace(one, row=places[one.row - 2] + 2) for one in read.people)
    return replace(
        read, people=people, findings=tuple(f for f in read.findings if f.code != "guests")
    )


def _met_elsewhere(people: Population, rows: _Rows, new: Sequence[int], kept: set[str]) -> bool:
    """Return whether somebody of a changed line may be on another line too."""
    lines = {at + 2: rows.lines[at + 1].lower() for at in new}
    changed = [person for person in people.people if person.row in lines]
    if not changed:
        return False
    everything = rows.data.lower()
    for person in changed:
        name = str(person.attributes.get("originalUserPrincipalName") or "")
        text = name.lower().encode()
        if person.source_id in kept or not name.isascii() or not text:
            return True
        if everything.count(text) != lines[person.row].count(text):
            return True
    return False


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
    lines = rows if rows and len(rows.digests) >= len(read.people) else None
    ids = _ids_by_line(lines, read) if lines else None
    if lines and ids is not None:
        by, header, digests = "line", lines.header_digest, lines.digests
    else:
        by, header = "person", _digest("\0".join(read.columns).encode())
        digests = [_digest(_written(person)) for person in read.people]
        ids = [person.source_id for person in read.people]
    watermark = _encoded(by, header, b"".join(digests), ids)
    if seen is None or (seen.by, seen.header) != (by, header):
        return Changes(read, watermark, everything=True)
    known, now = seen.table(), set(digests)
    changed = {one for digest, one in zip(digests, ids, strict=True) if digest not in known}
    gone = set(known.values()) - {""}
    here = {person.source_id for person in read.people}
    # whose other row went is looked at again
    again = {one for digest, one in known.items() if digest not in now} & here
    people = tuple(
        one for one in read.people
        if one.source_id in changed or one.source_id in also or one.source_id in again
        or one.problem
    )  # fmt: skip
    return Changes(replace(read, people=people), watermark, frozenset(gone - here))


def _ids_by_line(rows: _Rows, read: Population) -> list[str] | None:
    """Return the source id on each line; None where the file was another by then."""
    ids = [""] * len(rows.digests)
    for person in read.people:
        if not 2 <= person.row < len(ids) + 2:
            return None
        ids[person.row - 2] = person.source_id
    return ids


def _written(person: Person) -> bytes:
    return msgspec.json.encode((person.source_id, person.attributes), order="sorted")
