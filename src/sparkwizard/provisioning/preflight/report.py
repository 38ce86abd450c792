"""What a pre-flight hands out: findings, each with the people, the value concerned and the fix."""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from sparkwizard.provisioning.types import Person

__all__ = ["FIX_LIST_HEADER", "Finding", "Hit", "PreflightReport", "Severity", "fix_list"]


class Severity(StrEnum):
    """Say how much a finding matters.

    An ``ERROR`` keeps people from being provisioned, a ``WARNING`` may surprise, a ``NOTE`` is
    worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Hit(NamedTuple):
    """Hold one person of a finding, and the value concerned in words."""

    person: Person
    value: str


class Finding(msgspec.Struct, frozen=True):
    """Hold one finding.

    ``code`` is stable, for scripts. ``title`` names what it is in few words, ``text`` says with
    its number what it means, ``fix`` what to do, ``owner`` who usually does it. ``count`` is how
    many people are concerned; one of them may have several ``hits``.
    """

    code: str
    severity: Severity
    title: str
    text: str
    fix: str
    owner: str
    hits: tuple[Hit, ...]
    count: int

    @property
    def values(self) -> tuple[tuple[str, int], ...]:
        """Return the values concerned with how many people have each, the most frequent first."""
        counted = Counter(hit.value for hit in self.hits)
        return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


class PreflightReport(msgspec.Struct, frozen=True):
    """Hold all findings, the gravest first; ``people`` is how many were looked at.

    ``users_known`` is False where nothing could be compared with Webex.
    """

    findings: tuple[Finding, ...]
    people: int
    users_known: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many people each finding concerns, by its code."""
        return {finding.code: finding.count for finding in self.findings}

    def finding(self, code: str) -> Finding | None:
        """Return a finding by its code, or None where nobody is concerned."""
        return next((one for one in self.findings if one.code == code), None)


FIX_LIST_HEADER = (
    "Finding",
    "Severity",
    "Person",
    "User principal name",
    "Source id",
    "Row",
    "Value",
    "What to do",
    "Who usually does it",
)


def fix_list(report: PreflightReport) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the fix list under ``FIX_LIST_HEADER``: one for each person and finding."""
    for finding in report.findings:
        for person, value in finding.hits:
            yield (
                finding.title,
                finding.severity.value,
                person.label,
                person.user_principal_name,
                person.source_id,
                person.row or "",
                value,
                finding.fix,
                finding.owner,
            )
