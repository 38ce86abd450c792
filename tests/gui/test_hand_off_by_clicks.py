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
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.pages.people.page import PeoplePage
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.provisioning.types import Action, ActionKind
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


type Users = dict[str, dict[str, Any]]


def users_of(way: Road) -> Users:
    """Return what the simulated Webex holds, by id, without what it counts itself."""
    import httpx

    practice = way.state.practice
    answer = httpx.get(
        f"{practice.tenant_url}/Users",
        params={"count": 1000},
        headers={"Authorization": f"Bearer {practice.token}"},
    )
    resources = answer.raise_for_status().json()["Resources"]
    return {
        user["id"]: {key: value for key, value in user.items() if key != "meta"}
        for user in resources
    }


def mapped(user: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes that the setup maps, and those alone."""
    name = user.get("name", {})
    known = {key: user.get(key) for key in ("userName", "externalId", "active", "displayName")}
    known |= {f"name.{part}": name.get(part) for part in ("givenName", "familyName")}
    return {key: value for key, value in known.items() if value is not None}


def holds_exactly_what_was_shown(shown: list[Action], before: Users, after: Users) -> None:
    """Hold every user of Webex to the list that stood on the screen."""
    expected = {webex_id: mapped(user) for webex_id, user in before.items()}
    new = {user["userName"]: user for one, user in after.items() if one not in before}
    for action in shown:
        changes = {change.attribute: change.after for change in action.changes}
        match action.kind:
            case ActionKind.CREATE:
                user = new.pop(str(changes["userName"]))
                assert mapped(user) == changes
                assert mapped(user)["active"] is True
            case ActionKind.UPDATE:
                was = expected[action.webex_id]
                assert {c.attribute: was.get(c.attribute) for c in action.changes} == {
                    c.attribute: c.before for c in action.changes
                }
                expected[action.webex_id] = was | changes
            case ActionKind.UNCHANGED:
                assert action.webex_id in before
            case _:
                assert action.reasons, f"{action.label} is left out for no reason"
    assert new == {}, "nobody came who was not foretold"
    assert {one: mapped(user) for one, user in after.items() if one in before} == expected
    untouched = before.keys() - {one.webex_id for one in shown if one.kind.writes}
    assert {one: after[one] for one in untouched} == {one: before[one] for one in untouched}


def test_entra_does_by_clicks_alone_exactly_what_was_foretold(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await people_from_entra(way)
            before = await asyncio.to_thread(users_of, way)
            window = await cloud_window(way, "Let Microsoft Entra do it")
            assert not way.window.isVisible()
            page = window.permissions
            await sign_in_by_code(way, page, page.sign_in)
            await until(lambda: not page.sign_in.isVisible(), within=30)
            await next_face(way, window, CloudStep.TOKEN)
            await until(lambda: window.token.choice.count() > 0 and window.token.isComplete())
            await next_face(way, window, CloudStep.PEOPLE)
            await until(lambda: bool(window.people.model.rows), within=60)
            shown = [row.action for row in window.people.model.rows]
            assert len(shown) == len(way.state.preview.plan.actions)
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
            after = await asyncio.to_thread(users_of, way)
            holds_exactly_what_was_shown(shown, before, after)
            await way.click(way.button("Hand-off", window))
            await way.click(window.watch.hand_off.check)
            await until(lambda: idle(window), within=60)
            told = window.watch.hand_off.model.rows
            assert {one.source_id for one in told} == {action.source_id for action in shown}
            assert {one.kind for one in told} == {HandOffKind.MATCHED}
            assert all(one.entry is not None for one in told), "the log tells of everybody"
            window.close()
            await until(way.window.isVisible)

    aio(road)
