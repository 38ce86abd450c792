"""The buttons above the mapping's rules: two rows of words, so that nothing has to be guessed."""

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.widgets import IconButton, RadioButton, SecondaryButton

__all__ = ["MappingTools", "ToolActions"]

type Press = Callable[[], object]


class ToolActions(msgspec.Struct, frozen=True):
    """Hold what each button does."""

    add: Press
    edit: Press
    delete: Press
    up: Press
    down: Press
    undo: Press
    redo: Press
    reset: Press
    import_: Press
    export: Press
    subject: Press


class MappingTools(QWidget):
    """Offer what can be done with rules, and choose between those of users and of groups."""

    def __init__(self, do: ToolActions) -> None:
        super().__init__()
        self.add = SecondaryButton("&Add", icon_name="plus", on_click=do.add)
        self.edit = SecondaryButton("&Edit", icon_name="pencil", on_click=do.edit)
        self.delete = IconButton("trash", "Delete the rule (Del)", on_click=do.delete)
        self.up = IconButton("chevron-up", "Move the rule up (Alt+Up)", on_click=do.up)
        self.down = IconButton("chevron-down", "Move the rule down (Alt+Down)", on_click=do.down)
        self.undo = IconButton("undo", "Undo the last change (Ctrl+Z)", on_click=do.undo)
        self.redo = IconButton("redo", "Do it again (Ctrl+Y)", on_click=do.redo)
        self.reset = SecondaryButton("&Reset", on_click=do.reset)
        self.import_ = SecondaryButton("&Import…", on_click=do.import_)
        self.export = SecondaryButton("E&xport…", on_click=do.export)
        self.reset.setToolTip("Go back to the mapping that Microsoft uses for Webex")
        self.import_.setToolTip("Take a mapping over from a schema that Entra exported")
        self.export.setToolTip("Write this mapping to a file, as Entra's own schema has it")
        self.users, self.groups = RadioButton("&Users"), RadioButton("&Groups")
        self.users.setChecked(True)
        self.users.setToolTip("The rules for people")
        self.groups.setToolTip("The rules for groups, and whether groups go to Webex at all")
        self._subjects = QButtonGroup(self)
        self._subjects.addButton(self.users)
        self._subjects.addButton(self.groups)
        self.users.toggled.connect(lambda _on: do.subject())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.s)
        moving = (self.delete, self.up, self.down)
        column.addLayout(_row((self.add, self.edit, *moving), (self.undo, self.redo)))
        exchange = (self.import_, self.export, self.reset)
        column.addLayout(_row((self.users, self.groups), exchange))


def _row(left: tuple[QWidget, ...], right: tuple[QWidget, ...]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE.s)
    for widget in left:
        row.addWidget(widget)
    row.addStretch(1)
    for widget in right:
        row.addWidget(widget)
    return row
