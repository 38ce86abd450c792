"""What a person must know about a plan before applying it: what is held back, what was odd."""

from enum import StrEnum

import msgspec

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind, Stop
from sparkwizard.wizard.plan.changes import people
from sparkwizard.wizard.plan.group_words import GROUPS_LATER, group_words

__all__ = ["Note", "NoteAction", "notes", "remarks"]


class NoteAction(StrEnum):
    """Name what can be done about a note."""

    NONE = ""
    RAISE_LIMIT = "raise-limit"
    CONFIRM_SOURCE = "confirm-source"
    SHOW_FINDINGS = "show-findings"
    SHOW_GROUPS = "show-groups"
    WATCH_ENTRA = "watch-entra"


class Note(msgspec.Struct, frozen=True):
    """Hold one thing to know; a ``grave`` one holds people back, ``is_news`` is no trouble."""

    grave: bool
    heading: str
    text: str
    action: NoteAction = NoteAction.NONE
    is_news: bool = False


_HARMLESS = frozenset(("guests", "computed-column", "list-miscounted"))
"""Findings to know of, after which nothing is to be done or looked at."""


def remarks(plan: Plan) -> str:
    """Return how many things there are to know of that no note tells, in words; or nothing."""
    number = len(plan.findings)
    if not number or any(finding.code not in _HARMLESS for finding in plan.findings):
        return ""  # a note leads to all of them
    return "1 remark" if number == 1 else f"{number:,} remarks"


def notes(plan: Plan) -> tuple[Note, ...]:
    """Return the notes of a plan, the gravest first."""
    return (*_stops(plan), *_group_stop(plan), *_groups(plan), *_oddities(plan))


def _stops(plan: Plan) -> list[Note]:
    by_reason: dict[str, list[Stop]] = {}
    for stop in plan.stops:
        by_reason.setdefault(stop.reason.code, []).append(stop)
    return [_stop(code, stops) for code, stops in by_reason.items()]


def _stop(code: str, stops: list[Stop]) -> Note:
    number = sum(stop.count for stop in stops)
    text = stops[0].reason.text.removeprefix("Not removed: ")
    text = text[:1].upper() + text[1:]
    kinds = {stop.action for stop in stops}
    lose = "be deleted" if kinds == {ActionKind.DELETE} else "lose access"
    heading = f"{people(number)} would {lose}: held back"
    action = {
        "too-many-removals": NoteAction.RAISE_LIMIT,
        "source-changed": NoteAction.CONFIRM_SOURCE,
    }.get(code, NoteAction.NONE)
    return Note(True, heading, text, action)


def _group_stop(plan: Plan) -> list[Note]:
    if not (plan.groups and plan.groups.stop):
        return []
    heading = "Too many people would leave groups: held back"
    return [Note(True, heading, plan.groups.stop.text, NoteAction.RAISE_LIMIT)]


def _groups(plan: Plan) -> list[Note]:
    """Tell what happens to groups, which the table of people does not show."""
    words = group_words(plan.groups.counts) if plan.groups else ""
    words = f"{words} {GROUPS_LATER}" if plan.groups_to_write and plan.to_write else words
    return [Note(False, "Groups", words, NoteAction.SHOW_GROUPS, True)] if words else []


def _oddities(plan: Plan) -> list[Note]:
    found = []
    if serious := [finding for finding in plan.findings if finding.code not in _HARMLESS]:
        number = len(serious)
        heading = "1 thing to look at" if number == 1 else f"{number:,} things to look at"
        if not (plan.source_complete and plan.users_complete):
            heading = "Not everything could be read, so nobody loses access"
        text = serious[0].text
        more = NoteAction.SHOW_FINDINGS if len(plan.findings) > 1 else NoteAction.NONE
        found.append(Note(False, heading, text, more))
    elif not (plan.source_complete and plan.users_complete) and not plan.stops:
        side = "people" if not plan.source_complete else "Webex users"
        text = f"The {side} could not be read completely."
        found.append(Note(False, "Nobody loses access in this run", text))
    if not plan.operator_guarded:
        found.append(
            Note(
                False,
                "SparkWizard can't tell which user the token belongs to",
                "Make sure that you are not among the people who would lose access.",
            )
        )
    return found
