"""The passwords of mail server and proxy: never painted, told, copied or brought back by undo."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from sparkwizard.gui import widgets as w
from sparkwizard.gui.aio import until
from sparkwizard.gui.help.proxy_dialog import ProxyDialog
from sparkwizard.gui.help.support_dialog import SupportDialog
from sparkwizard.gui.pages.limits.mail_dialog import MailDialog
from sparkwizard.net.proxy_choice import ProxyChoice, choose_proxy
from sparkwizard.setup.secrets import MemoryStore
from sparkwizard.wizard.steps import Step
from tests.gui.shown import leaks_on_screen
from tests.gui.test_whole_wizard import opened
from tests.net.little_proxy import LittleProxy, little_proxy

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

PASSWORD = "kestrel-Marzipan-9174-umbrella"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    choose_proxy(ProxyChoice())
    QGuiApplication.clipboard().clear()


def look() -> None:
    assert leaks_on_screen([PASSWORD]) == []
    assert PASSWORD not in QGuiApplication.clipboard().text()


def type_into(field: w.SecretField) -> None:
    """Type the password, and press whatever might copy it or bring it back."""
    field.edit.setFocus()
    QTest.keyClicks(field.edit, PASSWORD)
    for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(field.edit, key, CONTROL)
        look()
    if not field.text():
        QTest.keyClicks(field.edit, PASSWORD)
    assert field.text() == PASSWORD
    look()


@asynccontextmanager
async def a_server_that_repeats_passwords() -> AsyncIterator[int]:
    """Serve SMTP that refuses a sign-in and says with what it was tried."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := await reader.readline():
            writer.write(_answer(line))
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def _answer(line: bytes) -> bytes:
    word, *rest = line.split()
    if word.upper() == b"EHLO":
        return b"250-mail.example\r\n250 AUTH PLAIN\r\n"
    if word.upper() == b"AUTH":
        tried = base64.b64decode(rest[-1]).replace(b"\0", b" ")
        return b"535 5.7.8 refused: " + tried + b" / " + rest[-1] + b"\r\n"
    return b"221 bye\r\n" if word.upper() == b"QUIT" else b"250 ok\r\n"


def test_the_password_of_the_mail_server_is_nowhere_to_be_seen(aio: Aio, tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path) as way, a_server_that_repeats_passwords() as port:
            await way.practise()
            await way.paste_token()
            way.window.jump_to(Step.LIMITS)
            page = way.window.currentPage()
            page.email.setText("it@contoso.example")  # type: ignore[attr-defined]  # the page of limits
            await way.click("Mail server…")
            dialog = page.findChildren(MailDialog)[-1]
            dialog.host.setText("127.0.0.1")
            dialog.port.setText(str(port))
            dialog.security.setCurrentIndex(2)
            dialog.username.setText("wizard")
            type_into(dialog.password)
            dialog.test_button.click()
            await until(dialog.test_button.isEnabled, within=30)
            assert dialog.strip.isVisible()
            look()
            for copy in dialog.findChildren(QAbstractButton):
                if "Copy" in copy.accessibleName() or copy.text() == "Copy details":
                    copy.click()
            look()
            dialog.save_button.click()
            await until(lambda: not page.findChildren(MailDialog), within=30)
            look()
            await way.click("Mail server…")
            assert page.findChildren(MailDialog)[-1].password.text() == ""
            look()
            page.findChildren(MailDialog)[-1].reject()

    aio(main)


def test_the_password_of_the_proxy_is_nowhere_to_be_seen(aio: Aio, tmp_path: Path) -> None:
    async def main() -> None:
        proxy = LittleProxy(user="wizard", password="another")
        async with opened(tmp_path) as way, little_proxy(proxy):
            shell = way.shell
            shell.real.secrets = MemoryStore()
            (action,) = (one for one in shell.help.actions() if "Proxy" in one.text())
            action.trigger()
            dialog = way.window.findChildren(ProxyDialog)[-1]
            await until(lambda: dialog.tasks.idle)
            dialog.modes.button(2).click()
            dialog.host.setText("127.0.0.1")
            dialog.port.setText(str(proxy.port))
            dialog.username.setText("wizard")
            type_into(dialog.password)
            dialog.test_button.click()
            await until(dialog.test_button.isEnabled, within=30)
            look()
            dialog.save_button.click()
            await until(lambda: not way.window.findChildren(ProxyDialog), within=30)
            look()
            (action,) = (one for one in shell.help.actions() if "Support" in one.text())
            action.trigger()
            support = way.window.findChildren(SupportDialog)[-1]
            await until(support.save_button.isEnabled, within=30)
            assert all(PASSWORD not in entry.text for entry in support.entries)
            support.close()

    aio(main)


def test_undo_does_not_bring_back_a_secret_that_was_taken_out() -> None:
    field = w.SecretField("Password")
    field.show()
    type_into(field)
    field.clear()
    field.eye.click()
    field.edit.setFocus()
    QTest.keyClick(field.edit, Qt.Key.Key_Z, CONTROL)
    assert field.text() == ""
    look()


def test_a_secret_that_was_shown_is_masked_again_when_it_is_left() -> None:
    field = w.SecretField("Password")
    field.show()
    field.set_text(PASSWORD)
    field.eye.click()
    field.hide()
    field.show()
    look()
    assert not field.eye.isChecked()
