"""A server that repeats the token in its answers does not bring it to the screen."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.connection import ConnectionPage
from sparkwizard.gui.pages.token.page import TokenPage
from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.retry import set_waiting
from sparkwizard.setup.profile import WebexSettings
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step
from tests.commands.bad_days.test_secrets_stay_secret import ANSWERS, ECHOED, echoing
from tests.gui.shown import leaks_on_screen

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]

ORGANIZATION = "4f2b6a10-0d3a-4c5e-9c1f-5b9f7a0c1d2e"
# masked as it is typed; whatever else is painted of it comes from the server
TOKEN = ECHOED


@pytest.fixture(params=ANSWERS)
def desk(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Lead the desk to a server that repeats tokens in one way."""
    forget_secrets()
    set_waiting(False)
    with echoing(ANSWERS[request.param]) as url:
        webex = WebexSettings(f"{url}/scim/{ORGANIZATION}/v2", ORGANIZATION, f"{url}/v1")
        desk.set(replace(desk.state, profile=replace(desk.state.profile, webex=webex)))
        yield desk
    set_waiting(True)
    forget_secrets()


def test_a_pasted_token_that_is_repeated_is_not_shown(
    aio: Aio, desk: Desk, open_window: OpenWindow, click: Click
) -> None:
    async def main() -> None:
        page = TokenPage(desk)
        open_window({Step.TOKEN: page}, Step.TOKEN)
        QGuiApplication.clipboard().setText(TOKEN)
        click(page.secret.paste_button)
        await until(page.strip.isVisible, within=10)
        assert page.strip.heading.text()
        assert leaks_on_screen([TOKEN]) == []

    aio(main)


def test_a_diagnosis_of_a_server_that_repeats_the_token_does_not_show_it(
    aio: Aio, desk: Desk, open_window: OpenWindow
) -> None:
    async def main() -> None:
        desk.set(desk.state.with_token(PastedToken(TOKEN)))
        page = ConnectionPage(desk)
        open_window({Step.CONNECTION: page}, Step.CONNECTION)
        await until(lambda: bool(desk.state.layers), within=20)
        assert desk.state.connection_failed
        assert leaks_on_screen([TOKEN]) == []
        assert TOKEN not in page.diagnosis()

    aio(main)
