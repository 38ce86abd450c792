"""The Limits page, typed into and switched, and what the setup keeps of it."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.limits.page import LimitsPage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Actions, RemovalLimit
from sparkwizard.setup.profile import Notifications, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, LimitsPage]]


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow) -> Opened:
    """Open the window at the Limits page, inside the loop."""

    def make() -> tuple[WizardWindow, LimitsPage]:
        page = LimitsPage(desk)
        return open_window({Step.LIMITS: page}, Step.LIMITS), page

    return make


def retype(field: QWidget, text: str) -> None:
    field.setFocus()
    field.selectAll()  # type: ignore[attr-defined]  # both fields are line edits
    QTest.keyClicks(field, text)


def strip_text(page: WizardPage) -> str:
    if page.strip.isHidden():
        return ""
    return f"{page.strip.heading.text()} {page.strip.text.text()}".strip()


def test_it_starts_with_ten_percent_and_everything_on_but_deleting(
    aio: Aio, opened: Opened
) -> None:
    async def main() -> None:
        _window, page = opened()
        assert page.limit.text() == "10%"
        assert {key: switch.is_on() for key, switch in page.switches.items()} == {
            "create": True,
            "update": True,
            "disable": True,
            "delete": False,
        }

    aio(main)


def test_a_typed_limit_is_kept_and_explained(aio: Aio, opened: Opened, desk: Desk) -> None:
    async def main() -> None:
        _window, page = opened()
        retype(page.limit, "0")
        assert desk.profile.safeguards.max_removals == RemovalLimit(0, percent=False)
        assert page.limit_words.text().startswith("Nobody may lose access")

    aio(main)


def test_the_limit_is_told_for_the_people_in_scope(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        source = SourceSettings("csv", str(tenant.csv))
        desk.set(desk.state.with_source(source, read_csv_people(Path(tenant.csv))))
        _window, page = opened()
        await until(lambda: "With 60 people" in page.limit_words.text())
        assert "at most 6." in page.limit_words.text()

    aio(main)


def test_a_limit_that_can_not_be_read_keeps_the_page_and_the_old_limit(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        retype(page.limit, "110%")
        press_next(window)
        assert window.current_step() == "LIMITS"
        assert strip_text(page).startswith("The limit can't be read.")
        assert page.limit.text() == "110%"
        retype(page.limit, "25")
        press_next(window)
        assert window.current_step() == "PREVIEW"
        assert desk.profile.safeguards.max_removals == RemovalLimit(25, percent=False)

    aio(main)


def test_switching_deleting_on_says_that_it_can_not_be_undone(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.switches["delete"].box.click()
        assert desk.profile.actions == Actions(delete=True)
        assert "This can't be undone." in page.switches["delete"].explanation.text()
        page.switches["create"].box.click()
        assert desk.profile.actions == Actions(create=False, delete=True)

    aio(main)


def test_an_address_is_kept_once_it_is_whole_and_told_while_it_is_not(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        retype(page.email, "it@contoso")
        press_next(window)
        assert page.email_words.isVisible()
        assert strip_text(page).startswith("The e-mail address can't be used.")
        assert desk.profile.notifications.email == ""
        page.email.end(False)
        QTest.keyClicks(page.email, ".example")
        assert not page.email_words.isVisible()
        assert strip_text(page) == ""
        assert desk.profile.notifications == Notifications("it@contoso.example")
        page.on_failure.click()
        assert desk.profile.notifications == Notifications("it@contoso.example", on_failure=False)

    aio(main)


def test_what_a_saved_setup_holds_is_shown(aio: Aio, opened: Opened, desk: Desk) -> None:
    async def main() -> None:
        desk.set(desk.state.with_limit(RemovalLimit(7, percent=False)))
        desk.change_profile(
            lambda profile: replace(profile, notifications=Notifications("a@b.example", False))
        )
        _window, page = opened()
        assert (page.limit.text(), page.email.text()) == ("7", "a@b.example")
        assert not page.on_failure.isChecked()

    aio(main)
