"""What a story remembers of plans and runs, to hold against what became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.types import Outcome, RunResult
from tests.runs.agreement.groups.sides import Groups, KnownGroups
from tests.runs.agreement.happenings import Employee

__all__ = ["Kept", "Off", "Ran", "Users"]

type Users = dict[str, dict[str, Any]]
"""Webex's users by their ids."""


@dataclass(frozen=True, slots=True)
class Off:
    """Who turned a user off, and when."""

    who: Literal["us", "others"]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A plan, with what was true when it was made."""

    plan: Plan
    people: dict[int, Employee]
    users: Users
    links: dict[str, Link]
    incomplete: bool
    made_at: datetime
    edits: int
    """How often somebody else had edited Webex."""
    cycle: Cycle | None = None
    run: tuple[Users, Users] | None = None
    """The users before and after the run that this plan takes back."""
    groups: KnownGroups


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What was true before and after a plan was carried out."""

    kept: Kept
    before: Users
    after: Users
    groups_before: Groups
    groups_after: Groups
    off: dict[str, Off]
    elsewhere: frozenset[str]
    """The users that another setup manages."""
    superseded: bool
    """Whether another run of the setup had ended since the plan was made."""
    overtaken: bool
    """Whether one had begun since then."""
    result: RunResult | None
    """How it came to its end, None where it did not."""
    error: SparkWizardError | None
    again: bool
    """Whether the plan had been carried out before, perhaps in part."""
    in_rings: bool
    in_part: bool
    """Whether at least one ring came to its end."""
    edited: bool
    """Whether somebody else edited Webex since the plan was made."""
    quiet: bool
    """Whether nothing went wrong either."""

    @property
    def left(self) -> tuple[Outcome, ...]:
        """Return what was not done of a run that came to its end."""
        return self.result.outcomes if self.result else ()

    @property
    def groups_left(self) -> tuple[Outcome, ...]:
        """Return the same of groups."""
        return self.result.groups.outcomes if self.result and self.result.groups else ()
