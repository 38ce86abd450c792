"""Show everything that was odd about a source, with row numbers, for reading and copying."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.widgets import CopyButton, SecondaryButton, SectionLabel
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.types import Reason

__all__ = ["SourceFindingsDialog"]


class SourceFindingsDialog(QDialog):
    """List findings as plain text; opened with ``open()``, gone when closed."""

    def __init__(self, findings: Sequence[Reason], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Findings")
        self.resize(560, 360)
        keep_size(self)
        text = "\n\n".join(finding.text for finding in findings)
        self.list = QPlainTextEdit(text)
        self.list.setReadOnly(True)
        self.list.document().setDocumentMargin(9)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName("What was odd while reading")
        close = SecondaryButton("&Close", on_click=self.accept)
        close.setDefault(True)
        row = QHBoxLayout()
        row.addWidget(CopyButton(text, what="the findings"))
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("What was odd while reading", buddy=self.list))
        column.addWidget(self.list, 1)
        column.addLayout(row)
