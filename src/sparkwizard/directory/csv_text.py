"""From the bytes of a file to the records of a table, with the line each record starts on.

Nothing here knows what a person is. A damaged record never takes its neighbours with it: reading
goes on at the line after the one it started on.
"""

import codecs
import csv
import io
import os
import re
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import IO, Self

import msgspec

from sparkwizard.directory.csv_columns import columns_of_lines, columns_of_text, lines_of
from sparkwizard.errors import SourceError

__all__ = ["MAX_BYTES", "MAX_DAMAGED", "Fault", "Piece", "Record", "Table", "open_text"]

MAX_BYTES = 1024**3  # ten times an export of a million people with every column
MAX_LINE = 1_000_000
MAX_DAMAGED = 1_000  # each damaged record is read again from its second line: keep that bounded
DELIMITERS = (",", ";", "\t", "|")

PIECE = 64 * 1024  # characters: hardly faster with more, and a window beside waits for each
_SAMPLE = 64 * 1024
_SAVE_AS_UTF8 = (
    "Save it as “CSV UTF-8 (comma delimited)” in Excel, or download it again from the "
    "Entra admin centre."
)
_EXCEL = "{name} is an Excel workbook, not a CSV file."
_SIGNATURES = (
    (b"PK\x03\x04", _EXCEL),
    (b"\xd0\xcf\x11\xe0", _EXCEL),
    (b"%PDF", "{name} is a PDF document, not a CSV file."),
    (b"\x1f\x8b", "{name} is compressed, not a CSV file."),
)
_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)


class Fault(Enum):
    """Name why a record can't be split into cells."""

    QUOTE = auto()
    NUL = auto()


class Record(msgspec.Struct, frozen=True):
    """Hold the cells of one record and the line (from 1) it starts on; with a fault, no cells."""

    line: int
    cells: list[str]
    fault: Fault | None = None


class Piece(msgspec.Struct, frozen=True):
    """Hold the cells of many records, one a line, by column, and the line (from 1) of the first.

    ``ascii`` tells that there is no letter that could be composed of several.
    """

    line: int
    columns: Sequence[Sequence[str]]
    ascii: bool = False


class OpenedText:
    """Hold a file that is open for reading and can tell whether it changed since then."""

    def __init__(self, path: Path, binary: IO[bytes], encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        self._binary = binary
        self._before = os.fstat(binary.fileno())
        # newline="" keeps \r\n inside quoted cells as it was written
        self.text = io.TextIOWrapper(binary, encoding=encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.text.close()

    @property
    def fraction(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return min(1.0, self._binary.tell() / max(1, self._before.st_size))

    def changed(self) -> bool:
        """Return whether the file was written, replaced or removed since it was opened."""
        try:
            now = self.path.stat()
        except OSError:
            return True
        return _fingerprint(now) != _fingerprint(self._before)


def open_text(path: Path) -> OpenedText:
    """Open a text file in the encoding it is in: UTF-8, or UTF-16 with a byte order mark.

    Raises ``SourceError`` for what is no readable text file.
    """
    binary = _open_regular(path)
    try:
        sample = binary.read(_SAMPLE)
        binary.seek(0)
        return OpenedText(path, binary, _encoding(path, sample))
    except BaseException:
        binary.close()
        raise


class Table:
    """Iterate over the records of an opened file, header first; blank lines are left out.

    ``delimiter`` is found in the first line that is not blank. ``ends_with_line_end`` tells, after
    the last record, whether the last line was finished.
    """

    def __init__(self, opened: OpenedText) -> None:
        self._opened = opened
        self._lines = _Lines(opened)
        self._record_length = 0
        self.delimiter = self._find_delimiter()
        self._reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        self._damaged = 0

    @property
    def ends_with_line_end(self) -> bool:
        """Return whether the last line read was finished by a line end."""
        return self._lines.finished

    def expect(self, cells: int) -> None:
        """Read a record over several lines again, line by line, unless it has that many cells."""
        self._record_length = cells

    def __iter__(self) -> Iterator[Record]:
        while True:
            try:
                record = self._next()
            except StopIteration:
                return
            if record is not None:
                yield record

    def pieces(self) -> Iterator["Piece | Record"]:
        """Yield what iterating yields, many records at once where each is one whole line.

        A piece in which anything is odd comes record by record.
        """
        lines = self._lines
        while text := lines.take():
            if columns := self._columns(text):
                yield Piece(lines.count_taken(len(columns[0])), columns, text.isascii())
                continue
            lines.give_back(text)
            while not lines.all_read_again:
                try:
                    record = self._next()
                except StopIteration:
                    return
                if record is not None:
                    yield record

    def _columns(self, text: str) -> Sequence[Sequence[str]]:
        cells = self._record_length
        return columns_of_text(text, self.delimiter, cells) or columns_of_lines(
            lines_of(text), self.delimiter, cells
        )

    def _next(self) -> Record | None:
        """Return the next record, None for a blank one; StopIteration at the end."""
        lines = self._lines
        lines.start_record()
        try:
            cells = next(self._reader)
        except csv.Error:
            return self._faulty(Fault.QUOTE)
        if lines.nul_in_record:
            return self._faulty(Fault.NUL)
        if not any(map(str.strip, cells)):
            return None
        record = Record(lines.record_line, cells)
        # A quote that was never closed may have swallowed whole records up to the next quote.
        if self._record_length and len(cells) != self._record_length:
            self._go_back()
        return record

    def _faulty(self, fault: Fault) -> Record:
        record = Record(self._lines.record_line, [], fault)
        self._go_back()
        return record

    def _go_back(self) -> None:
        if not self._lines.read_again_from_second_line():
            return
        self._damaged += 1
        if self._damaged > MAX_DAMAGED:
            raise SourceError(
                f"{self._opened.path.name} has more than {MAX_DAMAGED:,} damaged rows.",
                fix="Download the file again, or export it with another program.",
            )

    def _find_delimiter(self) -> str:
        first = self._lines.peek_first()
        told = _SEPARATOR_LINE.match(first)
        if told and told[1] in DELIMITERS:
            self._lines.skip_first()
            return told[1]
        # Names of columns hold no delimiters, so the one that splits most is the one.
        return max(DELIMITERS, key=lambda mark: _unquoted_count(first, mark))


class _Lines:
    """Hand out physical lines, remember those of the current record, and take them back."""

    def __init__(self, opened: OpenedText) -> None:
        self._opened = opened
        self._rest = ""  # the beginning of a line
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._number = 0
        self._given_back = 0
        self.record_line = 1
        self.finished = True
        self.nul_in_record = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._next_line()
        if not line:
            raise StopIteration
        self._number += 1
        self._record.append(line)
        if "\0" in line:
            self.nul_in_record = True
        return line

    def _next_line(self) -> str:
        if not self._again:
            self._again.extend(lines_of(self._some()))
        return self._again.popleft() if self._again else ""

    def take(self) -> str:
        """Return the next lines as one text, an empty one at the end."""
        self.start_record()
        text = "".join(self._again) or self._some()
        self._again.clear()
        return text

    def count_taken(self, lines: int) -> int:
        """Take lines that were taken for read, and return the number of the first."""
        self._number += lines
        return self._number - lines + 1

    def give_back(self, text: str) -> None:
        """Take lines back, to be read again record by record."""
        self._again.extend(lines_of(text))
        self._given_back = self._number + len(self._again)

    @property
    def all_read_again(self) -> bool:
        """Return whether no line is left that was taken back."""
        return self._number >= self._given_back

    def start_record(self) -> None:
        self._record.clear()
        self.nul_in_record = False
        self.record_line = self._number + 1

    def read_again_from_second_line(self) -> bool:
        """Take back all lines of the current record but its first; tell whether there were any."""
        rest = self._record[1:]
        self._again.extendleft(reversed(rest))
        self._number -= len(rest)
        del self._record[1:]
        return bool(rest)

    def peek_first(self) -> str:
        """Return the first line that is not blank, without taking it; "" if there is none."""
        seen: list[str] = []
        for line in self:
            seen.append(line)
            if line.strip():
                break
        self._again.extendleft(reversed(seen))
        self._number -= len(seen)
        return seen[-1] if seen else ""

    def skip_first(self) -> None:
        while not next(self).strip():
            pass

    def _some(self) -> str:
        """Read some whole lines, nothing at the end."""
        text, end = self._rest, 0
        while not end and (more := self._read()):
            text += more
            end = text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
            self._check_length(text[: end or None])
        self._rest = text[end:] if end else ""
        text = text[: end or None]
        if text:
            self.finished = text[-1] in "\r\n"
        return text

    def _check_length(self, text: str) -> None:
        """Refuse a line that no table has; lines are read up to the first end behind it."""
        if len(text) >= MAX_LINE and len(lines_of(text)[0]) >= MAX_LINE:
            raise SourceError(
                f"Line {self._number + 1} of {self._opened.path.name} is longer than "
                f"{MAX_LINE:,} characters, so this is not a table of people.",
                fix="Choose the file that the Entra admin centre downloaded.",
            )

    def _read(self) -> str:
        try:
            return self._opened.text.read(PIECE)
        except UnicodeDecodeError as error:
            raise _not_decodable(self._opened) from error
        except OSError as error:
            raise _unreadable(self._opened.path, error) from error


def _open_regular(path: Path) -> IO[bytes]:
    try:
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES:
            return path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise SourceError(f"{path} is a folder.", fix="Choose the CSV file inside it.")
    if not stat.S_ISREG(found.st_mode):
        raise SourceError(f"{path} is not a regular file.", fix="Choose a CSV file.")
    raise SourceError(
        f"{path.name} is larger than {MAX_BYTES // 1024**3} GB, which no export of people is.",
        fix="Choose the file that the Entra admin centre downloaded.",
    )


def _unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceError(
            f"There is no file {path}.", fix="Choose the file again; it may have been moved."
        )
    if isinstance(error, PermissionError):
        return SourceError(
            f"{path} can't be opened: this account may not read it.",
            fix="Allow reading it, close the program that has it open, or choose a copy.",
        )
    why = (error.strerror if isinstance(error, OSError) else None) or "it can't be read"
    return SourceError(f"{path} can't be read: {why}.", fix="Choose another copy of the file.")


def _encoding(path: Path, sample: bytes) -> str:
    if not sample.strip():
        raise SourceError(f"{path.name} is empty.", fix="Download the users again.")
    for signature, message in _SIGNATURES:
        if sample.startswith(signature):
            raise SourceError(message.format(name=path.name), fix=_SAVE_AS_UTF8)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample.lstrip().splitlines()[0]:
        raise SourceError(f"{path.name} is not a text file.", fix=_SAVE_AS_UTF8)
    return "utf-8-sig"


def _not_decodable(opened: OpenedText) -> SourceError:
    if opened.encoding == "utf-16":
        what = f"{opened.path.name} is damaged: its UTF-16 text breaks off or is not valid."
        return SourceError(what, fix=_SAVE_AS_UTF8)
    line = _first_line_not_utf8(opened.path)
    return SourceError(f"Line {line} of {opened.path.name} is not UTF-8 text.", fix=_SAVE_AS_UTF8)


def _first_line_not_utf8(path: Path) -> int:
    number = 0
    with path.open("rb") as binary:
        for number, line in enumerate(binary, start=1):  # noqa: B007  the last number is the answer
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError:
                break
    return number


def _unquoted_count(line: str, mark: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(mark)


def _fingerprint(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino
