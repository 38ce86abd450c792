"""Rows of what did not come out as planned, and of a run's journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sparkwizard.gui.models.actions import KIND_ICONS
from sparkwizard.gui.theme import Tone
from sparkwizard.gui.widgets import Column, RowsModel
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.wizard.changes import KIND_WORDS
from sparkwizard.wizard.outcome import Compared, failure_words

__all__ = ["Failure", "compared_model", "failures_model", "journal_model"]


@dataclass(frozen=True, slots=True)
class Failure:
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


def journal_model(records: Sequence[ActionRecord]) -> RowsModel[ActionRecord]:
    """Return the table of one run's actions as the journal keeps them."""
    return RowsModel(
        [
            Column[ActionRecord](
                "Person",
                lambda row: row.action.label,
                icon=lambda row: KIND_ICONS[row.action.kind],
                strong=True,
                width=170,
            ),
            Column[ActionRecord]("Change", lambda row: KIND_WORDS[row.action.kind], width=84),
            Column[ActionRecord](
                "Outcome",
                lambda row: _STATE_WORDS[row.state],
                icon=lambda row: _standing_icon(row.state),
                width=120,
            ),
            Column[ActionRecord]("Why", lambda row: row.message, width=120, stretch=True),
            Column[ActionRecord](
                "Tracking ID",
                lambda row: row.tracking_id,
                tone=Tone.MUTED,
                width=200,
                meaning="Webex's own number of the request. Cisco's support asks for it.",
            ),
            Column[ActionRecord](
                "At",
                lambda row: f"{row.at:%H:%M:%S}" if row.at else "",
                tone=Tone.MUTED,
                width=78,
            ),
        ],
        records,
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
