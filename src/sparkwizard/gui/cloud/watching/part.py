"""What the parts of the watch share: the desk, and the page that runs and tells."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.look.theme import SPACE

__all__ = ["WatchPart"]


class WatchPart(QWidget):
    """Be one part; work and messages are the page's."""

    def __init__(self, page: CloudFace) -> None:
        super().__init__()
        self.page = page
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.m)

    @property
    def cloud(self) -> CloudDesk:
        """Return what the faces share."""
        return self.page.cloud

    def on_show(self) -> None:
        """Show the state of now; called each time the part comes up."""
