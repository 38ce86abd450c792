"""The table of the mapping's rules."""

from typing import override

from PySide6.QtGui import QResizeEvent

from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.widgets import Column, DataTable
from sparkwizard.wizard.mapping.editor import RuleRow, ordinal, short_target, when_words

__all__ = ["RULE_COLUMNS", "RulesTable"]

_FROM, _DEFAULT = 1, 3
_SPARED = (22, 0, 4, 0, 0)
"""What each column gives up where the column of defaults is shown too, in pixels."""


def _rule_mark(row: RuleRow) -> tuple[str, str] | None:
    if not row.findings:
        return None
    return ("fail", Tone.DANGER) if row.faulty else ("warning", Tone.WARNING)


def _match_mark(row: RuleRow) -> tuple[str, str] | None:
    precedence = row.rule.matching_precedence
    if precedence is None:
        return None
    return "key", Tone.ACCENT if precedence == 1 else Tone.MUTED


RULE_COLUMNS: tuple[Column[RuleRow], ...] = (
    Column(
        "Webex attribute",
        lambda r: short_target(r.rule.target),
        icon=_rule_mark,
        strong=True,
        width=142,
    ),
    Column(
        "From",
        lambda r: r.rule.expression or "nothing",
        mono=True,
        width=130,
        stretch=True,
        meaning="The attribute or expression of Microsoft Entra that fills it",
    ),
    Column(
        "Match",
        lambda r: ordinal(r.rule.matching_precedence),
        icon=_match_mark,
        width=70,
        meaning="Rules that find the Webex user a person already has, in this order",
        sort_key=lambda r: r.rule.matching_precedence or 999,
    ),
    Column(
        "Default",
        lambda r: r.rule.default or "",
        width=72,
        meaning="What a new user gets where there is no value",
    ),
    Column("When", lambda r: when_words(r.rule), width=82),
)


class RulesTable(DataTable[RuleRow]):
    """Show the rules; the column of defaults only comes up where a rule has one."""

    def show_defaults(self, *, shown: bool) -> None:
        """Show or hide the column of defaults."""
        self.setColumnHidden(_DEFAULT, not shown)
        self._share()

    def forget_sorting(self) -> None:
        """Show the rules in their own order again."""
        self.horizontalHeader().setSortIndicatorShown(False)
        self.model().sort(-1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a hidden column to the expressions."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        tight = not self.isColumnHidden(_DEFAULT)
        room = self.viewport().width()
        for at, column in enumerate(RULE_COLUMNS):
            if at != _FROM and not self.isColumnHidden(at):
                width = column.width - (_SPARED[at] if tight else 0)
                self.setColumnWidth(at, width)
                room -= width
        self.setColumnWidth(_FROM, max(60, room))
