"""Take values out of a TOML table, and say where in the file one is wrong."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NoReturn, cast

from sparkwizard.errors import ProfileError

__all__ = ["Table"]


class Table:
    """Take values out of one table, and say where it lies in the file when one is wrong."""

    def __init__(
        self, values: Mapping[str, object], where: str, file: Path, keys: Collection[str]
    ) -> None:
        self._values = values
        self._where = where
        self._file = file
        for key in values:
            if key not in keys:
                raise self._unknown(key, keys)

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        value = self._values.get(key, default)
        return value if isinstance(value, str) else self.refuse(key, "text in quotes")

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self._values.get(key, default)
        return value if isinstance(value, bool) else self.refuse(key, "true or false")

    def number(self, key: str, least: int) -> int | None:
        """Return a whole number from ``least``, None where there is none."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.refuse(key, f"a whole number from {least}")
        return value

    def choice[T: str](self, key: str, choices: tuple[T, ...]) -> T:
        """Return one of the choices, the first where there is none."""
        value = self._values.get(key, choices[0])
        if value not in choices:
            self.refuse(key, " or ".join(f'"{choice}"' for choice in choices))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(key, 'a list of texts such as ["Sales"]')
        return tuple(cast("list[str]", value))

    def raw(self, key: str) -> object:
        """Return a value as it stands, None where there is none."""
        return self._values.get(key)

    def table(self, key: str, keys: Collection[str]) -> "Table":
        """Return a section, empty where there is none."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"a section that starts with [{self._inside(key)}]")
        return Table(value, self._inside(key), self._file, keys)

    def tables(self, key: str, keys: Collection[str], called: str) -> list["Table"]:
        """Return the tables of a list; each is told by number and by its value of ``called``."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, f"sections that start with [[{self._inside(key)}]]")
        tables = []
        for number, item in enumerate(cast("list[dict[str, object]]", value), start=1):
            name = item.get(called)
            shown = f"“{name[:60]}”" if isinstance(name, str) and name else f"number {number}"
            tables.append(Table(item, f"{self._inside(key)} {shown}", self._file, keys))
        return tables

    def required(self, key: str) -> str:
        """Return a text that must be there."""
        return self.text(key) or self.missing(key)

    def missing(self, key: str) -> NoReturn:
        """Raise ``ProfileError`` for a key that must be there."""
        raise ProfileError(f"{self._file}: {self._told(key)} is missing.", fix="Add it.")

    def refuse(self, key: str, wanted: str) -> NoReturn:
        """Raise ``ProfileError`` for a value that is something else than it must be."""
        raise ProfileError(f"{self._file}: {self._told(key)} must be {wanted}.", fix="Correct it.")

    def _unknown(self, key: str, keys: Collection[str]) -> ProfileError:
        import difflib  # noqa: PLC0415 -- for slips of the pen

        near = difflib.get_close_matches(key, keys, n=1)
        fix = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(keys)}."
        return ProfileError(f"{self._file}: {self._told(key)} is not known.", fix=fix)

    def _told(self, key: str) -> str:
        return f"{key[:60]} in [{self._where}]" if self._where else key[:60]

    def _inside(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key
