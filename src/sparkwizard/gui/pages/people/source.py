"""The first half of the People page: sign in to Entra, or choose a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import override

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import RADIUS_CARD, SPACE, Theme, Tone, tooltip_text
from sparkwizard.gui.pages.people.entra_card import EntraCard
from sparkwizard.gui.widgets import (
    Card,
    Columns,
    ElidedLabel,
    IconLabel,
    IconText,
    Label,
    LinkButton,
    SecondaryButton,
    WrapLabel,
    clear_layout,
)
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["ENTRA_ADMIN_CENTER", "DropCard", "SourcePanel"]

ENTRA_ADMIN_CENTER = "https://entra.microsoft.com"
_ROOM_FOR_ICON = 168
_STEPS = (
    "Sign in to the Entra admin centre.",
    "Open Users, then All users.",
    "Press Download users and wait for the file.",
)


class DropCard(QWidget):
    """Take a file by drop or by a button; the edge is dashed, and lit while a file hovers."""

    browse = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lit = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.m, SPACE.xl, SPACE.m)
        column.setSpacing(SPACE.s)
        center = Qt.AlignmentFlag.AlignHCenter
        self.title = WrapLabel("Drop the file of people here", role="heading")
        self.title.setAlignment(center)
        hint = WrapLabel("A CSV file, as the Entra admin centre downloads it.", tone=Tone.MUTED)
        hint.setAlignment(center)
        self.button = SecondaryButton("Bro&wse…", icon_name="folder", on_click=self.browse.emit)
        self.button.setAccessibleName("Browse for the file of people")
        column.addStretch(1)
        self.mark = IconLabel("upload", tone=Tone.MUTED, size=40)
        column.addWidget(self.mark, 0, center)
        column.addWidget(self.title)
        column.addWidget(hint)
        column.addSpacing(SPACE.xs)
        column.addWidget(self.button, 0, center)
        column.addStretch(1)

    def light(self, *, lit: bool) -> None:
        """Show whether a file hovers that can be dropped."""
        self._lit = lit
        self.title.setText("Let go to read it" if lit else "Drop the file of people here")
        self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        """Ask for the words and the button; the icon only comes where there is room."""
        return QSize(240, 112)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the icon out where it would crowd the words."""
        super().resizeEvent(event)
        self.mark.setVisible(self.height() >= _ROOM_FOR_ICON)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed box."""
        theme, painter = Theme.current(), QPainter(self)
        box = QRectF(self.rect())
        if self._lit:
            rounded(painter, box, radius=RADIUS_CARD, fill=theme.tint)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.accent if self._lit else theme.edge, 2 if self._lit else 1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_CARD, RADIUS_CARD)


class SourcePanel(QWidget):
    """Offer Entra, and the ways to name a file: drop, browse, recent, the practice company's."""

    browse = Signal()
    file_chosen = Signal(str)
    practice_chosen = Signal()
    keep_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        self.practice = _practice_card(self.practice_chosen.emit)
        self.entra = EntraCard()
        self.drop = DropCard()
        self.drop.browse.connect(self.browse)
        self.recent = Card()
        self.recent.body.addWidget(Label("Recent files", role="section"))
        self._recent_rows = QVBoxLayout()
        self._recent_rows.setSpacing(SPACE.xs)
        self.recent.body.addLayout(self._recent_rows)
        self.recent.body.addStretch(1)
        column.addWidget(self.practice)
        column.addWidget(Columns(self.entra, self.drop, stack_below=480), 1)
        column.addWidget(Columns(_how_to(), self.recent, stack_below=480))
        self.keep = LinkButton("", on_click=self.keep_chosen.emit)
        column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)

    def show_choices(self, *, practice: bool, recent: Sequence[Path], kept: str) -> None:
        """Offer the practice company or not, these recent files, and the file read before."""
        self.keep.setVisible(bool(kept))
        self.keep.setText(f"Keep {_short(kept)} and go back to its people")
        self.keep.setAccessibleName(self.keep.text())
        self.keep.updateGeometry()
        self.practice.setVisible(practice)
        clear_layout(self._recent_rows)
        self.recent.setVisible(bool(recent))
        for path in recent[:3]:
            self._recent_rows.addWidget(self._recent_row(path))

    def _recent_row(self, path: Path) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE.s)
        link = LinkButton(_short(path.name), on_click=lambda: self.file_chosen.emit(str(path)))
        link.setAccessibleName(f"Read {path.name} again")
        link.setToolTip(tooltip_text(str(path)))
        line.addWidget(IconLabel("document", tone=Tone.MUTED, size=16))
        line.addWidget(link)
        line.addWidget(ElidedLabel(str(path.parent), tone=Tone.MUTED), 1)
        return row


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:16]}…{name[-11:]}"


def _practice_card(choose: object) -> Card:
    card = Card(tone=Tone.WARNING)
    row = QHBoxLayout()
    row.setSpacing(SPACE.m)
    words = IconText(
        "flask",
        "The practice company has a file of its own, with people as odd as real ones.",
        tone=Tone.WARNING,
        size=20,
        wrap=True,
    )
    button = SecondaryButton("Use the &practice company", on_click=choose)  # type: ignore[arg-type]  # a bound signal's emit
    row.addWidget(words, 1)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
    card.body.addLayout(row)
    return card


def _how_to() -> Card:
    card = Card()
    card.body.addWidget(Label("How to get the file", role="section"))
    for number, text in enumerate(_STEPS, start=1):
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(Label(f"{number}.", tone=Tone.MUTED), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(WrapLabel(text), 1)
        card.body.addLayout(row)
    card.body.addWidget(LinkButton("Open entra.microsoft.com", ENTRA_ADMIN_CENTER))
    card.body.addStretch(1)
    return card
