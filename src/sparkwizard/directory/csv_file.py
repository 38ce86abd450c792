"""Read people from a CSV file, as the Entra admin centre's "Download users" writes it.

Columns are found by name, in any order and in either of the two header forms; only
userPrincipalName is needed. What can't be read is told, and makes the population incomplete, so
that nobody is removed for a fault of the file.
"""

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from sys import intern
from typing import Any

import msgspec

from sparkwizard.directory.csv_cells import (
    FALSE,
    ORDINARY_ENABLED,
    ORDINARY_GONE,
    TRUE,
    composed,
    each,
    lowered,
)
from sparkwizard.directory.csv_text import Fault, Piece, Record, Table
from sparkwizard.directory.guest_names import GUEST_MARK, presented_user_principal_name
from sparkwizard.directory.opened_text import OpenedText, open_text
from sparkwizard.directory.row_findings import RowFindings, rows_text
from sparkwizard.directory.types import OnReadProgress, ReadProgress
from sparkwizard.errors import SourceError
from sparkwizard.provisioning.planning.matching import case_folded
from sparkwizard.provisioning.portions import all_differ
from sparkwizard.provisioning.source.attributes import canonical
from sparkwizard.provisioning.source.columns import source_column, source_rows
from sparkwizard.provisioning.types import Person, Population, Reason
from sparkwizard.values import replace

__all__ = ["read_csv_people", "read_opened"]

PROGRESS_EVERY = 2_000

_MAIL = "mail"
_UPN = "userPrincipalName"
_ORIGINAL_UPN = "originalUserPrincipalName"
_OBJECT_ID = "objectId"
_ENABLED = "accountEnabled"
_DELETED = "IsSoftDeleted"
_USER_TYPE = "userType"
_COMPUTED = (_DELETED, _ORIGINAL_UPN)
# Many people have the same values here: one text for all of them saves a third of the memory.
_SHARED = (
    "givenName",
    _USER_TYPE,
    "jobTitle",
    "department",
    "companyName",
    "usageLocation",
    "streetAddress",
    "state",
    "country",
    "physicalDeliveryOfficeName",
    "city",
    "postalCode",
)


def read_csv_people(path: Path, *, on_progress: OnReadProgress | None = None) -> Population:
    """Read every person of a CSV file. Blocks: call it in a thread.

    ``on_progress`` is called at the start, after some 2,000 rows each and at the end; what it
    raises stops the reading. Raises ``SourceError`` where the file is no table of people at all.
    """
    with open_text(path) as opened:
        return read_opened(path, opened, on_progress)


def read_opened(
    path: Path, opened: OpenedText, on_progress: OnReadProgress | None = None
) -> Population:
    """Read every person of an opened file, which ``path`` names; as ``read_csv_people`` does."""
    table = Table(opened)
    columns = _Columns.of(path, next(iter(table), None))
    table.expect(len(columns.names))
    reading = _Reading(columns)
    for piece in _reporting(table.pieces(), opened, reading, on_progress):
        if isinstance(piece, Record):
            reading.add(piece)
        else:
            reading.add_all(piece)
    return reading.population(
        changed=opened.changed(), line_end_missing=not table.ends_with_line_end
    )


def _reporting(
    pieces: Iterator[Piece | Record],
    opened: OpenedText,
    reading: "_Reading",
    on_progress: OnReadProgress | None,
) -> Iterator[Piece | Record]:
    if on_progress is None:
        yield from pieces
        return
    on_progress(ReadProgress(0, 0.0))
    told = 0
    for piece in pieces:
        if len(reading.people) - told >= PROGRESS_EVERY:
            told = len(reading.people)
            on_progress(ReadProgress(told, opened.fraction))
        yield piece
    on_progress(ReadProgress(len(reading.people), 1.0))


class _Columns(msgspec.Struct, frozen=True):
    """Hold the columns of a file by Entra's names; a nameless one is empty and not read."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, header: Record | None) -> "_Columns":
        if header is None:
            raise SourceError(f"{path.name} is empty.", fix="Download the users again.")
        if header.fault:
            raise SourceError(
                f"The first row of {path.name} is damaged, so its columns are unknown.",
                fix="Download the users again.",
            )
        written = [_clean_name(cell) for cell in header.cells]
        names = tuple(intern(_entra_name(name)) for name in written)
        _check_columns(path, names, written)
        return cls(names)

    @property
    def known(self) -> tuple[str, ...]:
        """Return the attributes that people of this file can have."""
        given = [name for name in self.names if name and name not in _COMPUTED]
        return (*given, *_COMPUTED)


def _clean_name(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip().strip("\"'").strip()


def _entra_name(name: str) -> str:
    """Return Entra's name, also for a heading as the admin centre shows it: "Display name"."""
    known = canonical(name)
    if known != name:
        return known
    compact = name.translate({ord(mark): None for mark in " -_"})
    known = canonical(compact)
    return known if known != compact else name


def _check_columns(path: Path, names: tuple[str, ...], written: list[str]) -> None:
    first: dict[str, str] = {}
    for name, heading in zip(names, written, strict=True):
        if name and name in first:
            raise SourceError(
                f"{path.name} has two columns for {name}: “{first[name]}” and “{heading}”.",
                fix="Remove one of them.",
            )
        first[name] = heading
    if _UPN in first:
        return
    shown = ", ".join(f"“{heading[:40]}”" for heading in written[:12] if heading)
    more = f" and {len(written) - 12} more" if len(written) > 12 else ""
    raise SourceError(
        f"{path.name} has no column {_UPN}. Its first row names {shown or 'nothing'}{more}.",
        fix=_column_fix(written),
    )


def _column_fix(written: list[str]) -> str:
    by_lower = {heading.lower(): heading for heading in written}
    wanted = (_UPN.lower(), "user principal name", "upn", "username", "user name", "signin name")
    for name in wanted:
        for near in difflib.get_close_matches(name, by_lower, n=1, cutoff=0.75):
            return f"Is “{by_lower[near][:40]}” that column? Then rename it to {_UPN}."
    return "Use the file that the Entra admin centre makes under Users, Download users, as it is."


class _Reading(msgspec.Struct):
    """Collect people, with their names, and findings, record by record."""

    columns: _Columns
    people: list[Person] = msgspec.field(default_factory=list)
    names: list[str] = msgspec.field(default_factory=list)
    findings: RowFindings = msgspec.field(default_factory=RowFindings)
    _shared: dict[Any, Any] = msgspec.field(default_factory=dict)
    _guests: int = 0
    _sharing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._sharing = tuple(name for name in _SHARED if name in self.columns.names)

    def add(self, record: Record) -> None:
        if record.fault:
            self.findings.add(_FAULT_CODES[record.fault], record.line)
            return
        attributes = self._attributes(record.cells)
        incomplete = _complete(attributes)
        problem = self._length_problem(record) or incomplete
        if attributes.get(_USER_TYPE) == "Guest":
            self._guests += 1
        object_id = str(attributes.get(_OBJECT_ID, ""))
        upn = str(attributes.get(_UPN, ""))
        if not upn:
            self.findings.add("no-name" if object_id else "nobody", record.line)
        source_id = (object_id or upn).lower()
        if source_id:
            self.people.append(Person(source_id, attributes, record.line, problem))
            self.names.append(str(attributes.get(_UPN, "")))

    def add_all(self, piece: Piece) -> None:
        """Add the people of many whole rows; where anything about one is odd, row by row."""
        cells = piece.columns
        if not piece.ascii:
            cells = [c if "".join(c).isascii() else composed(c) for c in cells]
        columns: dict[str, Sequence[str]] = dict(zip(self.columns.names, cells, strict=True))
        people = self._plain(columns, piece.line)
        if people:
            self._guests += columns.get(_USER_TYPE, ()).count("Guest")
            self.names += columns[_UPN]
        self.people += people
        if not people:
            for place, row in enumerate(zip(*cells, strict=True)):
                self.add(Record(piece.line + place, list(row)))

    def _plain(self, columns: dict[str, Sequence[str]], line: int) -> list[Person]:
        """Return people as ``add`` makes them; nobody where that takes a closer look."""
        upns = [upn.strip() for upn in columns[_UPN]]
        enabled = columns.get(_ENABLED, ())
        words = set(enabled)
        if not all(upns) or not words <= ORDINARY_ENABLED.keys():
            return []
        columns.pop("", None)  # a column without name
        for name in self._sharing:
            columns[name] = self._share(columns[name])
        columns[_ORIGINAL_UPN] = upns
        if GUEST_MARK in "".join(upns).upper():
            upns = list(map(presented_user_principal_name, upns))
        columns[_UPN] = upns
        columns[_DELETED] = each(ORDINARY_GONE, enabled) if enabled else ["False"] * len(upns)
        if enabled:
            columns[_ENABLED] = each(ORDINARY_ENABLED, enabled)
        ids = [i.strip() for i in columns.get(_OBJECT_ID, ())]
        if ids:
            columns[_OBJECT_ID] = ids
        if mails := columns.get(_MAIL):
            # nearly always the same text, that is then held once
            columns[_MAIL] = [n if n == m else m for m, n in zip(mails, upns, strict=True)]
        known = ids or upns
        if not all(known):
            known = [i or upn for i, upn in zip(ids, upns, strict=True)]
        return list(map(Person, lowered(known), source_rows(columns), count(line)))

    def _share(self, texts: Sequence[str]) -> list[str]:
        """Return the same texts, each of them held once for all people."""
        share, first = self._shared.setdefault, texts[0]
        if texts.count(first) == len(texts):
            return [share(first, first)] * len(texts)
        return list(map(share, texts, texts))

    def population(self, *, changed: bool, line_end_missing: bool) -> Population:
        people = _with_duplicates_marked(self.people, self.names)
        findings = (*self.findings.reasons(), *self._whole_file_findings(people))
        if line_end_missing:
            findings += (_LINE_END_MISSING,)
        if changed:
            findings += (_CHANGED,)
        complete = bool(people) and not changed and not self.findings.incomplete
        return Population(people, complete, findings, self.columns.known)

    def _attributes(self, cells: list[str]) -> dict[str, object]:
        if not "".join(cells).isascii():
            cells = composed(cells)
        found: dict[str, object] = {
            name: cell for name, cell in zip(self.columns.names, cells, strict=False) if cell
        }
        found.pop("", None)  # a column without name
        share = self._shared.setdefault
        for name in self._sharing:
            if value := found.get(name):
                found[name] = share(value, value)
        return found

    def _length_problem(self, record: Record) -> Reason | None:
        cells, columns = len(record.cells), len(self.columns.names)
        if cells == columns:
            return None
        self.findings.add("short-row" if cells < columns else "long-row", record.line)
        text = f"Row {record.line} has {cells} cells where the first row has {columns}."
        return Reason("row-length", text)

    def _whole_file_findings(self, people: tuple[Person, ...]) -> Iterator[Reason]:
        if not people:
            yield Reason("no-people", "The file holds no people, so nobody will be removed.")
        if self._guests:
            guests = f"{self._guests:,} guest" + ("s" if self._guests > 1 else "")
            yield Reason("guests", f"The file holds {guests} of other organizations.")
        if _ENABLED not in self.columns.names:
            text = f"The file has no column {_ENABLED}, so everybody in it counts as enabled."
            yield Reason("no-account-enabled", text)
        if _DELETED in self.columns.names:
            text = f"The column {_DELETED} is not read: it is computed from {_ENABLED}."
            yield Reason("computed-column", text)


_FAULT_CODES = {Fault.QUOTE: "unclosed-quote", Fault.NUL: "nul"}
_CHANGED = Reason(
    "changed-while-read",
    "The file was changed while it was read, so nobody will be removed. Read it again.",
)
_LINE_END_MISSING = Reason(
    "no-line-end",
    "The last line of the file has no line end. Check that the last person is whole, in case the "
    "file was cut off.",
)


def _complete(attributes: dict[str, object]) -> Reason | None:
    """Clean the identity of a person, add what Entra computes, and return what is wrong."""
    for name in (_OBJECT_ID, _UPN, _ENABLED):
        if name in attributes and not _set_stripped(attributes, name):
            del attributes[name]
    upn = attributes.get(_UPN)
    if isinstance(upn, str):
        attributes[_ORIGINAL_UPN] = upn
        attributes[_UPN] = presented_user_principal_name(upn)
    problem = _read_enabled(attributes)
    if upn is None:
        return Reason("no-user-principal-name", f"The row has no {_UPN}.")
    return problem


def _set_stripped(attributes: dict[str, object], name: str) -> str:
    text = str(attributes[name]).strip()
    attributes[name] = text
    return text


def _read_enabled(attributes: dict[str, object]) -> Reason | None:
    attributes[_DELETED] = "False"
    written = attributes.get(_ENABLED)
    if written is None:
        return None
    word = str(written).lower()
    if word not in TRUE and word not in FALSE:
        del attributes[_DELETED]
        text = f"{_ENABLED} is “{str(written)[:40]}”, which is neither True nor False."
        return Reason("account-enabled", text)
    attributes[_ENABLED] = "True" if word in TRUE else "False"
    attributes[_DELETED] = "False" if word in TRUE else "True"
    return None


def _with_duplicates_marked(people: list[Person], names: list[str]) -> tuple[Person, ...]:
    problems: dict[int, Reason] = {}
    # whoever has the same objectId has the same source id too
    ids_differ = all_differ([person.source_id for person in people])
    for what in (_UPN,) if ids_differ else (_OBJECT_ID, _UPN):
        keys = case_folded(names) if what == _UPN else lowered(_texts_of(people, what))
        if all_differ(keys if all(keys) else [key for key in keys if key]):
            continue
        places: dict[str, list[int]] = {}
        for place, identity in enumerate(keys):
            if identity:
                places.setdefault(identity, []).append(place)
        for same in places.values():
            if len(same) > 1:
                rows = rows_text([people[place].row for place in same])
                text = f"{rows} are the same person: they have the same {what}."
                for place in same:
                    problems.setdefault(place, Reason("duplicate-person", text))
    for place, problem in problems.items():
        people[place] = replace(people[place], problem=people[place].problem or problem)
    return tuple(people)


def _texts_of(people: Sequence[Person], name: str) -> list[str]:
    return [str(value or "") for value in source_column(people, name)]
