"""Tell of an error that nobody foresaw: what it is called, with a copy for support."""

import logging
import platform
import traceback

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard import __version__
from sparkwizard.gui.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    CopyButton,
    IconText,
    MonoLabel,
    SecondaryButton,
    WrapLabel,
)

__all__ = ["UnexpectedDialog", "details_of"]

_log = logging.getLogger(__name__)


class UnexpectedDialog(QDialog):
    """Say that something went wrong inside, and what to do; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(parent)
        _log.error("Unexpected", exc_info=error)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("SparkWizard")
        self.setMinimumWidth(460)
        details = details_of(error)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(
            IconText("fail", "SparkWizard met a fault of its own", tone=Tone.DANGER, role="section")
        )
        column.addWidget(
            WrapLabel(
                "What you were doing did not finish. Nothing that was written to Webex is lost from"
                " the journal. Copy the details for support, then try again."
            )
        )
        column.addWidget(MonoLabel(details.splitlines()[-1], tone=Tone.MUTED))
        self.copy = CopyButton(details, what="the details", text="Copy details")
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(foot)


def details_of(error: BaseException) -> str:
    """Return an error with its traceback, every secret taken out."""
    from sparkwizard.net.redact import redact  # noqa: PLC0415  the first window does without

    lines = "".join(traceback.format_exception(error))
    return redact(f"SparkWizard {__version__}, {platform.platform()}\n{lines}".rstrip())
