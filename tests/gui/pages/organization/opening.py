"""Open the Organization page, type into it, and read what it says."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.organization.page import OrganizationPage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]


class Opened:
    """Open the page once the practice tenant has told whose token it is."""

    def __init__(
        self, desk: Desk, tenant: PracticeServer, open_window: OpenWindow, practise: Any
    ) -> None:
        self._desk, self._tenant, self._open = desk, tenant, open_window
        self._practise = practise

    async def __call__(
        self, kind: str = "admin", *, practice: bool = True
    ) -> tuple[WizardWindow, OrganizationPage]:
        if practice:
            self._practise()
        token, services = self._tenant.tokens[kind], self._desk.services
        self._desk.set(self._desk.state.with_token(PastedToken(token)))
        self._desk.update(identity=await services.identify(token, self._tenant.api_url))
        page = OrganizationPage(self._desk)
        return self._open({Step.ORGANIZATION: page}, Step.ORGANIZATION), page


def strip_text(page: WizardPage) -> str:
    if page.strip.isHidden():
        return ""
    return f"{page.strip.heading.text()} {page.strip.text.text()}".strip()


def retype(field: QWidget, text: str) -> None:
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
