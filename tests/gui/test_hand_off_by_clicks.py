"""The hand-off in practice, by clicks alone: sign in, preview, set the cloud up, watch, compare."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWizard

from sparkwizard.gui import aio as gui_aio
from sparkwizard.gui.aio import until
from sparkwizard.gui.cloud.window import CloudWindow
from sparkwizard.gui.page import WizardPage
from sparkwizard.gui.pages.people import PeoplePage
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.cloud.types import HandOffKind
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.steps import Step
from tests.gui.test_whole_wizard import Road, opened

pytestmark = pytest.mark.slow

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def aio(qapp: QApplication) -> Aio:
    """Run to the end on Qt's loop; two cycles take longer than a page."""

    def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(120):
                return await main()

        return gui_aio.run(qapp, limited)

    return run


async def sign_in_by_code(way: Road, page: WizardPage, button: QAbstractButton) -> None:
    await until(button.isVisible)
    await way.click(button)
    dialog = page.findChildren(SignInDialog)[-1]
    await way.click(dialog.ask.code)
    await until(dialog.code.here.isVisible)
    await way.click(dialog.code.here)


async def people_from_entra(way: Road) -> None:
    await way.practise()
    await way.paste_token()
    await way.next(Step.ORGANIZATION)
    await way.next(Step.CONNECTION)
    await until(lambda: bool(way.state.layers), within=90)
    await way.next(Step.PEOPLE)
    page = way.page(PeoplePage)
    await sign_in_by_code(way, page, page.source_panel.entra.sign_in)
    await until(lambda: way.state.population is not None, within=90)
    for step in (Step.MAPPING, Step.SCOPE, Step.LIMITS, Step.PREVIEW):
        await way.next(step)
    await until(lambda: way.state.preview is not None, within=90)
    await until(lambda: way.window.currentPage().isComplete())


async def cloud_window(way: Road, words: str) -> CloudWindow:
    await way.click(words)
    await until(lambda: way.shell.cloud.window is not None)
    window = way.shell.cloud.window
    assert isinstance(window, CloudWindow)
    await until(window.isVisible)
    return window


async def next_face(way: Road, window: CloudWindow, step: CloudStep) -> None:
    await until(window.currentPage().isComplete, within=60)
    kinds = QWizard.WizardButton
    commit = window.currentPage().isCommitPage()
    await way.click(window.button(kinds.CommitButton if commit else kinds.NextButton))
    try:
        await until(lambda: window.current_step() == step.name, within=30)
    except TimeoutError:
        page = window.currentPage()
        assert isinstance(page, WizardPage)
        pytest.fail(f"still at {window.current_step()}: {page.strip.accessibleName()}")


def idle(window: CloudWindow) -> bool:
    page = window.currentPage()
    return isinstance(page, WizardPage) and page.tasks.idle


def test_entra_does_by_clicks_alone_exactly_what_the_preview_said(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await people_from_entra(way)
            before = await asyncio.to_thread(way.users)
            plan = way.state.preview.plan
            window = await cloud_window(way, "Let Microsoft Entra do it")
            assert not way.window.isVisible()
            page = window.permissions
            await sign_in_by_code(way, page, page.sign_in)
            await until(lambda: not page.sign_in.isVisible(), within=30)
            await next_face(way, window, CloudStep.TOKEN)
            await until(lambda: window.token.choice.count() > 0 and window.token.isComplete())
            await next_face(way, window, CloudStep.CHANGES)
            await until(lambda: bool(window.changes.model.rows), within=60)
            number = len(window.changes.model.rows)
            commit = window.button(QWizard.WizardButton.CommitButton)
            await until(commit.isEnabled)
            said = commit.text().replace("&", "")
            assert said == f"Make {number} changes in Microsoft Entra"
            await way.click(commit)
            await until(lambda: "is set up" in window.changes.title_label.text(), within=60)
            assert way.state.profile.cloud.job_id
            await next_face(way, window, CloudStep.WATCH)
            state = window.watch.state
            await until(lambda: state.watch is not None, within=30)
            for _cycle in range(2):
                await until(lambda: idle(window) and state.cycle.isEnabled(), within=60)
                await way.click(state.cycle)
                await until(lambda: idle(window), within=60)
            await way.click(way.button("Hand-off", window))
            await way.click(window.watch.hand_off.check)
            await until(lambda: idle(window), within=60)
            told = {one.label: one.text for one in window.watch.hand_off.model.rows}
            foresight = window.cloud.foresight
            assert foresight is not None
            look = {
                one.label
                for one in window.watch.hand_off.model.rows
                if one.kind is not HandOffKind.MATCHED
            }
            assert len(told) == len(plan.actions)
            assert look == set()
            after = await asyncio.to_thread(way.users)
            created = {
                action.user_name.lower()
                for action in foresight.foretold.actions
                if action.kind is ActionKind.CREATE
            }
            assert after.keys() == before.keys() | created
            window.close()
            await until(way.window.isVisible)

    aio(road)
