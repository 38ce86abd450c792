"""The parts of the Start page: saved setups, what is needed, and how the connector stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    Column,
    DataTable,
    HLine,
    IconLabel,
    LinkButton,
    RowsModel,
    Section,
    TableCard,
    WrapLabel,
)

__all__ = ["NEEDS", "SUPPORT_LINK", "NeedsCard", "SavedRow", "SavedSetups", "Standing"]

# the tutorial names it for questions about the early field testing of the connector
SUPPORT_LINK = "https://www.webex.co.in/support/support-overview.html"


@dataclass(frozen=True, slots=True)
class SavedRow:
    """Hold one saved setup as the table shows it; ``problem`` says why it can't be opened."""

    name: str
    organization: str = ""
    last_run: str = ""
    token: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Name one thing to have at hand, and where to find it."""

    icon: str
    what: str
    where: str
    link: str = ""
    url: str = ""


NEEDS = (
    Need(
        "key",
        "A Webex administrator's token",
        "You get one on the next page; signing in as a full administrator is enough.",
        "Webex Control Hub",
        "https://admin.webex.com",
    ),
    Need(
        "people",
        "The people, as a file exported from Microsoft Entra ID",
        "Entra admin centre: Users, All users, Download users.",
        "Entra admin centre",
        "https://entra.microsoft.com",
    ),
    Need(
        "shield",
        "Somebody who may approve it",
        "Whoever answers for accounts in your company. Show the preview before you apply it.",
    ),
)


class SavedSetups(QWidget):
    """List the saved setups; ``opened`` comes with the name of one that was opened."""

    opened = Signal(str)
    selected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = RowsModel[SavedRow](
            (
                Column("Name", lambda row: row.name, icon=_mark, strong=True, width=150),
                Column(
                    "Organization",
                    lambda row: _UNREADABLE if row.problem else row.organization,
                    stretch=True,
                ),
                Column("Last run", lambda row: row.last_run, width=150),
                Column(
                    "Token", lambda row: row.token, width=96, meaning="How long the token lives on."
                ),
            )
        )
        self.table = DataTable(self.model, name="Saved setups")
        self.table.row_opened.connect(self._open)
        self.table.row_selected.connect(lambda row: self.selected.emit(row.name if row else ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(TableCard(self.table))

    def set_rows(self, rows: Iterable[SavedRow]) -> None:
        """Show these setups; the one that was selected stays so."""
        before = self.table.selected_row()
        self.model.set_rows(rows)
        again = self.model.find(lambda row: before is not None and row.name == before.name)
        if again.isValid():
            self.table.setCurrentIndex(again)
        else:
            good = self.model.find(lambda row: not row.problem)
            self.table.setCurrentIndex(good) if good.isValid() else self.table.select_first()

    def choice(self) -> SavedRow | None:
        """Return the selected setup."""
        return self.table.selected_row()

    def _open(self, row: SavedRow | None) -> None:
        if row is not None and not row.problem:
            self.opened.emit(row.name)


class NeedsCard(Section):
    """Say what one will be asked for, and where each thing is found."""

    def __init__(self) -> None:
        super().__init__("What you will need")
        card = Card(flush=True)
        card.setAccessibleName("What you will need")
        for at, need in enumerate(NEEDS):
            if at:
                card.body.addWidget(HLine())
            card.body.addWidget(self._row(need))
        self.body.addWidget(card)
        self.body.addStretch(1)

    @staticmethod
    def _row(need: Need) -> QWidget:
        shown = QWidget()
        row = QHBoxLayout(shown)
        row.setContentsMargins(SPACE.l, SPACE.s, SPACE.l, SPACE.s)
        row.setSpacing(SPACE.m)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrapLabel(need.what))
        words.addWidget(WrapLabel(need.where, tone=Tone.MUTED, role="note"))
        row.addWidget(IconLabel(need.icon, tone=Tone.ACCENT))
        row.addLayout(words, 1)
        if need.url:
            row.addWidget(LinkButton(need.link, need.url))
        return shown


class Standing(QWidget):
    """Say how the connector stands at Cisco, with the link for questions."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        self._words = WrapLabel(
            "Cisco calls provisioning from Microsoft Entra a preview (early field testing).",
            tone=Tone.MUTED,
        )
        row.addWidget(IconLabel("info", tone=Tone.MUTED, size=16))
        row.addWidget(self._words, 1)
        row.addWidget(LinkButton("Cisco's support team", SUPPORT_LINK))


_UNREADABLE = "Can't be opened"


def _organization(row: SavedRow) -> str:
    return _UNREADABLE if row.problem else row.organization


def _mark(row: SavedRow) -> tuple[str, str]:
    return ("warning", Tone.WARNING) if row.problem else ("building", Tone.MUTED)
