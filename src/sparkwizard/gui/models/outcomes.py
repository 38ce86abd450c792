"""Rows of what did not come out as planned, and of a run's journal."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.models.actions import KIND_ICONS
from sparkwizard.gui.widgets import Column, RowsModel
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.wizard.plan.changes import KIND_WORDS, what_changes
from sparkwizard.wizard.plan.group_words import one_group_change
from sparkwizard.wizard.run.outcome import Compared, failure_words

__all__ = ["Failure", "JournalRow", "compared_model", "failures_model", "journal_model"]


class Failure(msgspec.Struct, frozen=True):
    """Hold an outcome and when it came."""

    outcome: Outcome
    at: datetime | None = None

    @property
    def time(self) -> str:
        """Return the time of day."""
        return f"{self.at:%H:%M:%S}" if self.at else ""


def failures_model(*, with_time: bool = True) -> RowsModel[Failure]:
    """Return the table of what failed: who, what did not happen, why, and when."""
    columns = [
        Column[Failure](
            "Person",
            lambda row: row.outcome.action.label,
            icon=lambda row: _standing_icon(row.outcome.state),
            strong=True,
            width=170,
        ),
        Column[Failure]("Outcome", lambda row: failure_words(row.outcome), width=110),
        Column[Failure]("Why", lambda row: row.outcome.message, width=240, stretch=True),
    ]
    if with_time:
        columns.append(Column[Failure]("At", lambda row: row.time, tone=Tone.MUTED, width=84))
    return RowsModel(columns)


def compared_model() -> RowsModel[Compared]:
    """Return the table of predicted against actual."""
    return RowsModel(
        [
            Column[Compared](
                "", lambda row: row.label, icon=lambda row: KIND_ICONS[row.kind], width=180
            ),
            Column[Compared]("Predicted", lambda row: f"{row.predicted:,}", width=110),
            Column[Compared]("Actual", lambda row: f"{row.actual:,}", width=110),
            Column[Compared](
                "Outcome", lambda row: row.words, icon=_compared_icon, width=200, stretch=True
            ),
        ]
    )


class JournalRow(msgspec.Struct, frozen=True):
    """Hold what a run did to a person, or to a group."""

    record: ActionRecord
    of_group: bool = False

    @property
    def icon(self) -> tuple[str, str]:
        """Return the icon of the kind of change, or that of a group."""
        icon, tone = KIND_ICONS[self.record.action.kind]
        return ("people", tone) if self.of_group else (icon, tone)

    @property
    def what(self) -> str:
        """Return what was said when it was carried out, else what it is about."""
        action = self.record.action
        words = one_group_change(action) if self.of_group else what_changes(action)
        return self.record.message or words


def journal_model(
    records: Sequence[ActionRecord], groups: Sequence[ActionRecord] = ()
) -> RowsModel[JournalRow]:
    """Return the table of one run's actions as the journal keeps them, people first."""
    return RowsModel(
        [
            Column[JournalRow](
                "Person or group" if groups else "Person",
                lambda row: row.record.action.label,
                icon=lambda row: row.icon,
                strong=True,
                width=170,
            ),
            Column[JournalRow]("Change", lambda row: KIND_WORDS[row.record.action.kind], width=84),
            Column[JournalRow](
                "Outcome",
                lambda row: _STATE_WORDS[row.record.state],
                icon=lambda row: _standing_icon(row.record.state),
                width=120,
            ),
            Column[JournalRow]("What, or why not", lambda row: row.what, width=160, stretch=True),
            Column[JournalRow](
                "Tracking ID",
                lambda row: row.record.tracking_id,
                tone=Tone.MUTED,
                width=160,
                meaning="Webex's own number of the request. Cisco's support asks for it.",
            ),
            Column[JournalRow](
                "At",
                lambda row: f"{row.record.at:%H:%M:%S}" if row.record.at else "",
                tone=Tone.MUTED,
                width=78,
            ),
        ],
        [*map(JournalRow, records), *(JournalRow(record, of_group=True) for record in groups)],
    )


_STATE_WORDS = {
    ActionState.PLANNED: "Not sent",
    ActionState.SENT: "Not known yet",
    ActionState.APPLIED: "Done",
    ActionState.FAILED: "Failed",
    ActionState.NOT_ATTEMPTED: "Left alone",
}


def _standing_icon(state: ActionState) -> tuple[str, str]:
    return {
        ActionState.APPLIED: ("success", Tone.SUCCESS),
        ActionState.FAILED: ("fail", Tone.DANGER),
        ActionState.SENT: ("warning", Tone.WARNING),
    }.get(state, ("skip", Tone.MUTED))


def _compared_icon(row: Compared) -> tuple[str, str]:
    if not row.as_predicted:
        return ("warning", Tone.WARNING)
    return ("info", Tone.MUTED) if row.kind.value == "problem" else ("check", Tone.SUCCESS)
