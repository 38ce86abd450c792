"""What the window takes: pages with places, the flow, a store, the question before leaving."""

from collections.abc import Callable
from typing import Protocol

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from sparkwizard.gui.frame.page import WizardPage

__all__ = ["Flow", "GeometryStore", "LeaveQuestion", "PageSpec", "ask"]


class Flow(Protocol):
    """Say which step follows; the product's flow is pure and lives in ``wizard``."""

    def next(self, step: str) -> str | None:
        """Return the step after ``step``, or ``None`` at the end."""


class GeometryStore(Protocol):
    """Keep the window's place and size; ``QSettings`` is one."""

    def value(self, key: str, /) -> object:
        """Return what was kept under a key."""

    def setValue(self, key: str, value: object, /) -> None:
        """Keep a value under a key."""


class PageSpec(msgspec.Struct, frozen=True):
    """Place a page: its step, its words in the rail, and an icon where it has no number."""

    step: str
    label: str
    page: WizardPage
    icon: str = ""


class LeaveQuestion(msgspec.Struct, frozen=True):
    """Ask before leaving, where work would be lost."""

    text: str
    informative: str = ""
    leave: str = "&Leave"
    stay: str = "&Stay"


def ask(over: QWidget, question: LeaveQuestion, answered: Callable[[bool], object]) -> QMessageBox:
    """Ask over a window, and hand on whether to leave; Enter and Escape stay."""
    box = QMessageBox(over)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("SparkWizard")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question.text)
    box.setInformativeText(question.informative)
    leave = box.addButton(question.leave, QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(question.stay, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.finished.connect(lambda _code: answered(box.clickedButton() is leave))
    box.open()  # never exec(): a nested loop loses the tasks of the outer one
    return box
