"""Who is in Webex and not in the source, in a table of their own: nothing happens to them."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from sparkwizard.gui.plan.list_dialog import ListDialog
from sparkwizard.gui.widgets import Column
from sparkwizard.provisioning.types import User

__all__ = ["StrangersDialog"]


class StrangersDialog(ListDialog[User]):
    """List users whom the source does not have."""

    def __init__(self, parent: QWidget, users: Iterable[User]) -> None:
        super().__init__(
            parent,
            title="Only in Webex",
            heading="In Webex, but not among the people read",
            words="This setup leaves them alone. Look at accounts that nobody answers for.",
            columns=[
                Column[User]("User", lambda user: user.label, strong=True, width=220),
                Column[User]("User name", lambda user: user.user_name, stretch=True),
            ],
            rows=users,
            what="all user names",
            copied=lambda user: user.user_name,
        )
