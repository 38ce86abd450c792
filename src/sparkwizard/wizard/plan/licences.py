"""How many licences a plan may need and how many are free, in words."""

import msgspec

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.webex.types import Licence, Licences

__all__ = ["HOW_LICENSED", "LicenceNeed", "licence_need"]

HOW_LICENSED = (
    "Creating a user gives no licence by itself: an auto-assign template in Control Hub does, or"
    " you assign licences there afterwards."
)


class LicenceNeed(msgspec.Struct, frozen=True):
    """Hold how many new users a plan makes, beside the organization's licences."""

    needed: int
    licences: Licences

    @property
    def basic(self) -> Licence | None:
        """Return the licence that most users hold: the one a new user is most likely to get."""
        return max(self.licences.kinds, key=lambda licence: licence.used, default=None)

    @property
    def short(self) -> tuple[Licence, ...]:
        """Return the licences that are too few for every new user."""
        return tuple(
            licence
            for licence in self.licences.kinds
            if licence.free is not None and licence.free < self.needed
        )

    @property
    def enough(self) -> bool:
        """Return whether the licence that most users hold suffices, as far as is known."""
        return self.basic not in self.short

    @property
    def words(self) -> str:
        """Return one short line; empty where nobody new comes or nothing is known."""
        basic = self.basic
        if not self.needed or basic is None:
            return ""
        noun = "licence" if self.needed == 1 else "licences"
        return f"{self.needed:,} {noun} needed, {_free(basic)}"

    @property
    def details(self) -> str:
        """Return every licence with what is free, one a line, and how users get them."""
        listed = [f"{licence.name}: {_free(licence)}" for licence in self.licences.kinds]
        return "\n".join([*listed, HOW_LICENSED])


def licence_need(plan: Plan, licences: Licences | None) -> LicenceNeed | None:
    """Return what a plan needs, None where the licences were not asked for."""
    if licences is None:
        return None
    creates = sum(1 for action in plan.to_write if action.kind is ActionKind.CREATE)
    return LicenceNeed(creates, licences)


def _free(licence: Licence) -> str:
    return "no limit" if licence.free is None else f"{licence.free:,} free"
