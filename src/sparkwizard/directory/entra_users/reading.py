"""Collect people as they come from Graph, and notice whatever makes the reading incomplete.

Nothing here asks anybody. Whoever may be missing keeps everybody from being removed.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

import msgspec

from sparkwizard.directory.entra_users.attributes import Selection
from sparkwizard.directory.entra_users.whole_pages import WholePages
from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.source.columns import source_column
from sparkwizard.provisioning.types import Group, Person, Population, Reason

__all__ = ["Reading", "names_text"]

_SHOWN_NAMES = 10


class Reading(msgspec.Struct, dict=True):
    """Hold the people read so far; ``findings`` say what was odd, in the order it was noticed."""

    selection: Selection
    people: dict[str, Person] = msgspec.field(default_factory=dict)
    findings: list[Reason] = msgspec.field(default_factory=list)
    complete: bool = True
    groups: tuple[Group, ...] | None = None
    _junk: int = 0

    @cached_property
    def whole(self) -> WholePages:
        """Return what takes in pages of which nothing is unusual."""
        return WholePages(self.selection)

    def take(self, users: Sequence[Any]) -> None:
        """Take the users of one page in; one who came before counts once."""
        found = self.whole.people(users) or list(filter(None, map(self.selection.person, users)))
        self._junk += len(users) - len(found)
        ids = map(attrgetter("source_id"), found)
        deque(map(self.people.setdefault, ids, found), maxlen=0)

    def note(self, code: str, text: str, *, missing: bool = False) -> None:
        """Note a finding; ``missing`` says that somebody may be missing because of it."""
        self.findings.append(Reason(code, f"{text} Nobody will be removed." if missing else text))
        self.complete = self.complete and not missing

    def stopped(self, error: SparkWizardError) -> None:
        """Note that reading stopped midway."""
        text = f"Reading stopped after {len(self.people):,} people. {error.message} {error.fix}"
        self.note("read-stopped", text.strip(), missing=True)

    def counted(self, told: int | None, read: int, whom: str) -> None:
        """Compare how many there should be with how many came."""
        if told is not None and read < told:
            self.note(
                "count-mismatch",
                f"Microsoft Entra ID counts {told:,} {whom} but listed only {read:,}.",
                missing=True,
            )

    def population(self) -> Population:
        """Return what was read, where it is everybody."""
        self._look_over(tuple(self.people.values()))
        return self.some_people()

    def some_people(self) -> Population:
        """Return what was read, where it is only some: nobody is fine."""
        if self._junk:
            text = f"{self._junk:,} entries have no id and were left out."
            self.note("no-id", text, missing=True)
        return Population(
            tuple(self.people.values()),
            self.complete,
            tuple(self.findings),
            self.selection.columns,
            self.groups,
        )

    def _look_over(self, people: tuple[Person, ...]) -> None:
        if not people:
            self.note("no-people", "There are no people to read.", missing=True)
            return
        guests = source_column(people, "userType").count("Guest")
        if guests:
            some = f"{guests:,} guest{'s' if guests > 1 else ''}"
            self.note("guests", f"Among the people are {some} of other organizations.")
        if not any("accountEnabled" in one.attributes for one in people):
            self.note(
                "no-account-enabled",
                "Microsoft Entra ID does not say whose sign-in is allowed, so everybody counts as "
                "enabled.",
            )


def names_text(names: Iterable[str]) -> str:
    """Return "A", "A and B" or "A, B, C and 31 more"."""
    every = list(names)
    shown = every[:_SHOWN_NAMES]
    if len(every) == 1:
        return every[0]
    last = shown.pop() if len(every) <= _SHOWN_NAMES else f"{len(every) - _SHOWN_NAMES:,} more"
    return f"{', '.join(shown)} and {last}"
