"""What the set-up of Entra's service says about the token, the application, and each change."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from sparkwizard.entra.provisioning_job.types import Step, TenantChange, TenantPlan
from sparkwizard.runs.cloud.types import CloudResult
from sparkwizard.wizard.cloud.in_window import in_window
from sparkwizard.wizard.cloud.words import STEP_TITLES
from sparkwizard.wizard.moments import count_words

__all__ = [
    "APPLICATION_WORDS",
    "TOKEN_WORDS",
    "ChangeRow",
    "ChangeState",
    "TokenChoice",
    "change_rows",
    "details_of",
    "make_words",
    "result_words",
    "short_token",
]


class TokenChoice(StrEnum):
    """Name where the Secret Token for Entra comes from."""

    KEPT = "kept"
    SAME = "same"
    PASTED = "pasted"
    LEAVE = "leave"


TOKEN_WORDS: dict[TokenChoice, tuple[str, str]] = {
    TokenChoice.KEPT: (
        "The one kept for Entra",
        "It lies in this computer's keyring since it was given to Entra or kept for it.",
    ),
    TokenChoice.SAME: (
        "The one this setup uses here",
        "Both engines then sign in to Webex with the same token.",
    ),
    TokenChoice.PASTED: (
        "Another one, pasted here",
        "One of a full administrator that lasts: get it by the administrator link of page 2.",
    ),
    TokenChoice.LEAVE: (
        "Leave what Entra has",
        "Entra's saved Tenant URL and Secret Token stay as they are. A new application has none.",
    ),
}

APPLICATION_WORDS: dict[str, tuple[str, str]] = {
    "gallery": (
        "Cisco Webex from the gallery",
        "The one that is there is used; where there is none, it is added.",
    ),
    "existing": (
        "One that is there already",
        "Its provisioning is changed to what this setup says; the former schema is kept.",
    ),
    "non-gallery": (
        "An application of your own",
        "It is added under this name; Entra has no mapping for it, so this setup's is written.",
    ),
}


def short_token(choice: TokenChoice) -> str:
    """Return what to say where the chosen token is one that soon ends."""
    which = "token of this setup" if choice is TokenChoice.SAME else "token"
    return f"This {which} lives 12 hours at most. Entra would stop provisioning when it ends."


# -- the list of changes -----------------------------------------------------------------------


class ChangeState(StrEnum):
    """Name how far a change is."""

    TO_DO = "to do"
    RUNNING = "running"
    DONE = "done"
    ALREADY = "so already"
    FAILED = "failed"
    NOT_BEGUN = "not begun"


class ChangeRow(msgspec.Struct, frozen=True):
    """Hold a change and how far it is."""

    change: TenantChange
    state: ChangeState = ChangeState.TO_DO

    @property
    def back(self) -> str:
        """Say whether it can be taken back."""
        return "Yes" if self.change.reversible else "No"

    @property
    def where(self) -> str:
        """Say at which step it is made."""
        return STEP_TITLES[self.change.step]


def change_rows(plan: TenantPlan, states: dict[Step, ChangeState]) -> list[ChangeRow]:
    """Return the changes in the order of their steps."""
    return [
        ChangeRow(change, states.get(step, ChangeState.TO_DO))
        for step in plan.steps
        for change in plan.of(step)
    ]


def details_of(row: ChangeRow) -> Iterable[tuple[str, str]]:
    """Yield what is to be known about one change, by name."""
    change = row.change
    yield "Where", change.touches
    if change.before:
        yield "Now", change.before
    if change.after:
        yield "Then", change.after
    yield "Back", in_window(change.undo) or "Nobody can take this back."


def make_words(plan: TenantPlan) -> str:
    """Return what the button says that makes the changes."""
    return f"&Make {count_words(len(plan.changes), 'change')} in Microsoft Entra"


def result_words(result: CloudResult) -> str:
    """Say what was carried out."""
    done = count_words(len(result.done), "change")
    parts = [f"{done} made" if result.done else "Everything was so already"]
    if result.done and result.already:
        parts.append(f"{len(result.already):,} were so already")
    if result.saved_schema:
        parts.append(f"the former schema is kept as number {result.saved_schema}")
    on = "Provisioning is on." if result.on else "Provisioning is off."
    return f"{', '.join(parts)}. {on}"
