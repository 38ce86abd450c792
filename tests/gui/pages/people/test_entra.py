"""People read from Microsoft Entra ID: signed in by clicks at the practice tenant's own sign-in."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.people.page import PeoplePage
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.practice.server import PracticeServer
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Click = Callable[[QWidget], None]


@pytest.fixture
def page(desk: Desk, practise: Callable[[], None], open_window: OpenWindow) -> Callable[[], Any]:
    """Open the People page of a practice setup."""

    def make() -> PeoplePage:
        practise()
        made = PeoplePage(desk)
        open_window({Step.PEOPLE: made}, Step.PEOPLE)
        return made

    return make


def dialog_of(page: PeoplePage) -> SignInDialog:
    return page.findChildren(SignInDialog)[-1]


async def ask_for_code(page: PeoplePage, click: Click) -> SignInDialog:
    click(page.source_panel.entra.sign_in)
    dialog = dialog_of(page)
    click(dialog.ask.code)
    await until(lambda: dialog.stack.currentWidget() is dialog.code)
    return dialog


def test_by_clicks_alone_somebody_signs_in_with_a_code_and_people_are_read(
    aio: Aio, page: Callable[[], PeoplePage], desk: Desk, click: Click, tenant: PracticeServer
) -> None:
    async def main() -> None:
        shown = page()
        dialog = await ask_for_code(shown, click)
        assert len(dialog.code.code.text()) >= 8
        assert "good for" in dialog.code.good_for.text()
        assert not dialog.code.qr.isHidden()
        click(dialog.code.here)
        await until(lambda: desk.state.population is not None, within=15)
        assert desk.profile.source.kind == "entra"
        assert desk.profile.source.tenant == tenant.entra_tenant_id
        population = desk.state.population
        assert population is not None
        assert population.complete
        assert len(population.people) >= 60
        await until(lambda: shown.stack.currentWidget() is shown.people_panel)
        assert shown.people_panel.source_name.full_text() == "Microsoft Entra ID"

    aio(main)


def test_every_permission_is_named_with_its_reason_before_anything_opens(
    aio: Aio, page: Callable[[], PeoplePage], click: Click, tenant: PracticeServer
) -> None:
    async def main() -> None:
        shown = page()
        before = len(tenant.sign_in_log)
        click(shown.source_panel.entra.sign_in)
        dialog = dialog_of(shown)
        rows = [one.accessibleName() for one in dialog.ask.findChildren(QWidget)]
        assert "User.Read.All, to read the people and their attributes" in rows
        assert len(tenant.sign_in_log) == before
        dialog.reject()

    aio(main)


def test_a_sign_in_that_is_declined_says_so_and_can_be_tried_again(
    aio: Aio, page: Callable[[], PeoplePage], click: Click, tenant: PracticeServer
) -> None:
    async def main() -> None:
        dialog = await ask_for_code(page(), click)
        tenant.complete_sign_in(accept=False)
        await until(lambda: not dialog.strip.isHidden(), within=15)
        assert dialog.strip.heading.text()
        assert dialog.stack.currentWidget() is dialog.ask
        assert dialog.ask.isEnabled()
        dialog.reject()

    aio(main)


def test_cancel_ends_the_sign_in_before_it_closes_the_dialog(
    aio: Aio, page: Callable[[], PeoplePage], click: Click
) -> None:
    async def main() -> None:
        dialog = await ask_for_code(page(), click)
        click(dialog.cancel)
        await until(lambda: dialog.stack.currentWidget() is dialog.ask)
        assert dialog.isVisible()
        click(dialog.cancel)
        assert not dialog.isVisible()

    aio(main)


def test_whoever_signed_in_is_known_when_the_page_comes_up_again_and_can_sign_out(
    aio: Aio, page: Callable[[], PeoplePage], desk: Desk, click: Click
) -> None:
    async def main() -> None:
        shown = page()
        dialog = await ask_for_code(shown, click)
        click(dialog.code.here)
        await until(lambda: desk.state.population is not None, within=15)
        click(shown.people_panel.another_button)
        card = shown.source_panel.entra
        assert card.words.text() == "Signed in as"
        assert card.who.full_text()
        card.sign_out.click()
        await until(card.sign_in.isVisible)

    aio(main)
