"""How a server is asked for its list of users, and how for less where it refuses."""

import msgspec

__all__ = ["Asking"]


class Asking(msgspec.Struct):
    """Hold which parameters a server accepts for its list."""

    count: int | None
    filter: str | None = None
    newest: bool = False
    starts: bool = True

    def params(self, start: int) -> dict[str, str | int]:
        """Return the parameters that ask for the page from ``start`` on."""
        known: dict[str, str | int | None] = {
            "filter": self.filter,
            "sortBy": "meta.lastModified" if self.newest else None,
            "sortOrder": "descending" if self.newest else None,
            "startIndex": start if self.starts else None,
            "count": self.count,
        }
        return {name: value for name, value in known.items() if value is not None}

    def ask_for_less(self) -> bool:
        """Drop one parameter; False where none is left to drop."""
        if self.newest:
            self.newest = False
            return True
        if self.count is not None:
            self.count = None
            return True
        dropped, self.starts = self.starts, False
        return dropped
