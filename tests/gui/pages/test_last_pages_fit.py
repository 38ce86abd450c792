"""Preview, applying and result: nothing cut off, nothing without a name, at both sizes."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.look.theme import set_scheme
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.result.page import ResultPage
from sparkwizard.gui.widgets.labels import ElidedLabel
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step
from tests.gui.shown import accessible_name

pytestmark = pytest.mark.slow

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

SIZES = ((960, 680), (800, 600))


@pytest.fixture
def tenant() -> Iterator[PracticeServer]:
    """Serve a tenant that nothing was written to yet."""
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def window(desk: Desk, tenant: PracticeServer, saved_profile: Profile) -> SetupWindow:
    desk.set(replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token)))
    pages = {step: WizardPage(step.text.label) for step in Step} | {
        Step.PREVIEW: PreviewPage(desk),
        Step.APPLYING: ApplyingPage(desk),
        Step.RESULT: ResultPage(desk),
    }
    window = SetupWindow(specs(pages), StepFlow(), profile="Fabrikam", practice=True)
    window.show()
    return window


def scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea | QTableView):
            return True
        parent = parent.parentWidget()
    return False


def cut_off(window: QWidget) -> list[str]:
    """Return the words that have less room than they need, or lie outside the window."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or scrolls(widget):
            continue
        words = ""
        if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel):
            words = widget.text()
            high = widget.heightForWidth(widget.width()) if widget.wordWrap() else 0
            wide = 0 if widget.wordWrap() else widget.fontMetrics().horizontalAdvance(words)
        elif isinstance(widget, QPushButton):
            words = widget.text()
            high, wide = widget.minimumSizeHint().height(), widget.minimumSizeHint().width()
        corner = widget.mapTo(window, QPoint(widget.width(), widget.height()))
        outside = corner.x() > window.width() or corner.y() > window.height()
        if words and (widget.height() < high or widget.width() < wide or outside):
            found.append(f"{type(widget).__name__}: {words}")
    return found


def nameless(window: QWidget) -> list[str]:
    kinds = (QAbstractButton, QLineEdit, QTableView)
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if isinstance(widget, kinds) and widget.isVisible() and not accessible_name(widget)
    ]


async def look(window: SetupWindow) -> None:
    for width, height in SIZES:
        window.resize(width, height)
        await asyncio.sleep(0.06)
        assert cut_off(window) == [], f"at {width} by {height}"
        assert nameless(window) == []


def test_every_state_of_the_last_pages_fits(
    aio: Aio, qapp: QApplication, window: SetupWindow, tenant: PracticeServer
) -> None:
    async def road() -> None:
        preview = window.page_of(Step.PREVIEW.name)
        applying = window.page_of(Step.APPLYING.name)
        assert isinstance(preview, PreviewPage)
        assert isinstance(applying, ApplyingPage)
        tenant.faults.html = True
        window.jump_to(Step.PREVIEW)
        await until(preview.strip.isVisible, within=90)
        await look(window)
        tenant.faults.html = False
        preview.read_again()
        await until(lambda: preview.desk.state.preview is not None and preview.isComplete())
        for kind in ("create", "update", "problem"):
            preview.tiles.tile(kind).click()
            await look(window)
        tenant.faults.latency_ms = 150
        tenant.faults.names_taken_elsewhere = True
        preview.go_on()
        await until(lambda: applying.progress.bar.share() > 0, within=90)
        await look(window)
        tenant.faults.latency_ms = 0
        await until(lambda: window.current_step() == Step.RESULT.name, within=90)
        await look(window)
        tenant.faults.names_taken_elsewhere = False
        result = window.page_of(Step.RESULT.name)
        assert isinstance(result, ResultPage)
        result._again()
        await until(lambda: window.current_step() == Step.RESULT.name, within=90)
        await look(window)
        set_scheme(qapp, "dark")
        await look(window)
        set_scheme(qapp, "light")

    aio(road)
