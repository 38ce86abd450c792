"""Help and settings: reached from every window by keyboard, and each entry does what it says."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QListWidget

from sparkwizard import __version__
from sparkwizard.gui.aio import until
from sparkwizard.gui.help.about import AboutDialog
from sparkwizard.gui.help.licences import LicencesDialog
from sparkwizard.gui.help.menu import HelpMenu
from sparkwizard.gui.help.proxy_dialog import ProxyDialog
from sparkwizard.gui.help.shortcuts import ShortcutsDialog
from sparkwizard.gui.help.support_dialog import SupportDialog
from sparkwizard.gui.shell import Shell
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode, choose_proxy, chosen_proxy
from sparkwizard.setup.network import load_proxy
from sparkwizard.setup.places import Places
from sparkwizard.setup.secrets import MemoryStore
from tests.net.little_proxy import LittleProxy, little_proxy

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    choose_proxy(ProxyChoice())


@asynccontextmanager
async def opened(folder: Path, *, practice: bool = False) -> AsyncIterator[Shell]:
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(data_dir=folder, practice=practice, settings=settings)
    shell.real.secrets = MemoryStore()
    await shell.open(practice=practice, profile=None)
    yield shell
    shell.window.close()
    await until(shell.closed.is_set, within=30)
    await shell.run()


def entry(menu: HelpMenu, words: str) -> None:
    (action,) = (a for a in menu.actions() if words in a.text().replace("&", ""))
    action.trigger()


def dialog[D: QDialog](shell: Shell, kind: type[D]) -> D:
    (found,) = shell.window.findChildren(kind)
    assert found.isVisible()
    return found


def test_f1_opens_the_menu_and_arrows_and_enter_reach_an_entry(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as shell:
            shell.window.activateWindow()
            await until(shell.window.isActiveWindow)
            QTest.keyClick(shell.window, Qt.Key.Key_F1)
            await until(shell.help.isVisible)
            QTest.keyClick(shell.help, Qt.Key.Key_Return)
            await until(lambda: bool(shell.window.findChildren(ShortcutsDialog)))
            dialog(shell, ShortcutsDialog).close()
            button = shell.window.rail.help
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
            button.setFocus()
            QTest.keyClick(button, Qt.Key.Key_Space)
            await until(shell.help.isVisible)
            shell.help.close()

    aio(road)


def test_about_tells_versions_to_copy_and_every_licence(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as shell:
            entry(shell.help, "About")
            about = dialog(shell, AboutDialog)
            about.copy.click()
            copied = QGuiApplication.clipboard().text()
            for name in (f"SparkWizard {__version__}", "Python 3.", "qt 6.", "httpx "):
                assert name in copied
            licences = LicencesDialog(about)
            licences.open()
            items = [licences.list.item(at).text() for at in range(licences.list.count())]
            for name in ("httpx", "PySide6", "keyring", "uvicorn", "regex", "sparkwizard"):
                assert any(item.lower().startswith(name.lower()) for item in items), name
            assert all(notice.text for notice in licences._notices)
            about.close()

    aio(road)


class Folders(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


def test_the_log_folder_opens_where_the_log_is(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        folders = Folders()
        handler: Any = "take"  # the stub says bytes, Qt takes text
        QDesktopServices.setUrlHandler("file", folders, handler)
        async with opened(tmp_path) as shell:
            entry(shell.help, "log folder")
        QDesktopServices.unsetUrlHandler("file")
        assert folders.opened == [str(tmp_path / "logs")]
        assert (tmp_path / "logs").is_dir()

    aio(road)


def test_a_support_bundle_is_read_before_it_is_saved(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            entry(shell.help, "Support bundle")
            support = dialog(shell, SupportDialog)
            assert not support.save_button.isEnabled()
            await until(support.save_button.isEnabled)
            shown = {}
            for row in range(support.list.count()):
                support.list.setCurrentRow(row)
                shown[support.list.item(row).text()] = support.text.toPlainText()
            await support.save(tmp_path / "bundle.zip")
            assert "Saved as" in support.strip.heading.text()
            with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
                packed = {name: archive.read(name).decode() for name in archive.namelist()}
            assert packed == shown
            support.copy_button.click()
            assert "===== versions.json" in QGuiApplication.clipboard().text()
            support.people.setChecked(True)
            await until(support.save_button.isEnabled)
            assert "as was asked for" in support.entries[0].text
            support.close()

    aio(road)


def test_a_proxy_is_tried_saved_and_used_from_then_on(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        proxy = LittleProxy(user="sparkwizard", password="right")
        async with opened(tmp_path) as shell, little_proxy(proxy):
            entry(shell.help, "Proxy")
            page = dialog(shell, ProxyDialog)
            await until(lambda: page.tasks.idle)
            assert not page.fields.isEnabled()
            page.modes.button(2).click()
            assert page.fields.isEnabled()
            page.host.setText("127.0.0.1")
            page.port.setText(str(proxy.port))
            page.test_button.click()
            await until(page.test_button.isEnabled)
            assert "asks who you are" in page.strip.heading.text()
            page.username.setText("sparkwizard")
            page.password.set_text("right")
            page.exclusions.setText("contoso.example; *.lan")
            page.test_button.click()
            await until(page.test_button.isEnabled)
            assert "can't reach" in page.strip.heading.text()  # its target answers nothing
            assert proxy.asked[-1] == "webexapis.com:443"
            page.save_button.click()
            await until(lambda: not shell.window.findChildren(ProxyDialog))
            assert chosen_proxy().password == "right"
            assert load_proxy(Places.in_folder(tmp_path)).exclusions == ("contoso.example", "*.lan")

    aio(road)


def test_a_proxy_that_cant_be_used_is_told_and_not_saved(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as shell:
            entry(shell.help, "Proxy")
            page = dialog(shell, ProxyDialog)
            await until(lambda: page.tasks.idle)
            page.modes.button(2).click()
            page.host.setText("http://proxy.example")
            page.save_button.click()
            assert "not the name of a proxy" in page.strip.heading.text()
            page.host.setText("proxy.example")
            page.port.setText("99999")
            page.save_button.click()
            assert "not a port" in page.strip.heading.text()
            page.reject()
            assert load_proxy(Places.in_folder(tmp_path)).mode is ProxyMode.SYSTEM

    aio(road)


def test_a_damaged_setting_is_told_by_what_wants_to_go_out(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        (tmp_path / "network.toml").write_text("[proxy", "utf-8")
        async with opened(tmp_path):
            await asyncio.sleep(0)
            with pytest.raises(Exception, match="proxy setting"):
                chosen_proxy()

    aio(road)


def test_everything_in_the_dialogs_has_a_name_for_screen_readers(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as shell:
            for words in ("Proxy", "Support", "About", "Keyboard"):
                entry(shell.help, words)
            for widget in shell.window.findChildren(QListWidget):
                assert widget.accessibleName()
            await until(lambda: all(d.isVisible() for d in shell.window.findChildren(QDialog)))
            for found in shell.window.findChildren(QDialog):
                found.close()

    aio(road)
