"""Where the people of a story come from."""

from collections.abc import Mapping
from typing import Protocol

from sparkwizard.setup.profile import SourceSettings
from tests.runs.agreement.happenings import Employee, Trouble
from tests.runs.tenant import HEADER, Company

__all__ = ["CsvSide", "Side"]


class Side(Protocol):
    """Hold people as the directory would."""

    settings: SourceSettings

    def holds(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        """Let exactly these be there, and return who is: a directory may refuse some of it."""
        ...

    def suffers(self, trouble: Trouble) -> bool:
        """Let something go wrong from now on, or nothing more; True where reading is incomplete."""
        ...


class CsvSide:
    """Keep people in a file."""

    def __init__(self, company: Company, name: str = "people.csv") -> None:
        self.settings = SourceSettings(path=name)
        self._path = company.folder / name
        self._lines: list[str] = []

    def holds(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        rows = [f"{person.row},{person.manager_id}" for person in people.values()]
        self._lines = [f"{HEADER},manager", *rows]
        self.suffers(Trouble())
        return dict(people)

    def suffers(self, trouble: Trouble) -> bool:
        if trouble.no_file:
            self._path.unlink()
            return False  # an error, not a reading
        lines = list(self._lines)
        if trouble.damage:
            line, place = trouble.damage
            lines.insert(1 + place % len(lines), line)
        self._path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return trouble.damage is not None
