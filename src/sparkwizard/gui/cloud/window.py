"""The window of the cloud set-up: six faces, each of which can be turned to at any time."""

from typing import override

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent

from sparkwizard.gui.cloud.by_hand_page import ByHandPage
from sparkwizard.gui.cloud.changes_page import ChangesPage
from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.cloud.people_page import PeoplePage
from sparkwizard.gui.cloud.permissions_page import PermissionsPage
from sparkwizard.gui.cloud.token_page import TokenPage
from sparkwizard.gui.cloud.watch_page import WatchPage
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.frame.window_parts import PageSpec
from sparkwizard.wizard.cloud.steps import CloudStep, face_after

__all__ = ["CloudWindow"]

_ICONS = {CloudStep.WATCH: "eye", CloudStep.BY_HAND: "document"}


class _FaceFlow:
    def next(self, step: str) -> str | None:
        """Return the name of the face that Next leads to."""
        after = face_after(CloudStep[step])
        return after.name if after else None


class CloudWindow(WizardWindow):
    """Set Entra's service up and watch it; the rail leads everywhere but away from what runs."""

    def __init__(self, desk: Desk, settings: QSettings | None = None) -> None:
        self.cloud = CloudDesk(desk)
        self.permissions, self.token = PermissionsPage(self.cloud), TokenPage(self.cloud)
        self.people, self.changes = PeoplePage(self.cloud), ChangesPage(self.cloud)
        self.watch, self.by_hand = WatchPage(self.cloud), ByHandPage(self.cloud)
        pages: dict[CloudStep, WizardPage] = {
            CloudStep.SIGN_IN: self.permissions,
            CloudStep.TOKEN: self.token,
            CloudStep.PEOPLE: self.people,
            CloudStep.CHANGES: self.changes,
            CloudStep.WATCH: self.watch,
            CloudStep.BY_HAND: self.by_hand,
        }
        super().__init__(
            [
                PageSpec(step.name, step.text.label, page, _ICONS.get(step, ""))
                for step, page in pages.items()
            ],
            _FaceFlow(),
            profile=desk.profile.name or "New setup",
            practice=desk.state.practice is not None,
            store=settings,
            leave_question=self.changes.leave_question,
        )
        self.band.link.hide()
        self.set_saved("Microsoft Entra")
        self.permissions.by_hand_wanted.connect(lambda: self.turn_to(CloudStep.BY_HAND))

    def turn_to(self, step: CloudStep) -> None:
        """Show a face."""
        self.start_at(step.name)

    @override
    def go_back_to(self, at: int) -> None:
        """Turn to any face, unless changes are under way."""
        if at in self._reachable():
            self.start_at(self._specs[at].step)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on, except where that changes something."""
        page = self._shown_page
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and page and page.commit:
            event.accept()
            return
        super().keyPressEvent(event)

    @override
    def _reachable(self) -> list[int]:
        if self.changes.running:
            return []
        return [at for at in range(len(self._specs)) if at != self.currentId()]

    @override
    def _leave_to(self, step: str) -> None:
        self.turn_to(CloudStep[step])
