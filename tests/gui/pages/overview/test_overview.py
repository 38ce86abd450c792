"""The overview of a saved setup, after real runs against the practice tenant."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from sparkwizard.errors import NotAuthorized
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.pages.overview.page import OverviewPage
from sparkwizard.gui.widgets import LinkButton, SecondaryButton
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.runs.control import RunControl
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.steps import CloudStep

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]


@pytest.fixture
def tenant() -> Iterator[PracticeServer]:
    """Serve a practice tenant that nobody has written to."""
    with serve_in_thread() as server:
        yield server


class Opened:
    def __init__(self, desk: Desk, profile: Profile) -> None:
        self.desk, self.profile = desk, profile
        desk.set(replace(desk.state, profile=profile, editing=profile.name))
        desk.services.save(profile)

    async def run(self, token: str) -> None:
        services = self.desk.services
        preview = await services.preview(self.profile, Path(), token)
        events = services.apply(preview.plan, self.profile, token, control=RunControl())
        async for _event in events:
            pass

    async def __call__(self) -> OverviewPage:
        page = OverviewPage(self.desk)
        page.resize(960, 680)
        page.refresh()
        page.show()
        await page.tasks.drained()
        return page


@pytest.fixture
def opened(desk: Desk, saved_profile: Profile) -> Opened:
    return Opened(desk, saved_profile)


def words(widget: QWidget) -> str:
    return " / ".join(
        label.accessibleName() for label in widget.findChildren(QWidget) if label.accessibleName()
    )


def test_a_setup_that_was_never_run_says_so_and_asks_for_a_token(
    aio: Aio, opened: Opened, click: Click
) -> None:
    async def main() -> None:
        page = await opened()
        asked: list[str] = []
        page.edit_requested.connect(asked.append)
        assert page.here.state.label.text() == "Not run yet"
        assert page.strip.heading.text() == "No token is kept for this setup"
        (button,) = page.strip.findChildren(SecondaryButton)
        click(button)
        assert asked == ["TOKEN"]
        assert page.runs.button.isHidden()

    aio(main)


def test_the_kept_token_tells_how_long_it_lives_on(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    desk.services.keep_token(opened.profile, tenant.token)

    async def main() -> None:
        page = await opened()
        assert page.token_tile.number() == "364 days"
        assert page.strip.isHidden()
        assert desk.state.token == tenant.token

    aio(main)


def test_a_token_that_ends_today_is_warned_about(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    desk.services.keep_token(opened.profile, tenant.tokens["personal"])

    async def main() -> None:
        page = await opened()
        assert page.strip.heading.text().startswith("The token ends")

    aio(main)


def test_the_last_run_is_shown_and_its_report_is_one_press_away(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        await opened.run(tenant.token)
        page = await opened()
        wanted: list[int] = []
        page.report_requested.connect(wanted.append)
        assert page.here.state.label.text() == "Last run went well"
        assert "42 changes" in words(page.here)
        assert "58 of 60 people" in words(page.here)
        assert page.findings.isHidden()
        assert len(page.runs.model.rows) == 1
        click(page.runs.button)
        assert wanted == [page.runs.model.rows[0].id]

    aio(main)


def test_what_failed_in_the_last_run_is_a_finding_with_its_reason(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        tenant.faults.names_taken_elsewhere = True
        await opened.run(tenant.token)
        page = await opened()
        wanted: list[int] = []
        page.report_requested.connect(wanted.append)
        assert not page.findings.isHidden()
        assert "failed" in page.here.state.label.text()
        click(page.findings.findChildren(LinkButton)[0])
        assert wanted == [page.runs.model.rows[0].id]

    aio(main)


def test_preview_sync_and_edit_are_told_to_the_shell(
    aio: Aio, opened: Opened, click: Click
) -> None:
    async def main() -> None:
        page = await opened()
        told: list[str] = []
        page.preview_requested.connect(lambda: told.append("preview"))
        page.sync_requested.connect(lambda: told.append("sync"))
        page.edit_requested.connect(lambda step: told.append(f"edit {step}"))
        click(page.preview)
        click(page.sync)
        click(page.edit)
        page.rail.place_chosen.emit("SCOPE")
        assert told == ["preview", "sync", "edit ", "edit SCOPE"]
        assert page.rail.choice() == "overview"

    aio(main)


def test_entra_is_offered_and_leads_to_its_set_up(aio: Aio, opened: Opened, click: Click) -> None:
    async def main() -> None:
        page = await opened()
        wanted: list[CloudStep] = []
        page.cloud_wanted.connect(wanted.append)
        assert page.entra.state.label.text() == "Not set up"
        assert page.entra.watch.isHidden()
        click(page.entra.set_up)
        assert wanted == [CloudStep.SIGN_IN]

    aio(main)


def test_a_job_that_was_seen_is_told_and_can_be_watched(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    profile = opened.profile
    organization = profile.webex.organization_id
    desk.services.journal.remember_job(profile.id, organization, "app", "job", on=True)

    async def main() -> None:
        page = await opened()
        wanted: list[CloudStep] = []
        page.cloud_wanted.connect(wanted.append)
        assert page.entra.state.label.text() == "On"
        assert "Nobody noted when it ends" in words(page.entra)
        click(page.entra.watch)
        assert wanted == [CloudStep.WATCH]

    aio(main)


def test_a_low_window_tells_the_token_beside_the_last_run(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    desk.services.keep_token(opened.profile, tenant.token)

    async def main() -> None:
        page = await opened()
        assert not page.tiles.isHidden()
        assert "364 days left" not in words(page.here)
        page.setMinimumSize(800, 440)
        page.resize(800, 440)
        await until(page.tiles.isHidden)
        assert "364 days left" in words(page.here)

    aio(main)


def test_what_waits_and_the_last_sync_are_told_on_the_card_of_this_computer(
    aio: Aio, opened: Opened, tenant: PracticeServer, desk: Desk
) -> None:
    async def main() -> None:
        services, profile = desk.services, opened.profile
        cycle = await services.begin_cycle(profile, Path(), tenant.token)
        async for _ in services.apply_cycle(cycle, profile, tenant.token, control=RunControl()):
            pass
        page = await opened()
        told = words(page.here)
        assert "read everything" in told
        assert "2 people, tried again" in told

    aio(main)


def test_a_quarantine_is_told_with_its_reason_and_remedy(
    aio: Aio, opened: Opened, tenant: PracticeServer, desk: Desk, click: Click
) -> None:
    desk.services.keep_token(opened.profile, tenant.token)
    refused = NotAuthorized("Webex does not accept this token.", fix="Paste a new one.")

    async def main() -> None:
        desk.services.cycle_failed(opened.profile, refused)
        page = await opened()
        asked: list[str] = []
        page.edit_requested.connect(asked.append)
        assert page.here.state.label.text() == "In quarantine"
        assert page.strip.heading.text() == "In quarantine since today, tried once a day"
        assert "Webex does not accept this token." in page.strip.text.text()
        (button,) = page.strip.findChildren(SecondaryButton)
        click(button)
        assert asked == ["TOKEN"]
        await opened.run(tenant.token)
        page.refresh()
        assert page.strip.isHidden(), "a run that went through ends it"

    aio(main)
