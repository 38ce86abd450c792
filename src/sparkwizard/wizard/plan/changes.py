"""Say in words what a plan would do to a person; no Qt."""

from collections.abc import Mapping
from functools import lru_cache

from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json

__all__ = [
    "KIND_WORDS",
    "attribute_words",
    "headline",
    "kept_values",
    "people",
    "value_words",
    "what_changes",
    "why",
]

KIND_WORDS: Mapping[ActionKind, str] = {
    ActionKind.CREATE: "Create",
    ActionKind.UPDATE: "Update",
    ActionKind.DISABLE: "Disable",
    ActionKind.DELETE: "Delete",
    ActionKind.UNCHANGED: "Unchanged",
    ActionKind.SKIPPED: "Skipped",
    ActionKind.PROBLEM: "Problems",
}
"""What the kinds are called on tiles and in exported files."""


def people(number: int) -> str:
    """Return "1 person" or "2,021 people"."""
    return "1 person" if number == 1 else f"{number:,} people"


@lru_cache(maxsize=1024)
def attribute_words(path: str) -> str:
    """Return what to call a Webex attribute, e.g. "Department"."""
    return label(path)


def value_words(value: Json) -> str:
    """Return a value as a person would write it; no value is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(value_words(each) for each in value)
    if isinstance(value, dict):
        return value_words(value.get("value", value.get("display", "")))
    return str(value)


def what_changes(action: Action) -> str:
    """Return in a few words what happens to a person, e.g. "Department, job title"."""
    if action.kind is ActionKind.CREATE:
        return "New in Webex"
    if action.kind is ActionKind.DELETE:
        return "Deleted for good"
    if action.kind is ActionKind.DISABLE:
        return _listed(["Loses access", *_labels(action, without="active")])
    if action.kind is ActionKind.UPDATE:
        return _listed([_change_words(change) for change in action.changes])
    if action.kind is ActionKind.UNCHANGED:
        return "As it should be"
    return action.reasons[-1].text if action.reasons else ""


def headline(action: Action) -> str:
    """Return one sentence about a person for the panel beside the table."""
    number = len(action.changes)
    words = "1 attribute is" if number == 1 else f"{number} attributes are"
    return {
        ActionKind.CREATE: "Gets a Webex user",
        ActionKind.UPDATE: f"{words} updated",
        ActionKind.DISABLE: "Can no longer sign in to Webex",
        ActionKind.DELETE: "Is deleted in Webex for good",
        ActionKind.UNCHANGED: "Stays as it is",
        ActionKind.SKIPPED: "Is left alone",
        ActionKind.PROBLEM: "Is left alone until this is settled",
    }[action.kind]


def why(action: Action) -> str:
    """Return the reasons as sentences."""
    return " ".join(_sentence(reason.text) for reason in action.reasons if reason.text)


def kept_values(action: Action) -> list[tuple[str, str]]:
    """Return the mapped attributes that stay as they are, with their values."""
    changed = {change.attribute for change in action.changes}
    return [
        (attribute_words(path), value_words(value))
        for path, value in action.before.items()
        if path not in changed
    ]


def _change_words(change: Change) -> str:
    if change.attribute == "active" and change.after is True:
        return "Gets access back"
    return attribute_words(change.attribute)


def _labels(action: Action, *, without: str) -> list[str]:
    return [attribute_words(c.attribute) for c in action.changes if c.attribute != without]


def _listed(words: list[str]) -> str:
    return ", ".join([*words[:1], *map(_lowered, words[1:])])


def _lowered(words: str) -> str:
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."
