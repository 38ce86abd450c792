"""Enter values: secrets, searches, limits; show values to copy; switch with an explanation."""

import re
from typing import override

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.gui.look.icons import icon
from sparkwizard.gui.look.theme import SPACE, Tone, set_property, tooltip_text
from sparkwizard.gui.widgets.buttons import CopyButton, IconButton, SecondaryButton
from sparkwizard.gui.widgets.entering.controls import CheckBox
from sparkwizard.gui.widgets.labels import Label, WrapLabel

__all__ = ["CopyField", "NumberOrPercentField", "SearchField", "SecretField", "Toggle"]

_DEBOUNCE_MS = 150


class _SecretEdit(QLineEdit):
    """Hold the eye at its far end; a line edit's own little buttons take no keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.eye = IconButton("eye", "Show", parent=self)
        self.eye.setCheckable(True)
        self.eye.setProperty("kind", "inside")
        self.eye.setCursor(Qt.CursorShape.ArrowCursor)
        self.setTextMargins(0, 0, 30, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the eye at the far end."""
        super().resizeEvent(event)
        box = QRect(self.width() - 32, (self.height() - 26) // 2, 28, 26)
        self.eye.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), box))


class SecretField(QWidget):
    """Take a secret: masked, with an eye to show it and a button to paste it.

    The text lives in the line edit only: never in a wizard field, a log or an undo file.
    """

    changed = Signal(str)
    submitted = Signal()

    def __init__(self, name: str, *, placeholder: str = "") -> None:
        super().__init__()
        self.edit = _SecretEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        hints = Qt.InputMethodHint
        self.edit.setInputMethodHints(hints.ImhSensitiveData | hints.ImhNoPredictiveText)
        self.eye = self.edit.eye
        self.eye.set_words(f"Show {name.lower()}")
        self.eye.toggled.connect(self._show)
        self.paste_button = SecondaryButton("&Paste", icon_name="clipboard", on_click=self._paste)
        self.paste_button.setAccessibleName(f"Paste {name.lower()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        row.addWidget(self.edit, 1)
        row.addWidget(self.paste_button)
        self.setFocusProxy(self.edit)
        self._name = name
        self.edit.textChanged.connect(self.changed)
        self.edit.returnPressed.connect(self.submitted)

    def text(self) -> str:
        """Return what was entered, as it was entered."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Put a secret into the field."""
        self.edit.setText(text)

    def clear(self) -> None:
        """Forget the secret and mask again."""
        self.edit.setText("")  # clear() could be undone with Ctrl+Z
        self.eye.setChecked(False)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Mask again once another page or no dialog is up."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.eye.setChecked(False)

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.edit.setEchoMode(mode.Normal if shown else mode.Password)
        self.eye.set_words(f"{'Hide' if shown else 'Show'} {self._name.lower()}")
        self.eye.set_icon("eye-off" if shown else "eye")

    def _paste(self) -> None:
        # a line edit turns line breaks into spaces; what is cleaned away is told by the page
        self.edit.setText(QGuiApplication.clipboard().text())
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)


def name_actions(edit: QLineEdit) -> None:
    """Give the little buttons inside a line edit the names and tooltips of their actions."""
    for button in edit.findChildren(QToolButton):
        action = button.defaultAction()
        words = action.text() if action is not None and action.text() else "Clear"
        button.setAccessibleName(words)
        button.setToolTip(tooltip_text(words))


class SearchField(QLineEdit):
    """Search as one types; ``searched`` comes 150 ms after the last key."""

    searched = Signal(str)

    def __init__(self, placeholder: str = "Search", *, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name or placeholder)
        self.setPlaceholderText(placeholder)
        self._glass = self.addAction(
            icon("search", Tone.MUTED), QLineEdit.ActionPosition.LeadingPosition
        )
        self._glass.setText("Search")
        self._clear = QAction(icon("close", Tone.MUTED), "Clear the search", self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self.setProperty("lead", "icon")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DEBOUNCE_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(self._wait)
        self.returnPressed.connect(self._now)
        name_actions(self)

    @override
    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window while there is something to empty."""
        if event.type() == QEvent.Type.ShortcutOverride and self._empties(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field with Escape; search with Enter, which must not go on for the page."""
        if self._empties(event):
            self.clear()
            event.accept()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()

    def _empties(self, event: QEvent) -> bool:
        key = event.key() if isinstance(event, QKeyEvent) else None
        return key == Qt.Key.Key_Escape and bool(self.text())

    def _wait(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _now(self) -> None:
        self._timer.stop()
        self.searched.emit(self.text())


class CopyField(QWidget):
    """Show a named value that goes elsewhere, selectable, with a copy button."""

    def __init__(self, name: str, value: str = "", *, mono: bool = True) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        self.label = Label(name, role="note", tone=Tone.MUTED)
        self.value = QLineEdit(value)
        self.value.setReadOnly(True)
        self.value.setAccessibleName(name)
        self.value.setCursorPosition(0)
        if mono:
            self.value.setProperty("role", "mono")
        self.copy = CopyButton(self.value.text, what=name.lower())
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(self.value, 1)
        row.addWidget(self.copy)
        column.addWidget(self.label)
        column.addLayout(row)
        self.label.setBuddy(self.value)

    def set_value(self, value: str) -> None:
        """Show another value from its start."""
        self.value.setText(value)
        self.value.setCursorPosition(0)
        self.value.setToolTip(tooltip_text(value))


class Toggle(QWidget):
    """Switch something, with one sentence that says what happens to whom."""

    toggled = Signal(bool)

    def __init__(self, text: str, explanation: str = "", *, checked: bool = False) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.box: QCheckBox = CheckBox(text)
        self.box.setChecked(checked)
        self.box.setAccessibleDescription(explanation)
        self.explanation = WrapLabel(explanation, tone=Tone.MUTED)
        self.explanation.setContentsMargins(26, 0, 0, 0)
        self.explanation.setVisible(bool(explanation))
        column.addWidget(self.box)
        column.addWidget(self.explanation)
        self.setFocusProxy(self.box)
        self.box.toggled.connect(self.toggled)

    def is_on(self) -> bool:
        """Tell whether it is switched on."""
        return self.box.isChecked()

    def set_on(self, on: bool) -> None:
        """Switch it."""
        self.box.setChecked(on)

    def set_explanation(self, text: str) -> None:
        """Say another sentence, for example with new numbers in it."""
        self.explanation.setText(text)
        self.explanation.setVisible(bool(text))
        self.box.setAccessibleDescription(text)


_LIMIT = re.compile(r"\s*(\d{1,9})\s*(%?)\s*")


class NumberOrPercentField(QLineEdit):
    """Take a limit as a number ("25") or a percentage ("10%"); ``value_changed`` says it."""

    value_changed = Signal(str)

    def __init__(self, name: str, value: str = "") -> None:
        super().__init__(value)
        self.setAccessibleName(name)
        self.setPlaceholderText("10% or 25")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._check)

    def value(self) -> str | None:
        """Return ``"25"`` or ``"10%"``, or ``None`` where the text is neither."""
        found = _LIMIT.fullmatch(self.text())
        if found is None:
            return None
        number = int(found[1])
        return None if found[2] and number > 100 else f"{number}{found[2]}"

    @override
    def sizeHint(self) -> QSize:
        """Take room for a number, not a sentence."""
        return QSize(110, super().sizeHint().height())

    def _check(self) -> None:
        value = self.value()
        set_property(self, "invalid", "false" if value is not None else "true")
        if value is not None:
            self.value_changed.emit(value)
