"""The panel beside the preview's table: one person's change field by field, and why."""

import re
from collections.abc import Iterable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.models.actions import KIND_ICONS
from sparkwizard.gui.widgets import (
    Card,
    Change,
    CopyButton,
    DiffRows,
    ElidedLabel,
    EmptyState,
    HLine,
    IconButton,
    IconText,
    KeyValueRows,
    QuietButton,
    WrapLabel,
)
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.provisioning.types import Change as PlannedChange
from sparkwizard.wizard.plan.changes import attribute_words, headline, kept_values, value_words, why

__all__ = ["PersonPanel", "breakable"]

_LONG = re.compile(r"\S{16,}")
_SEAM = re.compile(r"[@._/+-]|\w{12}")


class PersonPanel(Card):
    """Show one action: its attributes "Now" and "Then", the reasons, and what stays as it is.

    ``why_asked`` asks for the whole way to this action.
    """

    why_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(flush=True)
        self._action: Action | None = None
        self._remark = ""
        self.why = IconButton("info", "Why? Step by step", on_click=self._ask_why)
        self.name = ElidedLabel(role="section")
        self.copy = CopyButton(self.as_text, what="what happens to this person", text="")
        self.headline = IconText("info", "", text_tone=Tone.MUTED, wrap=True)
        self.changes = DiffRows()
        self.changes.column.setContentsMargins(SPACE.l - 2, SPACE.s, SPACE.m, SPACE.s)
        self.kept = KeyValueRows(name_width=88)
        self.more = QuietButton("", icon_name="chevron-right", on_click=self._flip)
        self.hint = EmptyState(
            "person", "Choose a person", "What happens to them, and why, is shown here."
        )
        self._head, self._foot = self._head_row(), QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(SPACE.s, 2, SPACE.s, 3)
        foot.setSpacing(2)
        foot.addWidget(self.more)
        self._lines = (HLine(), HLine())
        parts = (self._head, self._lines[0], self.changes, self._lines[1], self._foot)
        for widget in parts:
            self.body.addWidget(widget, 1 if widget is self.changes else 0)
        self.body.addWidget(self.hint, 1)
        self.show_action(None)

    def show_action(self, action: Action | None, remark: str = "") -> None:
        """Show what happens to one person, or ask to choose one; a remark comes before all else."""
        self._action, self._remark = action, remark
        for widget in (self._head, self.changes, self._foot, *self._lines):
            widget.setVisible(action is not None)
        self.hint.setVisible(action is None)
        if action is None:
            return
        self.name.set_text(action.label)
        icon, tone = KIND_ICONS[action.kind]
        self.headline.set(icon, headline(action), tone)
        self._fill_changes(action)
        self._fill_kept(action)
        if remark:
            self.changes.column.insertWidget(0, WrapLabel(remark, tone=Tone.WARNING))
        told = " ".join(filter(None, (remark, why(action))))
        self.setAccessibleName(f"{action.label}. {headline(action)}. {told}")
        self.changes.verticalScrollBar().setValue(0)

    def _ask_why(self) -> None:
        if self._action is not None:
            self.why_asked.emit(self._action)

    def as_text(self) -> str:
        """Return what is shown, as plain text for a message to a colleague."""
        action = self._action
        if action is None:
            return ""
        lines = [f"{action.label} ({action.user_name})", headline(action)]
        lines += [
            f"{attribute_words(c.attribute)}: now {value_words(c.before) or 'empty'},"
            f" then {value_words(c.after) or 'empty'}"
            for c in action.changes
        ]
        return "\n".join(filter(None, [*lines, why(action), self._remark]))

    def _fill_changes(self, action: Action) -> None:
        if action.kind is not ActionKind.CREATE:
            self.changes.set_changes(map(_change, action.changes), why=why(action))
            return
        # who is new has no "Now": names and values side by side say it in half the room
        self.changes.set_changes((), why=why(action))
        rows = [(attribute_words(c.attribute), value_words(c.after)) for c in action.changes]
        self.changes.column.insertWidget(0, _pairs(rows))

    def _fill_kept(self, action: Action) -> None:
        rows = kept_values(action)
        self.kept = _pairs(rows)
        self.kept.setVisible(False)
        self.changes.column.insertWidget(self.changes.column.count() - 1, self.kept)
        many = len(rows) != 1
        stay = "attributes stay as they are" if many else "attribute stays as it is"
        self.more.setText(f"{len(rows)} {stay}")
        self.more.set_icon("chevron-right")
        self._foot.setVisible(bool(rows))
        self._lines[1].setVisible(bool(rows))

    def _flip(self) -> None:
        shown = self.kept.isHidden()
        self.kept.setVisible(shown)
        self.more.set_icon("chevron-down" if shown else "chevron-right")
        if shown:
            QTimer.singleShot(0, self, lambda: self.changes.ensureWidgetVisible(self.kept))

    def _head_row(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(SPACE.l - 2, SPACE.s, SPACE.s, SPACE.s)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.why)
        row.addWidget(self.copy)
        column.addLayout(row)
        column.addWidget(self.headline)
        return head


def _change(change: PlannedChange) -> Change:
    now, then = value_words(change.before), value_words(change.after)
    return Change(attribute_words(change.attribute), breakable(now), breakable(then))


def _pairs(rows: Iterable[tuple[str, str]]) -> KeyValueRows:
    """Return names beside values, each value on one line and whole in its tooltip."""
    pairs = KeyValueRows(name_width=88)
    for name, value in rows:
        pairs.add_row(name, ElidedLabel(value))
    return pairs


def breakable(text: str) -> str:
    """Let a long address or id break between lines, where Qt would cut it off."""
    return _LONG.sub(lambda run: _SEAM.sub("\\g<0>\u200b", run[0]), text)
