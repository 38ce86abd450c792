"""The window goes on ring by ring, stops where a ring failed, and goes on from there."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.preview.rings_dialog import RingsDialog
from sparkwizard.gui.pages.result.page import ResultPage
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]


@pytest.fixture
def tenant() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


class Way:
    """Hold the window with the three last pages."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.preview, self.applying = PreviewPage(desk), ApplyingPage(desk)
        self.result = ResultPage(desk)
        pages = {step: WizardPage(step.text.label) for step in Step} | {
            Step.PREVIEW: self.preview,
            Step.APPLYING: self.applying,
            Step.RESULT: self.result,
        }
        self.window = SetupWindow(specs(pages), StepFlow(), profile="Fabrikam")
        self.headings: list[str] = []
        take = self.applying._take

        def watched(event: Any) -> None:
            take(event)
            title = self.applying.title_label.text()
            if not self.headings or self.headings[-1] != title:
                self.headings.append(title)

        self.applying._take = watched  # type: ignore[method-assign]  # to see every heading

    async def previewed(self) -> int:
        self.window.show()
        self.window.jump_to(Step.PREVIEW)
        await until(
            lambda: self.desk.state.preview is not None and self.preview.isComplete(), within=90
        )
        assert self.desk.state.preview is not None
        return len(self.desk.state.preview.plan.to_write)

    async def at(self, step: Step) -> None:
        await until(lambda: self.window.current_step() == step.name, within=90)

    def asked(self) -> RingsDialog:
        self.button("Apply in rings").click()
        return next(one for one in self.preview.findChildren(RingsDialog) if one.isVisible())

    def button(self, words: str) -> QPushButton:
        found = self.window.findChildren(QPushButton)
        return next(b for b in found if b.isVisible() and words in b.text().replace("&", ""))


@pytest.fixture
def way(desk: Desk, tenant: PracticeServer, saved_profile: Profile) -> Way:
    desk.set(replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token)))
    return Way(desk)


def test_rings_go_on_by_themselves_and_each_is_told(aio: Aio, way: Way, click: Click) -> None:
    async def road() -> None:
        writes = await way.previewed()
        click(way.asked().button)
        await way.at(Step.RESULT)
        assert way.desk.state.result is not None
        assert way.desk.state.result.applied == writes
        rings = [title for title in way.headings if title.startswith("Ring")]
        assert rings == [
            "Ring 1 of 3: 1 person",
            "Ring 2 of 3: 10 people",
            f"Ring 3 of 3: {writes} people",
        ]
        assert len(way.desk.services.runs()) == 1

    aio(road)


def test_a_ring_that_failed_stops_the_rest_and_trying_again_goes_on_in_rings(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        tenant.faults.enforced_domains = ("nobody.example",)
        click(way.asked().button)
        await way.at(Step.RESULT)
        result = way.desk.state.result
        assert result is not None
        assert result.applied < 10
        assert way.result.heading.text() == "A ring stopped the rest"
        assert "the next is not begun" in way.applying.failures.remark.text()
        assert "Stopped after ring 1" in way.result.text.text()
        assert way.result.model.rows[0].outcome.code != "ring-stopped"
        assert len(way.result.model.rows) == writes - result.applied
        tenant.faults.enforced_domains = ()
        click(way.button("Try these again"))
        await way.at(Step.APPLYING)
        await way.at(Step.RESULT)
        assert way.desk.state.result is not None
        assert way.desk.state.result.applied == writes
        assert way.headings[-1] == f"Ring 3 of 3: {writes} people"

    aio(road)


def test_rings_go_on_with_as_many_failures_as_were_allowed(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        tenant.faults.enforced_domains = ("fabrikam.example",)  # refuses the guests
        asked = way.asked()
        asked.rule.setCurrentIndex(asked.rule.findData(25))
        assert "at most 25%" in asked.words.text()
        click(asked.button)
        await way.at(Step.RESULT)
        result = way.desk.state.result
        assert result is not None
        assert result.failed
        assert result.applied + result.failed == writes
        assert way.headings[-1] == f"Ring 3 of 3: {writes} people"

    aio(road)


def test_nothing_begins_when_the_question_about_rings_is_cancelled(
    aio: Aio, way: Way, click: Click
) -> None:
    async def road() -> None:
        await way.previewed()
        asked = way.asked()
        assert "Ring 1: 1 person" in asked.rings.text()
        QTest.keyClick(asked, Qt.Key.Key_Escape)
        assert way.window.current_step() == Step.PREVIEW.name
        assert not way.desk.state.rings
        assert not way.desk.services.runs()

    aio(road)


def test_a_new_preview_forgets_the_rings(aio: Aio, way: Way, click: Click) -> None:
    async def road() -> None:
        await way.previewed()
        way.desk.update(rings=True)
        way.window.jump_to(Step.PREVIEW)
        way.preview.on_enter()
        assert not way.desk.state.rings

    aio(road)


def test_an_undo_tells_what_it_takes_like_any_preview(aio: Aio, way: Way, click: Click) -> None:
    async def road() -> None:
        await way.previewed()
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        click(way.button("Undo"))
        await way.at(Step.PREVIEW)
        await until(way.preview.isComplete, within=90)
        assert way.preview.estimate.label.text().startswith("Less than 5 seconds, ")

    aio(road)
