"""Write CSV files that a spreadsheet program opens as text: no cell can start a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from sparkwizard.setup.places import replacing

__all__ = ["csv_text", "safe_cell", "write_csv"]

# OWASP, "CSV Injection": these start a formula, the full-width forms in East Asian versions.
_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  the full-width forms are meant


def safe_cell(value: object) -> str:
    """Return a value as text, with an apostrophe in front of what would start a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table whole or not at all, readable by its owner only, every cell safe.

    UTF-8 with a byte order mark, so that Excel shows accents. Raises ``StorageError``.
    """
    with replacing(path) as file:
        text = io.TextIOWrapper(
            file, encoding="utf-8-sig", newline="", errors="replace", write_through=True
        )
        _write(text, header, rows)
        text.detach()


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV text, every cell safe."""
    text = io.StringIO(newline="")
    _write(text, header, rows)
    return text.getvalue()


def _write(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(file)
    writer.writerow(map(safe_cell, header))
    writer.writerows(map(safe_cell, row) for row in rows)
