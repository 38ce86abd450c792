"""What becomes of a setup that is left before it was applied: asked first, kept, offered again."""

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.frame.window_parts import LeaveQuestion
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import Draft, load_draft
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["draft_of", "unfinished_question"]


def unfinished_question(
    state: WizardState, step: Step, opened_with: Profile | None
) -> LeaveQuestion | None:
    """Return what to ask before Escape or Cancel leaves a setup that was begun, if anything.

    ``opened_with`` is the saved setup whose overview is returned to; unchanged, nothing is left
    unfinished.
    """
    if not state.token or step is Step.START or not step.numbered:
        return None
    if opened_with is not None:
        if state.profile == opened_with:
            return None
        return LeaveQuestion(
            "Leave these changes unfinished?",
            "Nothing was changed in Webex, and the saved setup is as it was. Its overview offers to"
            " go on here.",
        )
    again = "" if state.token_kept else " The token has to be pasted again."
    return LeaveQuestion(
        "Leave this setup unfinished?",
        f"Nothing was changed in Webex. The next start offers to go on here.{again}",
    )


def draft_of(places: Places, profile: Profile) -> Draft | None:
    """Return changes of a saved setup that were not finished; one that can't be read is none."""
    try:
        draft = load_draft(places)
    except SparkWizardError:
        return None  # the first page tells of it
    mine = draft is not None and draft.editing == profile.name
    return draft if mine and draft is not None and draft.profile != profile else None
