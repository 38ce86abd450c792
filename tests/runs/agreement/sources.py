"""Where the people of a story come from."""

from collections.abc import Collection, Mapping
from typing import Protocol

from sparkwizard.setup.profile import ScopeSettings, SourceSettings
from tests.runs.agreement.groups.happenings import Team
from tests.runs.agreement.happenings import Employee, Trouble
from tests.runs.tenant import HEADER, Company

__all__ = ["CsvSide", "Side"]


class Side(Protocol):
    """Hold people as the directory would."""

    settings: SourceSettings
    scope: ScopeSettings
    with_groups: bool

    def holds(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        """Let exactly these be there, and return who is: a directory may refuse some of it."""
        ...

    def gathers(self, teams: Mapping[int, Team]) -> None:
        """Let exactly these groups be there."""
        ...

    def chosen(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        """Return those of the people whom the setup is about."""
        ...

    def provisioned(self, teams: Mapping[int, Team]) -> dict[int, Team]:
        """Return those of the groups that the setup is about."""
        ...

    def assigns(self, numbers: Collection[int]) -> None:
        """Let the setup be about the members of these groups, if it is about some groups only."""
        ...

    def suffers(self, trouble: Trouble) -> bool:
        """Let something go wrong from now on, or nothing more; True where reading is incomplete."""
        ...


class CsvSide:
    """Keep people in a file, which has no groups."""

    scope = ScopeSettings()
    with_groups = False

    def __init__(self, company: Company, name: str = "people.csv") -> None:
        self.settings = SourceSettings(path=name)
        self._path = company.folder / name
        self._lines: list[str] = []

    def holds(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        rows = [f"{person.row},{person.manager_id}" for person in people.values()]
        self._lines = [f"{HEADER},manager", *rows]
        self.suffers(Trouble())
        return dict(people)

    def gathers(self, teams: Mapping[int, Team]) -> None:
        pass

    def chosen(self, people: Mapping[int, Employee]) -> dict[int, Employee]:
        return dict(people)

    def provisioned(self, teams: Mapping[int, Team]) -> dict[int, Team]:
        return {}

    def assigns(self, numbers: Collection[int]) -> None:
        pass

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
