"""A table of its own for what a page has room to count only, with a button that copies it all."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Column,
    CopyButton,
    DataTable,
    RowsModel,
    SecondaryButton,
    SectionLabel,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size

__all__ = ["ListDialog"]


class ListDialog[R](QDialog):
    """Show rows in columns; opened, never ``exec``-ed.

    ``what`` names what is copied, ``copied`` makes a line of it for each row, ``words`` stand under
    the ``heading``.
    """

    def __init__(
        self,
        parent: QWidget,
        *,
        title: str,
        heading: str,
        columns: Sequence[Column[R]],
        rows: Iterable[R],
        what: str,
        copied: Callable[[R], str],
        words: str = "",
    ) -> None:
        super().__init__(parent)
        self._copied = copied
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(680, 440)
        keep_size(self)
        self.model: RowsModel[R] = RowsModel(columns, rows)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel(heading))
        if words:
            column.addWidget(WrapLabel(words, tone=Tone.MUTED))
        column.addWidget(TableCard(DataTable(self.model, name=title)), 1)
        foot.addWidget(CopyButton(self._text, what=what, text="Copy all"))
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(foot)

    def _text(self) -> str:
        return "\n".join(map(self._copied, self.model.rows))
