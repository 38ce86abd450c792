"""The steps of the wizard, their names in the rail and their main instructions."""

from enum import Enum
from typing import NamedTuple

__all__ = ["NUMBERED", "Step", "StepText"]


class StepText(NamedTuple):
    """Hold a step's words: in the rail, as main instruction, and the sentence under it."""

    label: str
    instruction: str
    sentence: str


class Step(Enum):
    """Name the pages in their order; ``value`` is the page's id in the window."""

    START = 1
    TOKEN = 2
    ORGANIZATION = 3
    CONNECTION = 4
    PEOPLE = 5
    MAPPING = 6
    SCOPE = 7
    LIMITS = 8
    PREVIEW = 9
    APPLYING = 10
    RESULT = 11

    @property
    def text(self) -> StepText:
        """Return the words of this step."""
        return _TEXTS[self]

    @property
    def numbered(self) -> bool:
        """Return whether this is one of the nine that the rail counts."""
        return self.value <= 9


_TEXTS = {
    Step.START: StepText(
        "Start",
        "Set up provisioning",
        "Bring the people of Microsoft Entra ID into Cisco Webex. Nothing is changed before you"
        " have seen what would happen.",
    ),
    Step.TOKEN: StepText(
        "Access token",
        "Paste your Webex access token",
        "SparkWizard uses it to find your organization and to read and write its users.",
    ),
    Step.ORGANIZATION: StepText(
        "Organization",
        "Confirm your organization",
        "The token belongs to this organization. Check that it is the one you mean.",
    ),
    Step.CONNECTION: StepText(
        "Connection",
        "Test the connection",
        "Each layer rests on the one above it. Nothing is written.",
    ),
    Step.PEOPLE: StepText(
        "People",
        "Choose where people come from",
        "SparkWizard reads them; it never changes Microsoft Entra ID.",
    ),
    Step.MAPPING: StepText(
        "Mapping",
        "Review the attribute mapping",
        "Each Webex attribute is filled from Microsoft Entra by the rule beside it. The panel"
        " shows one real person.",
    ),
    Step.SCOPE: StepText(
        "Scope",
        "Choose who is in scope",
        "Only people in scope are created and kept up to date. The numbers follow every change"
        " you make here.",
    ),
    Step.LIMITS: StepText(
        "Limits",
        "Set limits and notification",
        "These limits hold for every run, here and on a schedule.",
    ),
    Step.PREVIEW: StepText(
        "Preview",
        "See what would happen",
        "Nothing has been changed yet. Choose a number to see who it is, and a person to see why.",
    ),
    Step.APPLYING: StepText(
        "Applying",
        "Applying the changes",
        "You can leave this window in the background. Every change is written down before it is"
        " sent.",
    ),
    Step.RESULT: StepText(
        "Result",
        "See how it came out",
        "Predicted against actual, and what to do next.",
    ),
}

NUMBERED = tuple(step for step in Step if step.numbered)
