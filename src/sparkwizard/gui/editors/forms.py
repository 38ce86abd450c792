"""Lay out the rows of an editor: names on the left, fields on the right."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import Label, WrapLabel
from sparkwizard.provisioning.mapping.filling import RuleFinding

__all__ = ["beside", "named", "say", "stacked"]


def named(text: str, buddy: QWidget, meaning: str = "") -> QLabel:
    """Return the name of a field, level with its first line; Alt and its letter lead there."""
    label = Label(text)
    label.setMinimumHeight(buddy.sizeHint().height())
    label.setBuddy(buddy)
    label.setToolTip(meaning)
    return label


def stacked(*widgets: QWidget) -> QWidget:
    """Return widgets one below the other."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE.xs)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def beside(*widgets: QWidget, spacing: int = SPACE.l) -> QWidget:
    """Return widgets side by side, from the left."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder


def say(words: WrapLabel, finding: RuleFinding | None) -> None:
    """Show what is wrong with a field below it, or nothing."""
    words.setText(f"{finding.reason.text} {finding.fix}".strip() if finding else "")
    words.setVisible(finding is not None)
    if finding is not None:
        words.set_tone(Tone.DANGER if finding.is_error else Tone.WARNING)
