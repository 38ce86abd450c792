"""Split many lines of a table at once, straight into columns.

Where a text holds no quotation mark, a line is a row and a delimiter parts two cells. A text that
is odd in any way is left to ``csv_text``, which looks at each record.
"""

import csv
import io
from collections.abc import Sequence
from itertools import chain

__all__ = ["columns_of_lines", "columns_of_text", "lines_of"]


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends, as they were written."""
    return io.StringIO(text, newline="").readlines()


def columns_of_text(text: str, delimiter: str, cells: int) -> Sequence[Sequence[str]]:
    """Return the columns of a text of whole lines, nothing where they are not ``cells`` each."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if any(mark in text for mark in '"\0\r') or len(text) > csv.field_size_limit():
        return ()
    if not text.endswith("\n"):
        text += "\n"
    found = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    found.pop()  # behind the last line
    width = cells + 1
    ends = found[cells::width]
    # each line end is where one has to be, and there are no others
    if not len(ends) == ends.count("\n") == text.count("\n"):
        return ()
    return _filled([found[place::width] for place in range(cells)])


def columns_of_lines(lines: Sequence[str], delimiter: str, cells: int) -> Sequence[Sequence[str]]:
    """Return the columns of lines that are a row of ``cells`` each, nothing where they are not."""
    if "\0" in "".join(lines):
        return ()
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return ()
    if len(rows) != len(lines) or set(map(len, rows)) != {cells}:
        return ()
    every = list(chain.from_iterable(rows))
    return _filled([every[place::cells] for place in range(cells)])


def _filled(columns: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Return columns of which one has something in every row: no row is blank; else nothing."""
    return columns if any(all(map(str.strip, column)) for column in columns) else ()
