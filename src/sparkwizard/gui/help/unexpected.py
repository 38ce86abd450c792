"""Tell of an error that nobody foresaw: what it is called, with a copy for support."""

import logging
import platform
import traceback

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from sparkwizard import __version__
from sparkwizard.gui.look.theme import SPACE, Theme, Tone
from sparkwizard.gui.widgets import (
    CopyButton,
    IconText,
    Message,
    MessageKind,
    SecondaryButton,
    StripAction,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.runs.processes.endings import Ending

__all__ = ["TextView", "UnexpectedDialog", "details_of", "ending_message"]

_log = logging.getLogger(__name__)


class TextView(QPlainTextEdit):
    """Show plain text of many lines that can be read, selected and copied, not changed."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(text)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFont(Theme.current().font("mono"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        # a text that is only read takes the keyboard like one that is written
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )


class UnexpectedDialog(QDialog):
    """Say that something went wrong inside, and what to do; opened, never ``exec``-ed.

    What follows while it is open is added to it: one fault may come a hundred times a second.
    """

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("SparkWizard")
        self.resize(620, 400)
        keep_size(self)
        self._more = 0
        self._report = ""
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(
            IconText("fail", "SparkWizard met a fault of its own", tone=Tone.DANGER, role="section")
        )
        column.addWidget(
            WrapLabel(
                "What you were doing did not finish. Nothing that was written to Webex is lost from"
                " the journal. Copy the report for support, then try again."
            )
        )
        self.text = TextView("Report of the fault, without secrets")
        column.addWidget(self.text, 1)
        self.repeated = WrapLabel("", tone=Tone.MUTED)
        self.repeated.setVisible(False)
        column.addWidget(self.repeated)
        self.copy = CopyButton(lambda: self._report, what="the report", text="Copy report")
        foot.addWidget(self.copy)
        foot.addStretch(1)
        close = SecondaryButton("&Close", on_click=self.close)
        foot.addWidget(close)
        column.addLayout(foot)
        self._show(error)
        close.setFocus()

    def again(self, error: BaseException) -> None:
        """Count another fault, and log it."""
        _log.error("Unexpected, too", exc_info=error)
        self._more += 1
        many = "once more" if self._more == 1 else f"{self._more:,} times more"
        self.repeated.setText(f"Something went wrong {many} since. The log holds every fault.")
        self.repeated.setVisible(True)

    def _show(self, error: BaseException) -> None:
        _log.error("Unexpected", exc_info=error)
        self._report = details_of(error)
        self.text.setPlainText(self._report)


def details_of(error: BaseException) -> str:
    """Return an error with its traceback, every secret and e-mail address taken out."""
    lines = "".join(traceback.format_exception(error))
    return _report(lines)


def ending_message(ending: Ending) -> Message:
    """Return what to say at the start after the program crashed or was ended from outside."""
    report = _report(f"Started {ending.started:%Y-%m-%d %H:%M}\n{ending.trace or 'No trace.'}")
    copy = StripAction("Copy report", lambda: QGuiApplication.clipboard().setText(report), "copy")
    after = (
        " Nothing that was written to Webex is lost: a run that was cut off goes on, or is settled,"
        " at the next preview and apply."
    )
    if ending.trace:
        return Message(MessageKind.WARNING, "SparkWizard crashed last time", after.strip(), (copy,))
    return Message(
        MessageKind.INFO,
        "SparkWizard did not end as usual last time",
        "It was ended from outside, or the computer went down." + after,
    )


def _report(text: str) -> str:
    # late: the first window does without
    from sparkwizard.net.redact import redact  # noqa: PLC0415
    from sparkwizard.runs.support.people import without_addresses  # noqa: PLC0415

    head = (
        f"SparkWizard {__version__}, Python {platform.python_version()}, Qt {qVersion()},"
        f" {platform.platform()}"
    )
    return without_addresses(redact(f"{head}\n{text}".rstrip()))
