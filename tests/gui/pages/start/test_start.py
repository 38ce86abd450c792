"""The Start page: three ways in, saved setups and the draft."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.errors import StorageError
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.start.page import StartPage
from sparkwizard.gui.widgets import LinkButton, SecondaryButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.services import Services
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import Draft, load_draft, save_draft
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, StartPage]]


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow) -> Opened:
    def make() -> tuple[WizardWindow, StartPage]:
        page = StartPage(desk)
        return open_window({Step.START: page}, Step.START), page

    return make


def strip_button(page: StartPage, text: str) -> SecondaryButton:
    (found,) = [one for one in page.strip.findChildren(SecondaryButton) if one.text() == text]
    return found


def test_a_first_start_goes_on_with_a_new_setup(
    aio: Aio, opened: Opened, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        await page.tasks.drained()
        assert not page.saved.isEnabled()
        assert page.strip.isHidden()
        press_next(window)
        await until(lambda: window.current_step() == "TOKEN")

    aio(main)


def test_what_one_needs_comes_with_links_to_where_it_is_found(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        links = {link.url for link in page.findChildren(LinkButton)}
        assert "https://admin.webex.com" in links
        assert "https://entra.microsoft.com" in links
        assert "https://www.webex.co.in/support/support-overview.html" in links

    aio(main)


def test_practice_starts_when_one_goes_on_and_not_before(
    aio: Aio,
    opened: Opened,
    practise: Callable[[], None],
    press_next: PressNext,
    click: Click,
) -> None:
    async def main() -> None:
        window, page = opened()
        asked: list[bool] = []
        page.practice_requested.connect(lambda: asked.append(True))
        click(page.practice)
        assert not asked
        press_next(window)
        await until(lambda: bool(asked))
        assert not page.isComplete()
        practise()
        await until(lambda: window.current_step() == "TOKEN")

    aio(main)


def test_a_practice_that_does_not_start_is_told_and_can_be_tried_again(
    aio: Aio, opened: Opened, press_next: PressNext, click: Click
) -> None:
    async def main() -> None:
        window, page = opened()
        page.practice_requested.connect(
            lambda: page.practice_failed(StorageError("The port is taken.", fix="Close it."))
        )
        click(page.practice)
        press_next(window)
        await until(lambda: not page.strip.isHidden())
        assert page.strip.heading.text() == "The port is taken."
        assert window.current_step() == "START"
        assert page.isComplete()

    aio(main)


def test_in_practice_a_new_setup_means_leaving_practice(
    aio: Aio, opened: Opened, practise: Callable[[], None], press_next: PressNext, click: Click
) -> None:
    async def main() -> None:
        practise()
        window, page = opened()
        left: list[bool] = []
        page.practice_left.connect(lambda: left.append(True))
        assert page.practice.isChecked()
        click(page.new)
        press_next(window)
        assert left == [True]
        assert window.current_step() == "START"

    aio(main)


def test_saved_setups_are_listed_with_what_is_known_of_them(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, saved_profile: Profile
) -> None:
    desk.services.save(saved_profile)
    desk.services.keep_token(saved_profile, tenant.token)

    async def main() -> None:
        _window, page = opened()
        await page.tasks.drained()
        (row,) = page.setups.model.rows
        assert row.name == "Fabrikam"
        assert row.organization == tenant.organization_id
        assert row.last_run == "Never"
        assert row.token == "364 days"

    aio(main)


def test_a_setup_whose_token_is_not_kept_says_so(
    aio: Aio, opened: Opened, desk: Desk, saved_profile: Profile
) -> None:
    desk.services.save(saved_profile)

    async def main() -> None:
        _window, page = opened()
        await page.tasks.drained()
        assert page.setups.model.rows[0].token == "None kept"

    aio(main)


def test_the_token_of_the_environment_goes_nowhere_just_because_the_window_opens(
    aio: Aio, open_window: OpenWindow, desk: Desk, tenant: PracticeServer, saved_profile: Profile
) -> None:
    services = Services(
        places=desk.services.places,
        secrets=desk.services.secrets,
        environ={"SPARKWIZARD_TOKEN": tenant.token},
        clock=desk.services.clock,
    )
    services.save(saved_profile)

    async def main() -> None:
        page = StartPage(Desk(services, desk.state, desk.tasks))
        open_window({Step.START: page}, Step.START)
        await page.tasks.drained()
        assert page.setups.model.rows[0].token == "None kept"

    aio(main)
    services.close()


def test_next_opens_the_saved_setup_that_is_selected(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    saved_profile: Profile,
    press_next: PressNext,
    click: Click,
) -> None:
    desk.services.save(saved_profile)

    async def main() -> None:
        window, page = opened()
        chosen: list[str] = []
        page.setup_chosen.connect(chosen.append)
        await until(page.saved.isEnabled)
        click(page.saved)
        press_next(window)
        assert chosen == ["Fabrikam"]
        assert window.current_step() == "START"

    aio(main)


def test_enter_in_the_list_opens_the_saved_setup(
    aio: Aio, opened: Opened, desk: Desk, saved_profile: Profile, click: Click
) -> None:
    desk.services.save(saved_profile)

    async def main() -> None:
        _window, page = opened()
        chosen: list[str] = []
        page.setup_chosen.connect(chosen.append)
        await until(page.saved.isEnabled)
        click(page.saved)
        page.setups.table.setFocus()
        QTest.keyClick(page.setups.table, Qt.Key.Key_Return)
        assert chosen == ["Fabrikam"]

    aio(main)


def test_a_damaged_setup_is_listed_and_its_fault_is_told_when_it_is_opened(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext, click: Click
) -> None:
    (desk.services.places.profiles_dir / "Broken.toml").write_text("version = 9\n")

    async def main() -> None:
        window, page = opened()
        await until(page.saved.isEnabled)
        click(page.saved)
        page.setups.table.select_first()
        press_next(window)
        assert page.strip.heading.text() == "Broken can't be opened"
        assert "version" in page.strip.text.text()

    aio(main)


def test_an_unfinished_setup_is_offered_and_taken_up_again(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    save_draft(Draft(Profile(name="Contoso"), Step.PEOPLE.name, "Contoso"), desk.services.places)

    async def main() -> None:
        window, page = opened()
        taken: list[object] = []
        page.draft_chosen.connect(taken.append)
        await until(lambda: not page.strip.isHidden())
        assert page.strip.text.text() == "Contoso, at the step People."
        click(strip_button(page, "&Go on with it"))
        await until(lambda: window.current_step() == "TOKEN")
        assert desk.profile.name == "Contoso"
        assert desk.state.editing == "Contoso"
        assert len(taken) == 1

    aio(main)


def test_an_unfinished_setup_can_be_discarded(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    save_draft(Draft(Profile(name="Contoso")), desk.services.places)

    async def main() -> None:
        _window, page = opened()
        await until(lambda: not page.strip.isHidden())
        click(strip_button(page, "&Discard it"))
        await until(lambda: load_draft(desk.services.places) is None)
        assert page.strip.isHidden()

    aio(main)


def test_a_damaged_draft_is_told_and_can_be_discarded(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    desk.services.places.draft_path.parent.mkdir(exist_ok=True)
    desk.services.places.draft_path.write_text("version = 9\n")

    async def main() -> None:
        _window, page = opened()
        await until(lambda: not page.strip.isHidden())
        click(strip_button(page, "Discard it"))
        await until(lambda: not desk.services.places.draft_path.exists())

    aio(main)


def test_alt_letters_choose(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        window, page = opened()
        window.activateWindow()
        await until(window.isActiveWindow)
        QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
        await until(page.practice.isChecked)

    aio(main)
