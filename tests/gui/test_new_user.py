"""What annoyed a demanding new user once, and must not come back."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox, QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.start.page import StartPage
from sparkwizard.gui.pages.token_dialog import TokenDialog
from sparkwizard.gui.shell import Shell
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from sparkwizard.setup.store import Draft, save_draft, save_profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

_URL = "https://webexapis.com/identity/scim/2f2a0b8e-7d0c-4d0b-9d3e-0a1b2c3d4e5f/v2"
_SAVED = Profile("Contoso", WebexSettings(_URL, "2f2a0b8e-7d0c-4d0b-9d3e-0a1b2c3d4e5f"))


@asynccontextmanager
async def opened(folder: Path, *, practice: bool = False) -> AsyncIterator[Shell]:
    """Open the program on a data folder, and close it in the end."""
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(data_dir=folder, practice=practice, settings=settings)
    await shell.open(practice=practice, profile=None)
    try:
        yield shell
    finally:
        shell.window.close()
        if shell.overview is not None:
            shell.overview.close()
        await until(shell.closed.is_set, within=90)
        await shell.run()


def start_page(shell: Shell) -> StartPage:
    page = shell.pages[Step.START]
    assert isinstance(page, StartPage)
    return page


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places.in_folder(tmp_path)
    made.create()
    return made


def test_the_first_page_offers_what_was_saved_before(
    aio: Aio, tmp_path: Path, places: Places
) -> None:
    save_profile(_SAVED, places)

    async def road() -> None:
        async with opened(tmp_path) as shell:
            await until(start_page(shell).saved.isEnabled, within=90)

    aio(road)


def test_the_first_page_offers_an_unfinished_setup(
    aio: Aio, tmp_path: Path, places: Places
) -> None:
    save_draft(Draft(_SAVED, "people"), places)

    async def road() -> None:
        async with opened(tmp_path) as shell:
            await until(start_page(shell).strip.isVisible, within=90)
            assert "Contoso" in start_page(shell).strip.accessibleName()

    aio(road)


def test_going_back_to_the_start_does_not_offer_the_setup_that_is_open(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            await ready_to_apply(shell)
            await shell.drafts.flush()
            shell.window.go_back_to(0)
            await asyncio.sleep(0.4)
            assert shell.window.current_step() == Step.START.name
            assert not start_page(shell).strip.isVisible()

    aio(road)


def test_leaving_practice_shows_what_is_saved_for_the_own_organization(
    aio: Aio, tmp_path: Path, places: Places
) -> None:
    async def road() -> None:
        async with opened(tmp_path) as shell:
            await shell._practise()
            await asyncio.sleep(0.3)
            save_profile(_SAVED, places)
            await shell._leave_practice()
            await until(start_page(shell).saved.isEnabled, within=90)

    aio(road)


async def ready_to_apply(shell: Shell) -> PreviewPage:
    """Fill in everything that practice offers, and open the preview."""
    practice = shell.desk.state.practice
    assert practice is not None
    webex = WebexSettings(practice.tenant_url, practice.organization_id, practice.api_url)
    source = SourceSettings(path=practice.csv)
    profile = Profile("Fabrikam", webex=webex, source=source)
    state = replace(shell.desk.state, profile=profile)
    shell.desk.set(state.with_token(PastedToken(practice.token)))
    shell.window.jump_to(Step.PREVIEW)
    page = shell.pages[Step.PREVIEW]
    assert isinstance(page, PreviewPage)
    await until(lambda: shell.desk.state.preview is not None and page.isComplete(), within=90)
    await asyncio.sleep(0.1)
    return page


@pytest.mark.parametrize("where", ["search", "table", "tiles"])
def test_enter_searches_the_preview_and_never_applies_it(
    aio: Aio, tmp_path: Path, where: str
) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            page = await ready_to_apply(shell)
            tile = page.tiles.tile(ActionKind.CREATE)
            target: QWidget = {"search": page.search, "table": page.table, "tiles": tile}[where]
            target.setFocus()
            QTest.keyClick(target, Qt.Key.Key_Return)
            await asyncio.sleep(0.5)
            assert shell.window.current_step() == Step.PREVIEW.name
            assert shell.desk.services.runs() == []

    aio(road)


def letters(window: QWidget) -> Counter[str]:
    """Return how many visible widgets each Alt-letter leads to."""
    named: list[QAbstractButton | QLabel] = [
        *window.findChildren(QAbstractButton),
        *(each for each in window.findChildren(QLabel) if each.buddy() is not None),
    ]
    keys = [QKeySequence.mnemonic(each.text()) for each in named if each.isVisible()]
    return Counter(key.toString() for key in keys if not key.isEmpty())


def test_no_alt_letter_of_a_page_leads_to_two_places(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            twice: dict[tuple[str, str], int] = {}
            await ready_to_apply(shell)
            for step in (each for each in Step if each.numbered):
                shell.window.jump_to(step)
                await asyncio.sleep(0.3)
                found = letters(shell.window)
                twice |= {(step.name, key): n for key, n in found.items() if n > 1}
            assert twice == {}

    aio(road)


def test_a_stray_escape_does_not_end_a_setup_that_was_begun(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            await ready_to_apply(shell)
            shell.window.reject()
            await asyncio.sleep(0.2)
            (question,) = shell.window.findChildren(QMessageBox)
            assert "unfinished" in question.text()
            question.reject()
            await asyncio.sleep(0.2)
            assert shell.window.isVisible()

    aio(road)


def test_the_preview_counts_people_and_users_while_it_reads(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            page = await ready_to_apply(shell)
            said: list[str] = []

            def listen(_done: int, _total: int, text: str = "") -> None:
                said.append(text)

            page.busy.progress = listen  # type: ignore[method-assign,assignment]  # a listener
            page.read_again()
            await until(lambda: shell.desk.state.preview is not None, within=90)
            assert any("60 people" in words for words in said)
            assert any("of 25" in words for words in said)

    aio(road)


async def fault(shell: Shell, **switched: object) -> None:
    """Switch faults of the practice tenant on, over its own address."""
    practice = shell.desk.state.practice
    assert practice is not None
    url = practice.api_url.removesuffix("/v1") + "/practice/faults"
    async with httpx.AsyncClient() as client:
        (await client.put(url, json=switched)).raise_for_status()


def test_an_expired_token_is_replaced_on_the_preview_and_in_the_keyring(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            page = await ready_to_apply(shell)
            shell.desk.update(token_kept=True)
            await fault(shell, token_expired=True)
            page.read_again()
            await until(page.strip.isVisible, within=90)
            await asyncio.sleep(0.2)
            assert page.waiting.button.hasFocus(), "Enter must not press Cancel"
            await fault(shell)
            action = next(
                button
                for button in page.strip.findChildren(QAbstractButton)
                if button.text().replace("&", "") == "Paste a new token"
            )
            action.click()
            (dialog,) = page.findChildren(TokenDialog)
            practice = shell.desk.state.practice
            assert practice is not None
            dialog.field.set_text(practice.token)
            dialog.button.click()
            await until(lambda: shell.desk.state.preview is not None, within=90)
            assert shell.desk.services.token_for(shell.desk.profile) == practice.token

    aio(road)


def test_a_stopped_run_says_so_in_its_main_words(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path, practice=True) as shell:
            page = await ready_to_apply(shell)
            await fault(shell, html=True)
            page.go_on()
            applying = shell.pages[Step.APPLYING]
            await until(applying.strip.isVisible, within=90)
            assert applying.title_label.text() == "Stopped after 0 of 42 changes"
            assert ".." not in applying.strip.accessibleName()

    aio(road)
