"""Count who was read, and say how a chosen file is written into the setup."""

import sys
from collections.abc import Mapping
from pathlib import Path, PurePath

import msgspec

from sparkwizard.provisioning.source.attributes import truth
from sparkwizard.provisioning.types import Person, Population
from sparkwizard.setup.profile import SourceSettings

__all__ = [
    "PeopleSummary",
    "is_disabled",
    "is_guest",
    "path_as_written",
    "remark",
    "source_name",
    "summarize",
]


class PeopleSummary(msgspec.Struct, frozen=True):
    """Hold how many people were read, and how many of them need a second look."""

    people: int = 0
    disabled: int = 0
    guests: int = 0
    problems: int = 0


def is_disabled(person: Person) -> bool:
    """Return whether sign-in is switched off for this person in Entra."""
    return truth(person.attributes.get("accountEnabled", True)) is False


def is_guest(person: Person) -> bool:
    """Return whether this person is a guest of another organization."""
    attributes: Mapping[str, object] = person.attributes
    if str(attributes.get("userType") or "").casefold() == "guest":
        return True
    return "#EXT#" in str(attributes.get("originalUserPrincipalName") or "").upper()


def remark(person: Person) -> str:
    """Return what is worth knowing about a person before anything is planned."""
    if person.problem:
        return person.problem.text
    words = [
        word
        for word, holds in (("guest", is_guest(person)), ("sign-in off", is_disabled(person)))
        if holds
    ]
    return ", ".join(words).capitalize()


def summarize(population: Population) -> PeopleSummary:
    """Count the people of a population."""
    people = population.people
    return PeopleSummary(
        len(people),
        sum(map(is_disabled, people)),
        sum(map(is_guest, people)),
        sum(person.problem is not None for person in people),
    )


def source_name(source: SourceSettings) -> str:
    """Return what to call the place people come from: "people.csv", "Microsoft Entra ID"."""
    return "Microsoft Entra ID" if source.kind == "entra" else PurePath(source.path).name


def path_as_written(chosen: Path, base: Path) -> str:
    """Return a file's path for the setup: relative inside ``base``, absolute elsewhere.

    Relative paths are written with forward slashes, so that a setup can move between systems.
    """
    if not chosen.is_absolute():
        chosen = base / chosen
    if chosen.is_relative_to(base):
        return chosen.relative_to(base).as_posix()
    return chosen.as_posix() if sys.platform == "win32" else str(chosen)
