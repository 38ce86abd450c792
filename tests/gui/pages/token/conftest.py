"""The window, opened at the Access token page."""

from collections.abc import Callable

import pytest

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.token.page import TokenPage
from sparkwizard.wizard.steps import Step
from tests.gui.pages.token.pasting import OpenWindow


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow) -> Callable[[], tuple[WizardWindow, TokenPage]]:
    """Open the window at the token page, inside the loop."""

    def make() -> tuple[WizardWindow, TokenPage]:
        page = TokenPage(desk)
        return open_window({Step.TOKEN: page}, Step.TOKEN), page

    return make
