"""What the foretelling of Entra's service says: how many, and what this computer would do."""

from collections.abc import Mapping

from sparkwizard.provisioning.by_entra import Foresight
from sparkwizard.provisioning.types import Action, ActionKind, Counts, Reason
from sparkwizard.values import replace
from sparkwizard.wizard.plan.changes import people, why

__all__ = [
    "FORETOLD_TILES",
    "foretold_words",
    "here_words",
    "otherwise_words",
    "with_both_reasons",
]

FORETOLD_TILES: Mapping[ActionKind, str] = {
    ActionKind.CREATE: "Create",
    ActionKind.UPDATE: "Update",
    ActionKind.DISABLE: "Disable",
    ActionKind.UNCHANGED: "Unchanged",
    ActionKind.SKIPPED: "Left out",
    ActionKind.PROBLEM: "Fail",
}
"""What the kinds are called where it is Entra's service that acts; it deletes in no first cycle."""

_HERE: Mapping[ActionKind, str] = {
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
        (counts.create, "gets a new Webex user", "get a new Webex user"),
        (counts.update, "is changed", "are changed"),
        (counts.disable, "loses access", "lose access"),
        (counts.delete, "is deleted", "are deleted"),
        (counts.unchanged, "stays as they are", "stay as they are"),
        (counts.skipped, "is left out", "are left out"),
        (counts.problem, "fails", "fail"),
    ]
    told = [f"{number:,} {one if number == 1 else many}" for number, one, many in parts if number]
    return f"By Entra's service {', '.join(told)}." if told else "Nobody is foretold."


def here_words(here: Action | None) -> str:
    """Say what this computer would do with somebody, and why; "" where it does the same."""
    if here is None:
        return ""
    named = f" ({here.user_name})" if here.webex_id else ""
    return f"This computer would {_HERE[here.kind]}{named}: {why(here)}"


def otherwise_words(found: Foresight) -> tuple[str, str]:
    """Return a heading and a sentence on those whom both treat otherwise, empty for nobody."""
    number = len(found.here)
    if not number:
        return "", ""
    them, are = ("them", "are") if number > 1 else ("this person", "is")
    return (
        f"{people(number)} {are} treated otherwise than by this computer",
        f"Entra's service has rules of its own. Look at {them} before you hand over.",
    )


def with_both_reasons(action: Action, here: Mapping[str, Action]) -> Action:
    """Return an action that also says why this computer would do something else."""
    words = here_words(here.get(action.source_id))
    if not words:
        return action
    return replace(action, reasons=(*action.reasons, Reason("here", words)))
