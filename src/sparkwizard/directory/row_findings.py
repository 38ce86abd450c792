"""Say what was odd about the rows of a file, once per kind and with their numbers."""

from collections.abc import Iterator, Sequence

import msgspec

from sparkwizard.provisioning.types import Reason

__all__ = ["RowFindings", "rows_text"]

SHOWN_ROWS = 10

# code -> (sentence, whether somebody may be missing because of it)
_KINDS = {
    "unclosed-quote": ("{rows} can't be read: quotation marks don't close.", True),
    "nul": ("{rows} can't be read: a character with the code 0 is in it.", True),
    "short-row": ("{rows} can't be used: there are fewer cells than columns.", True),
    "long-row": ("{rows} can't be used: there are more cells than columns.", True),
    "nobody": ("{rows} can't be used: userPrincipalName and objectId are empty.", True),
    "no-name": ("{rows} can't be used: userPrincipalName is empty.", False),
}


class RowFindings(msgspec.Struct):
    """Collect row numbers by kind of finding, in the order of the file."""

    _rows: dict[str, list[int]] = msgspec.field(default_factory=dict)

    def add(self, code: str, row: int) -> None:
        """Note one row under a code of the table above."""
        self._rows.setdefault(code, []).append(row)

    @property
    def incomplete(self) -> bool:
        """Return whether somebody may be missing from what was read."""
        return any(_KINDS[code][1] for code in self._rows)

    def reasons(self) -> Iterator[Reason]:
        """Yield one reason for each kind, naming its first rows."""
        for code, (sentence, hides_people) in _KINDS.items():
            if rows := self._rows.get(code):
                text = sentence.format(rows=rows_text(rows))
                yield Reason(code, text + (" Nobody will be removed." if hides_people else ""))


def rows_text(rows: Sequence[int]) -> str:
    """Return "Row 4", "Rows 4 and 9" or "Rows 4, 9, 12 and 31 more"."""
    shown = [str(row) for row in rows[:SHOWN_ROWS]]
    if len(rows) == 1:
        return f"Row {shown[0]}"
    last = shown.pop() if len(rows) <= SHOWN_ROWS else f"{len(rows) - SHOWN_ROWS} more"
    return f"Rows {', '.join(shown)} and {last}"
