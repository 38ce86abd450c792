"""The window, opened at the Organization page."""

from collections.abc import Callable

import pytest

from sparkwizard.gui.desk import Desk
from sparkwizard.practice.server import PracticeServer
from tests.gui.pages.organization.opening import Opened, OpenWindow


@pytest.fixture
def opened(
    desk: Desk, tenant: PracticeServer, open_window: OpenWindow, practise: Callable[[], None]
) -> Opened:
    return Opened(desk, tenant, open_window, practise)
