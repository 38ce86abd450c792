"""What the local buttons say while Entra's own service runs the same setup. Pure."""

from sparkwizard.runs.cloud.types import KnownJob
from sparkwizard.wizard.plan.preview_notes import Note, NoteAction

__all__ = ["apply_words", "engine_note"]


def apply_words(changes: str, *, entra_runs: bool) -> str:
    """Return what the button says that applies changes from this computer."""
    return f"&Apply {changes} beside Entra" if entra_runs else f"&Apply {changes}"


def engine_note(known: KnownJob | None) -> Note | None:
    """Return what is to be known before anything is applied here, None while Entra's job is off."""
    if known is None or not known.on:
        return None
    return Note(
        grave=False,
        heading="Microsoft Entra provisions this setup by itself",
        text="What is applied here too, its next cycle may change back.",
        action=NoteAction.WATCH_ENTRA,
    )
