"""Show people in tables the same way everywhere."""

from collections.abc import Callable

from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.widgets import Column
from sparkwizard.provisioning.types import Person
from sparkwizard.wizard.people.summary import is_disabled, remark

__all__ = ["person_columns", "person_columns_with"]


def _mark(person: Person) -> tuple[str, str]:
    if person.problem:
        return "warning", Tone.WARNING
    return ("person-minus", Tone.MUTED) if is_disabled(person) else ("person", Tone.MUTED)


def _attribute(name: str) -> Callable[[Person], str]:
    return lambda person: str(person.attributes.get(name) or "")


def person_columns() -> list[Column[Person]]:
    """Return the columns of a table of people with what is worth knowing about each."""
    return [
        *_who(),
        Column("Department", _attribute("department"), width=110, searched=False),
        Column("Remark", remark, width=150, stretch=True, searched=False),
    ]


def person_columns_with(why: Callable[[Person], str]) -> list[Column[Person]]:
    """Return the columns of a list that has a cause for each person."""
    return [*_who(), Column("Why", why, width=260, stretch=True, searched=False)]


def _who() -> list[Column[Person]]:
    return [
        Column("Person", lambda person: person.label, icon=_mark, strong=True, width=190),
        Column(
            "User principal name",
            lambda person: person.user_principal_name,
            tone=Tone.MUTED,
            width=220,
        ),
    ]
