"""Tell which keys do what."""

from PySide6.QtWidgets import QWidget

from sparkwizard.gui.help.frame import HelpDialog
from sparkwizard.gui.widgets import KeyValueRows, SecondaryButton

__all__ = ["SHORTCUTS", "ShortcutsDialog"]

SHORTCUTS = (
    ("Enter", "Go on. On the pages that change something: only where the button has the focus"),
    ("Escape", "Cancel what runs; where nothing does, leave"),
    ("Alt and a letter", "Press the button, or go to the field, whose letter is underlined"),
    ("Tab, Shift+Tab", "To the next and the previous place; steps passed in the rail are places"),
    ("Space", "Press what has the focus; open and close a row"),
    ("Arrows", "Move in lists, tables and groups of choices; open and close a layer"),
    ("Ctrl+C", "Copy the selected rows of a table"),
    ("Ctrl+Space", "In an expression: offer attributes and functions"),
    ("F1", "Help and settings"),
)


class ShortcutsDialog(HelpDialog):
    """List the keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Keyboard shortcuts", "Everything can be done without a mouse.")
        self.setMinimumWidth(520)
        self.resize(560, 400)
        self.body.addWidget(KeyValueRows(SHORTCUTS, name_width=130))
        self.body.addStretch(1)
        self.foot.addStretch(1)
        close = SecondaryButton("&Close", on_click=self.close)
        self.foot.addWidget(close)
        close.setFocus()
