"""Where the road forks: Entra is offered, and both engines never write without being asked for."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget, QWizard

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]


@pytest.fixture
def page(desk: Desk, tenant: PracticeServer, saved_profile: Profile) -> PreviewPage:
    desk.set(replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token)))
    return PreviewPage(desk)


@pytest.fixture
def window(page: PreviewPage) -> SetupWindow:
    pages = {step: WizardPage(step.text.label) for step in Step} | {Step.PREVIEW: page}
    return SetupWindow(specs(pages), StepFlow(), profile="Fabrikam")


@pytest.fixture
def entra_runs(desk: Desk, page: PreviewPage) -> None:
    """Let Entra's job of the setup have been seen on."""
    profile = desk.profile
    organization = profile.webex.organization_id
    desk.services.journal.remember_job(profile.id, organization, "app", "job", on=True)


async def up(window: SetupWindow, page: PreviewPage) -> None:
    window.show()
    window.jump_to(Step.PREVIEW)
    await until(lambda: page.desk.state.preview is not None and page.isComplete(), within=90)


def button(parent: QWidget, words: str) -> QPushButton:
    found = [b for b in parent.findChildren(QPushButton) if words in b.text().replace("&", "")]
    return next(each for each in found if each.isVisible())


def test_entra_is_offered_beside_apply_and_the_setup_is_saved_first(
    aio: Aio, page: PreviewPage, window: SetupWindow, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        await up(window, page)
        wanted: list[CloudStep] = []
        page.cloud_wanted.connect(wanted.append)
        click(button(window, "Let Microsoft Entra do it"))
        await until(lambda: wanted == [CloudStep.SIGN_IN])
        assert [entry.name for entry in desk.services.saved()] == ["Fabrikam"]

    aio(main)


@pytest.mark.usefixtures("entra_runs")
def test_while_entra_runs_apply_says_so_and_asks_to_allow_both_once(
    aio: Aio, page: PreviewPage, window: SetupWindow, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        await up(window, page)
        heading = page.notices.messages[0].heading
        assert heading == "Microsoft Entra provisions this setup by itself"
        commit = window.button(QWizard.WizardButton.CommitButton)
        assert commit.text().endswith("beside Entra")
        click(commit)
        await until(page.strip.isVisible, within=20)
        assert "its job is on. Nothing was written." in page.strip.heading.text()
        assert "--" not in page.strip.text.text(), "no command line in the window"
        assert window.current_step() == Step.PREVIEW.name
        click(button(page.strip, "Apply this once"))
        await until(lambda: window.current_step() == Step.APPLYING.name, within=20)
        assert desk.state.although_entra_runs

    aio(main)


@pytest.mark.usefixtures("entra_runs")
def test_a_pilot_that_was_asked_for_stays_one_when_both_are_allowed(
    aio: Aio, page: PreviewPage, window: SetupWindow, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        await up(window, page)
        click(button(window, "Start with 1 person"))
        await until(page.strip.isVisible, within=20)
        assert desk.state.pilot == ()
        click(button(page.strip, "Apply this once"))
        await until(lambda: window.current_step() == Step.APPLYING.name, within=20)
        assert len(desk.state.pilot) == 1

    aio(main)


@pytest.mark.usefixtures("entra_runs")
def test_the_watch_is_one_press_away_from_what_entra_runs(
    aio: Aio, page: PreviewPage, window: SetupWindow, click: Click
) -> None:
    async def main() -> None:
        await up(window, page)
        wanted: list[CloudStep] = []
        page.cloud_wanted.connect(wanted.append)
        click(button(page.notices, "Watch"))
        assert wanted == [CloudStep.WATCH]

    aio(main)
