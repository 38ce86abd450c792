"""From the bytes of a file to the records of a table, with the line each record starts on.

Nothing here knows what a person is. A damaged record never takes its neighbours with it: reading
goes on at the line after the one it started on.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Self

import msgspec

from sparkwizard.directory.csv_columns import columns_of_lines, columns_of_text, lines_of
from sparkwizard.directory.opened_text import OpenedText
from sparkwizard.errors import SourceError

__all__ = ["MAX_DAMAGED", "Fault", "Piece", "Record", "Table"]

MAX_LINE = 1_000_000
MAX_DAMAGED = 1_000  # each damaged record is read again from its second line: keep that bounded
DELIMITERS = (",", ";", "\t", "|")

PIECE = 64 * 1024  # characters: hardly faster with more, and a window beside waits for each
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
        while not end and (more := self._opened.read(PIECE)):
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


def _unquoted_count(line: str, mark: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(mark)
