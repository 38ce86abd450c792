"""Say in the window, with its buttons, what errors and plans say for the command line."""

from sparkwizard.errors import SparkWizardError

__all__ = ["in_window", "window_fix"]

_BY_CODE = {
    "sign-in-needed": "Sign in under Permissions.",
    "cloud-not-set-up": "Set it up first: Permissions, Token and application, Changes.",
    "cloud-plan-unknown": "Read again, look at the list, and press the button then.",
    "cloud-plan-setup-changed": "Read again, and look at the new list first.",
    "entra-runs": "Switch Entra's job off first, or allow both for this once: then each may undo"
    " what the other did.",
}
_INSTEAD = {
    "“cloud restore-schema” puts it back.": "Upkeep, under Watch, puts it back.",
    "“cloud restore-schema” without a number lists those that were.": "Choose one of the list.",
    " (“cloud plan”)": "",
}


def window_fix(error: SparkWizardError) -> str:
    """Return what to do about an error, as whoever looks at the window can do it."""
    return _BY_CODE.get(error.code) or in_window(error.fix)


def in_window(text: str) -> str:
    """Return a text with what the window has in place of commands."""
    for command, words in _INSTEAD.items():
        text = text.replace(command, words)
    return text
