"""The last page installs, shows and removes the schedule of this computer."""

import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.pages.result.page import ResultPage
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.provisioning.types import ActionKind, Counts
from sparkwizard.runs.types import RunResult, RunState
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is on Linux only")

SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
  *list-timers*) echo '[{"next":1795454507479750}]';;
  *.timer) echo "ActiveState=active";;
esac
"""
GONE = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def tenant() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(SYSTEMCTL)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return program


@pytest.fixture
def page(desk: Desk, tenant: PracticeServer, saved_profile: Profile, systemctl: Path) -> ResultPage:
    result = RunResult(
        1, RunState.DONE, Counts(create=1), 1, 0, 0, by_kind={ActionKind.CREATE: 1}, seconds=1.0
    )
    desk.set(
        replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token), result=result)
    )
    desk.services.keep_token(saved_profile, tenant.token)
    return ResultPage(desk)


def units(systemctl: Path) -> list[Path]:
    return sorted((systemctl.parents[1] / "config" / "systemd" / "user").glob("sparkwizard-*"))


async def shown(page: ResultPage) -> None:
    page.show()
    page.on_enter()


def test_a_schedule_is_installed_told_and_removed(
    aio: Aio, page: ResultPage, click: Click, systemctl: Path
) -> None:
    async def road() -> None:
        await shown(page)
        card = page.schedule
        assert card.keep.isVisible()
        assert not card.remove.isVisible()
        assert "while you are signed in" in card.text.text()
        click(card.keep)
        await until(card.remove.isVisible)
        assert not card.keep.isVisible()
        assert "every 40 minutes" in card.text.text()
        assert "Next run" in card.text.text()
        await until(lambda: "token ends on" in card.text.text())
        timer, service = sorted(units(systemctl), reverse=True)
        assert "OnUnitActiveSec=40min" in timer.read_text()
        assert '"sync" "--profile"' in service.read_text()
        await until(card.remove.isEnabled)
        click(card.remove)
        await until(card.keep.isVisible)
        assert units(systemctl) == []

    aio(road)


def test_a_schedule_that_is_there_already_is_shown(
    aio: Aio, page: ResultPage, click: Click, systemctl: Path
) -> None:
    async def road() -> None:
        await shown(page)
        click(page.schedule.keep)
        await until(page.schedule.remove.isVisible)
        page.on_enter()
        await until(page.schedule.remove.isVisible)
        assert "every 40 minutes" in page.schedule.text.text()

    aio(road)


def test_a_token_of_twelve_hours_is_refused_in_a_sentence(
    aio: Aio, page: ResultPage, click: Click, desk: Desk, tenant: PracticeServer, systemctl: Path
) -> None:
    async def road() -> None:
        await shown(page)
        desk.services.keep_token(desk.profile, tenant.tokens["personal"])
        click(page.schedule.keep)
        await until(page.strip.isVisible)
        assert units(systemctl) == []
        assert page.schedule.keep.isVisible()

    aio(road)


def test_a_computer_without_systemd_says_so(
    aio: Aio, page: ResultPage, click: Click, systemctl: Path
) -> None:
    systemctl.write_text(GONE)

    async def road() -> None:
        await shown(page)
        click(page.schedule.keep)
        await until(page.strip.isVisible)
        assert units(systemctl) == []

    aio(road)


def test_practice_installs_nothing(
    aio: Aio, page: ResultPage, desk: Desk, tenant: PracticeServer, systemctl: Path
) -> None:
    from sparkwizard.wizard.state import PracticeTenant

    async def road() -> None:
        there = PracticeTenant(
            tenant.tenant_url, tenant.api_url, tenant.organization_id, "x.csv", tenant.token
        )
        desk.update(practice=there)
        await shown(page)
        assert not page.schedule.keep.isVisible()
        assert not page.schedule.remove.isVisible()

    aio(road)
