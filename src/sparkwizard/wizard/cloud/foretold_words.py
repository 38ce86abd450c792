"""What the foretelling of Entra's service says: how many, and what this computer would do."""

from sparkwizard.provisioning.types import Action, ActionKind, Counts
from sparkwizard.wizard.changes import people, why

__all__ = ["foretold_words", "here_words"]

_HERE: dict[ActionKind, str] = {
    ActionKind.CREATE: "give them a new Webex user",
    ActionKind.UPDATE: "change their Webex user",
    ActionKind.DISABLE: "take their access away",
    ActionKind.DELETE: "delete their Webex user",
    ActionKind.UNCHANGED: "leave them as they are",
    ActionKind.SKIPPED: "leave them alone",
    ActionKind.PROBLEM: "leave them alone",
}


def foretold_words(counts: Counts) -> str:
    """Say what happens to how many people."""
    parts = [
        (counts.create, "get a new Webex user"),
        (counts.update, "are changed"),
        (counts.disable, "lose access"),
        (counts.delete, "are deleted"),
        (counts.unchanged, "stay as they are"),
        (counts.skipped, "are left out"),
        (counts.problem, "fail"),
    ]
    told = [f"{number:,} {words}" for number, words in parts if number]
    return f"By Entra's service {', '.join(told)}." if told else "Nobody is foretold."


def here_words(here: Action | None) -> str:
    """Say what this computer would do with somebody, and why; "" where it does the same."""
    if here is None:
        return ""
    return f"This computer would {_HERE[here.kind]} ({here.user_name}): {why(here)}"


def otherwise_words(number: int) -> str:
    """Say how many are treated otherwise than this computer would."""
    return f"{people(number)} otherwise than by this computer"
