"""The window of the cloud set-up over a practice tenant whose cycles run when told to."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWizard

from sparkwizard.gui.aio import TaskScope, until
from sparkwizard.gui.cloud.window import CloudWindow
from sparkwizard.gui.desk import Desk
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Notifications, Profile, SourceSettings, WebexSettings
from sparkwizard.setup.secrets import MemoryStore
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.state import PracticeTenant, WizardState
from tests.gui.pages.conftest import click


@pytest.fixture
def tenant() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        server.entra_faults.cycle_seconds = 0
        server.entra_faults.application_lag = 0
        yield server


@pytest.fixture
def environ(tenant: PracticeServer) -> dict[str, str]:
    """Sign in by a token that was brought along; the sign-in itself has tests of its own."""
    return {"SPARKWIZARD_GRAPH_TOKEN": tenant.graph_token}


@pytest.fixture
def desk(tmp_path: Path, tenant: PracticeServer, environ: dict[str, str]) -> Iterator[Desk]:
    places = Places.in_folder(tmp_path / "data")
    places.create()
    services = Services(
        places=places,
        secrets=MemoryStore(),
        environ=environ,
        clock=lambda: datetime.now().astimezone(),
    )
    webex = WebexSettings(tenant.tenant_url, tenant.organization_id, tenant.api_url)
    source = SourceSettings("entra", tenant=tenant.entra_tenant_id, graph_url=tenant.graph_url)
    profile = Profile("Fabrikam", webex, source, notifications=Notifications("it@fabrikam.example"))
    services.save(profile)
    practice = PracticeTenant(
        tenant.tenant_url,
        tenant.api_url,
        tenant.organization_id,
        str(tenant.csv),
        tenant.token,
        tenant.graph_url,
        tenant.entra_tenant_id,
    )
    state = WizardState(profile=profile, practice=practice, pasted=PastedToken(tenant.token))
    desk = Desk(services, state, TaskScope(_raise))

    async def sign_in() -> int:
        return tenant.complete_sign_in()

    async def cycle() -> int:
        return await asyncio.to_thread(tenant.run_cycle)

    desk.practice_sign_in, desk.practice_cycle = sign_in, cycle
    yield desk
    services.close()


def _raise(error: BaseException) -> None:
    raise error


class Way:
    """Drive the window as a person would."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.window = desk, CloudWindow(desk)

    def open(self, step: CloudStep) -> CloudWindow:
        self.window.turn_to(step)
        self.window.show()
        return self.window

    def forward(self) -> None:
        kinds = QWizard.WizardButton
        for kind in (kinds.NextButton, kinds.CommitButton, kinds.FinishButton):
            button = self.window.button(kind)
            if button.isVisible():
                click(button)
                return
        pytest.fail("no button leads on")

    async def at(self, step: CloudStep) -> None:
        await until(lambda: self.window.current_step() == step.name, within=20)

    async def idle(self) -> None:
        page = self.window.page_of(self.window.current_step())
        await until(lambda: page.tasks.idle, within=20)
        await asyncio.sleep(0)

    def said(self) -> str:
        return self.window.page_of(self.window.current_step()).strip.accessibleName()

    async def foretold(self) -> None:
        """Walk to the people, and wait until they are foretold."""
        self.open(CloudStep.TOKEN)
        await self.idle()
        self.forward()
        await self.at(CloudStep.PEOPLE)
        await until(lambda: bool(self.window.people.model.rows), within=20)
        await until(self.window.people.isComplete)

    async def listed(self) -> None:
        """Walk to the list of changes."""
        await self.foretold()
        self.forward()
        await self.at(CloudStep.CHANGES)
        await until(lambda: bool(self.window.changes.model.rows), within=20)
        await until(self.window.changes.isComplete)

    async def set_up(self) -> None:
        """Set everything up, and come to the watch."""
        await self.listed()
        self.forward()
        await until(lambda: "set up" in self.window.changes.title_label.text(), within=30)
        self.forward()
        await self.at(CloudStep.WATCH)
        await until(lambda: self.window.watch.state.watch is not None, within=20)
        await self.idle()


@pytest.fixture
def way(desk: Desk, qapp: object) -> Iterator[Way]:
    road = Way(desk)
    yield road
    road.window.hide()
