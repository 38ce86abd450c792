"""The mail server of a setup, typed in and tried against a real one."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.limits.mail_dialog import MailDialog
from sparkwizard.gui.pages.limits.page import LimitsPage
from sparkwizard.setup.profile import Notifications, SmtpSettings
from sparkwizard.values import replace
from sparkwizard.wizard.steps import Step
from tests.net.mail_server import PASSES, certificate_for, serving

pytestmark = PASSES

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[LimitsPage, MailDialog]]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow) -> Opened:
    """Open the dialog by its button on the Limits page, for somebody who gave an address."""
    mail = Notifications("it@contoso.example")
    desk.change_profile(
        lambda profile: replace(
            profile,
            notifications=mail,
            webex=replace(profile.webex, organization_id="11111111-0000-4000-8000-000000000001"),
        )
    )

    def make() -> tuple[LimitsPage, MailDialog]:
        page = LimitsPage(desk)
        open_window({Step.LIMITS: page}, Step.LIMITS)
        page.server_button.click()
        return page, page.findChildren(MailDialog)[-1]

    return make


def enter(field: QWidget, text: str) -> None:
    field.setFocus()
    QTest.keyClicks(field, text)


def strip_text(dialog: MailDialog) -> str:
    if dialog.strip.isHidden():
        return ""
    return f"{dialog.strip.heading.text()} {dialog.strip.text.text()}".strip()


def test_a_test_mail_is_really_sent_and_the_server_is_saved(
    aio: Aio, opened: Opened, desk: Desk, ca: Path
) -> None:
    async def main() -> None:
        with serving(ca, "none", password="right one 1") as inbox:
            page, dialog = opened()
            assert "knows a mail server" in page.server_words.text()
            enter(dialog.host, "localhost")
            enter(dialog.port, str(inbox.port))
            dialog.security.setCurrentIndex(2)
            enter(dialog.username, "wizard")
            enter(dialog.password.edit, "right one 1")
            dialog.test_button.click()
            await until(lambda: "on its way" in strip_text(dialog), within=90)
            assert "test mail" in inbox.texts[0]
            dialog.every_run.click()
            dialog.save_button.click()
            await until(lambda: not page.findChildren(MailDialog), within=90)
        smtp = SmtpSettings("localhost", inbox.port, "none", "wizard")
        wanted = Notifications("it@contoso.example", every_run=True, smtp=smtp)
        assert desk.profile.notifications == wanted
        assert desk.services.notifier.password_for(desk.profile) == "right one 1"
        assert "through localhost after every run" in page.server_words.text()

    aio(main)


def test_a_mail_server_that_cannot_be_reached_is_told_and_nothing_typed_is_lost(
    aio: Aio, opened: Opened
) -> None:
    async def main() -> None:
        _page, dialog = opened()
        enter(dialog.host, "localhost")
        enter(dialog.port, "1")
        dialog.security.setCurrentIndex(2)
        dialog.test_button.click()
        await until(lambda: "can't be reached" in strip_text(dialog), within=90)
        assert dialog.test_button.isEnabled()
        assert (dialog.host.text(), dialog.port.text()) == ("localhost", "1")
        dialog.reject()

    aio(main)


def test_a_port_that_is_none_is_told(aio: Aio, opened: Opened, desk: Desk) -> None:
    async def main() -> None:
        _page, dialog = opened()
        enter(dialog.port, "587a")
        dialog.save_button.click()
        assert strip_text(dialog).startswith("The port can't be read.")
        assert dialog.isVisible()
        assert desk.profile.notifications.smtp == SmtpSettings()
        dialog.reject()

    aio(main)


def test_cancel_keeps_the_setup_as_it_was(aio: Aio, opened: Opened, desk: Desk) -> None:
    async def main() -> None:
        _page, dialog = opened()
        enter(dialog.host, "elsewhere.example")
        dialog.reject()
        assert desk.profile.notifications.smtp == SmtpSettings()

    aio(main)


def test_a_saved_server_is_shown(aio: Aio, opened: Opened, desk: Desk) -> None:
    async def main() -> None:
        smtp = SmtpSettings("mail.example", 2525, "tls", "wizard", "a@b.example")
        desk.change_profile(
            lambda profile: replace(profile, notifications=Notifications("x@y.example", smtp=smtp))
        )
        _page, dialog = opened()
        texts = [dialog.host, dialog.port, dialog.username, dialog.from_address]
        assert [field.text() for field in texts] == [
            "mail.example",
            "2525",
            "wizard",
            "a@b.example",
        ]
        assert dialog.security.currentData() == "tls"
        assert dialog.password.text() == ""
        dialog.reject()

    aio(main)
