"""Write CSV that a spreadsheet program opens as text: no cell can start a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from sparkwizard.setup.places import write_private

__all__ = ["csv_text", "safe_cell", "write_csv"]

# OWASP, "CSV Injection": these start a formula, the full-width forms in East Asian versions.
_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  the full-width forms are meant


def safe_cell(value: object) -> str:
    """Return a value as text, with an apostrophe in front of what would start a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def csv_text(header: Sequence[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV, every cell safe; what is no valid Unicode becomes a question mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(safe_cell, header))
    writer.writerows(map(safe_cell, row) for row in rows)
    return text.getvalue().encode("utf-8", "replace").decode("utf-8")


def write_csv(path: Path, header: Sequence[object], rows: Iterable[Iterable[object]]) -> None:
    """Write a table whole or not at all, readable by its owner only, every cell safe.

    UTF-8 with a byte order mark, so that Excel shows accents. Raises ``StorageError``.
    """
    write_private(path, csv_text(header, rows).encode("utf-8-sig"))
