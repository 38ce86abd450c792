"""Who is in Webex and not in the source, in a table of their own: nothing happens to them."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE, Tone
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
from sparkwizard.provisioning.types import User

__all__ = ["StrangersDialog"]


class StrangersDialog(QDialog):
    """List users whom the source does not have; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget, users: Iterable[User]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Only in Webex")
        self.resize(640, 420)
        keep_size(self)
        self.model = RowsModel(
            [
                Column[User]("User", lambda user: user.label, strong=True, width=220),
                Column[User]("User name", lambda user: user.user_name, stretch=True),
            ],
            users,
        )
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("In Webex, but not among the people read"))
        words = "This setup leaves them alone. Look at accounts that nobody answers for."
        column.addWidget(WrapLabel(words, tone=Tone.MUTED))
        column.addWidget(TableCard(DataTable(self.model, name="Only in Webex")), 1)
        foot.addWidget(CopyButton(self._text, what="all user names", text="Copy all"))
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(foot)

    def _text(self) -> str:
        return "\n".join(user.user_name for user in self.model.rows)
