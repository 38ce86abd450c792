"""A desk over a data folder of its own, a practice tenant over real HTTP, and a real window."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget, QWizard

from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import PageSpec, WizardWindow
from sparkwizard.practice.faults import Faults
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from sparkwizard.setup.secrets import MemoryStore, SecretStore
from sparkwizard.values import replace
from sparkwizard.wizard.flow import next_step
from sparkwizard.wizard.state import PracticeTenant, WizardState
from sparkwizard.wizard.steps import Step

type OpenWindow = Callable[[Mapping[Step, WizardPage], Step], WizardWindow]


@pytest.fixture(scope="module")
def company() -> Iterator[PracticeServer]:
    """Serve one practice tenant for a whole file of tests."""
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def tenant(company: PracticeServer) -> Iterator[PracticeServer]:
    """Hand out the practice tenant without faults, and take those of the test away."""
    yield company
    fresh = Faults()
    for name in Faults.__struct_fields__:
        setattr(company.faults, name, getattr(fresh, name))


@pytest.fixture
def secrets() -> SecretStore:
    """Keep secrets in memory."""
    return MemoryStore()


@pytest.fixture
def desk(tmp_path: Path, tenant: PracticeServer, secrets: SecretStore) -> Iterator[Desk]:
    """Set up a desk for a new setup whose questions about tokens go to the practice tenant."""
    places = Places.in_folder(tmp_path / "data")
    places.create()
    services = Services(
        places=places, secrets=secrets, environ={}, clock=lambda: datetime.now().astimezone()
    )
    profile = Profile(name="", webex=WebexSettings(api_url=tenant.api_url))
    yield Desk(services, WizardState(profile=profile), TaskScope(_raise))
    services.close()


def _raise(error: BaseException) -> None:
    raise error


@pytest.fixture
def practise(desk: Desk, tenant: PracticeServer) -> Callable[[], None]:
    """Put the practice tenant into the state, as the shell does."""

    def begin() -> None:
        practice = PracticeTenant(
            tenant.tenant_url,
            tenant.api_url,
            tenant.organization_id,
            str(tenant.csv),
            tenant.token,
            tenant.graph_url,
            tenant.entra_tenant_id,
        )

        async def sign_in() -> int:
            return tenant.complete_sign_in()

        desk.practice_sign_in = sign_in
        desk.set(replace(desk.state, practice=practice))

    return begin


@pytest.fixture
def saved_profile(tenant: PracticeServer) -> Profile:
    """Describe a setup of the practice company, ready to be run."""
    webex = WebexSettings(tenant.tenant_url, tenant.organization_id, tenant.api_url)
    return Profile(name="Fabrikam", webex=webex, source=SourceSettings("csv", path=str(tenant.csv)))


class _Flow:
    def next(self, step: str) -> str | None:
        after = next_step(Step[step])
        return after.name if after is not None and after.numbered else None


@pytest.fixture
def open_window(qapp: QApplication) -> Iterator[OpenWindow]:
    """Open a real window with these pages, blank ones for the others."""
    opened: list[WizardWindow] = []

    def make(pages: Mapping[Step, WizardPage], at: Step) -> WizardWindow:
        specs = [
            PageSpec(step.name, step.text.label, pages.get(step) or WizardPage(step.text.label))
            for step in Step
            if step.numbered
        ]
        window = WizardWindow(specs, _Flow(), profile="Test")
        window.start_at(at.name)
        window.show()
        opened.append(window)
        return window

    yield make
    for window in opened:
        window.hide()


@pytest.fixture
def press_next() -> Callable[[WizardWindow], None]:
    """Press Next with the mouse."""

    def press(window: WizardWindow) -> None:
        click(window.button(QWizard.WizardButton.NextButton))

    return press


@pytest.fixture(name="click")
def _click() -> Callable[[QWidget], None]:
    """Click a widget with the left button."""
    return click


def click(widget: QWidget) -> None:
    """Click a widget in its middle."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def settled() -> Callable[[WizardPage], object]:
    """Wait until a page runs nothing any more."""

    async def wait(page: WizardPage) -> None:
        with suppress(asyncio.CancelledError):
            await page.tasks.drained()

    return wait
