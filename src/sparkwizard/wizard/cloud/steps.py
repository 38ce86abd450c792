"""The faces of the cloud set-up, their names in the rail and their main instructions."""

from enum import Enum

from sparkwizard.wizard.steps import StepText

__all__ = ["CloudStep", "face_after"]


class CloudStep(Enum):
    """Name the faces in their order; ``BY_HAND`` stands beside the others."""

    SIGN_IN = 1
    TOKEN = 2
    PEOPLE = 3
    CHANGES = 4
    WATCH = 5
    BY_HAND = 6

    @property
    def text(self) -> StepText:
        """Return the words of this face."""
        return _TEXTS[self]


def face_after(step: CloudStep) -> CloudStep | None:
    """Return the face that Next leads to, None at the end."""
    ends = (CloudStep.WATCH, CloudStep.BY_HAND)
    return None if step in ends else CloudStep(step.value + 1)


_TEXTS = {
    CloudStep.SIGN_IN: StepText(
        "Permissions",
        "Let Microsoft Entra do it",
        "Entra's own service then keeps everybody in step, about every 40 minutes, and this"
        " computer may be off. For setting it up, these are asked for, and nothing else.",
    ),
    CloudStep.TOKEN: StepText(
        "Token and application",
        "Say what Entra signs in to Webex with",
        "Nothing is sent anywhere yet. The next pages say first what would happen.",
    ),
    CloudStep.PEOPLE: StepText(
        "People",
        "See what Entra's service would do to people",
        "By its own rules, which are not all those of this computer. Nothing is changed by this.",
    ),
    CloudStep.CHANGES: StepText(
        "Changes",
        "See what would be changed in Microsoft Entra",
        "Nothing has been changed yet. Exactly what stands here is done, and nothing else.",
    ),
    CloudStep.WATCH: StepText(
        "Watch",
        "Watch Microsoft Entra at work",
        "How the service stands, what it did for whom, and whether that was foretold.",
    ),
    CloudStep.BY_HAND: StepText(
        "By hand",
        "Set it up by hand, point by point",
        "For those who may not write, or like to see it done: every value to copy, and the page it"
        " belongs to.",
    ),
}
