"""Undo in the wizard: from the result to a plan that is looked at and applied like any other."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step
from tests.gui.pages.test_applying_and_result import Aio, Click, Way, tenant

__all__ = ["tenant"]


@pytest.fixture
def way(desk: Desk, tenant: PracticeServer, saved_profile: Profile) -> Way:
    desk.set(replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token)))
    return Way(desk)


def active(tenant: PracticeServer) -> dict[str, bool]:
    users = [record.decode() for record in tenant.world.users]
    return {user["id"]: user["active"] for user in users}


async def applied(way: Way, click: Click) -> None:
    await way.previewed()
    click(way.button("Apply"))
    await way.at(Step.RESULT)


async def undo_planned(way: Way, click: Click) -> None:
    click(way.button("Undo"))
    await way.at(Step.PREVIEW)
    await until(lambda: way.preview.title_label.text() == "Undo run 1", within=90)


def test_a_run_is_undone_from_its_result(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click, tmp_path: Path
) -> None:
    async def road() -> None:
        before = active(tenant)
        await applied(way, click)
        await undo_planned(way, click)
        preview = way.desk.state.preview
        assert preview is not None
        assert way.preview.model.rowCount() == len(preview.plan.actions)
        assert preview.plan.counts.disable > 0
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        assert way.result.title_label.text() == "Run 1 is undone"
        assert not way.result.next.isVisible(), "nothing to keep going: sync is paused"
        now = active(tenant)
        assert {one: now[one] for one in before} == before
        assert not any(on for one, on in now.items() if one not in before)

    aio(road)


def test_nothing_is_written_by_looking_at_an_undo(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        await applied(way, click)
        done = active(tenant)
        await undo_planned(way, click)
        assert active(tenant) == done

    aio(road)


def test_previewing_again_leaves_the_undo_for_an_ordinary_preview(
    aio: Aio, way: Way, click: Click
) -> None:
    async def road() -> None:
        await applied(way, click)
        await undo_planned(way, click)
        click(way.preview.again)
        await until(lambda: way.preview.title_label.text() == "See what would happen", within=90)
        await until(lambda: way.desk.state.preview is not None, within=90)
        preview = way.desk.state.preview
        assert preview is not None
        assert not preview.plan.is_undo

    aio(road)


def test_an_undo_that_can_t_be_planned_says_why_and_stays(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        await applied(way, click)
        tenant.faults.token_expired = True
        click(way.button("Undo"))
        await until(way.result.strip.isVisible, within=90)
        assert way.window.current_step() == Step.RESULT.name
        assert way.button("Undo").isEnabled()

    aio(road)


def test_undo_is_reached_by_its_letter(aio: Aio, way: Way, click: Click) -> None:
    async def road() -> None:
        await applied(way, click)
        QTest.keyClick(way.window, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
        await way.at(Step.PREVIEW)

    aio(road)
