"""What happens to groups, in words."""

from sparkwizard.provisioning.group_types import GroupCounts
from sparkwizard.runs.types import GroupResult
from sparkwizard.wizard.changes import people

__all__ = ["group_result_words", "group_words", "groups_text"]


def groups_text(number: int) -> str:
    """Return a number of groups in words, e.g. "3 groups"."""
    return "1 group" if number == 1 else f"{number:,} groups"


def group_words(counts: GroupCounts) -> str:
    """Return what would happen to groups in one sentence, empty where nothing would."""
    parts = [
        (counts.create, f"{groups_text(counts.create)} would be created"),
        (counts.update, f"{groups_text(counts.update)} changed"),
        (counts.members_added, f"{people(counts.members_added)} would join groups"),
        (counts.members_removed, f"{people(counts.members_removed)} would leave groups"),
        (counts.problem, f"{groups_text(counts.problem)} left alone because of a problem"),
    ]
    said = [words for number, words in parts if number]
    return f"{', '.join(said)}." if said else ""


def group_result_words(result: GroupResult | None) -> str:
    """Return what did not happen to groups in one sentence, empty where all went well."""
    if result is None:
        return ""
    left = result.failed + result.not_attempted
    if left:
        changes = "1 change" if left == 1 else f"{left:,} changes"
        return f"{changes} of groups could not be made as planned."
    return result.stop.text if result.stop else ""
