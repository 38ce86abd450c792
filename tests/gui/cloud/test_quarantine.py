"""Entra's service goes into quarantine in the practice tenant: told with its remedy, and ended."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from sparkwizard.gui.cloud.watching.restart_dialog import RestartDialog
from sparkwizard.gui.desk import Desk
from sparkwizard.practice.server import PracticeServer
from sparkwizard.values import replace
from tests.gui.cloud.conftest import Way
from tests.gui.pages.conftest import click
from tests.gui.pages.test_first_pages_fit import cut_off

pytestmark = pytest.mark.slow

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

LEFT = tuple(f"{name}@fabrikam.example" for name in ("mei.chen", "oliver.brown", "aino.virtanen"))


async def one_cycle(way: Way) -> None:
    click(way.window.watch.state.cycle)
    await way.idle()


def told(way: Way) -> str:
    """Return what the watch says of a quarantine; "" for a job that is in none."""
    state = way.window.watch.state
    if "quarantine" not in state.words.label.text():
        return ""
    message = state.notices.messages[0]
    return f"{message.heading} {message.text}"


def button(way: Way, words: str) -> QAbstractButton:
    """Return the button of the notice that says so."""
    buttons = way.window.watch.state.notices.findChildren(QAbstractButton)
    return next(one for one in buttons if one.text().replace("&", "") == words)


async def restart(way: Way, words: str, *, sure: bool = False) -> None:
    """Press what the notice offers, and choose the restart that it leads to."""
    click(button(way, words))
    dialog = way.window.watch.state.findChildren(RestartDialog)[-1]
    assert dialog.button.isEnabled() is not sure
    dialog.sure.setChecked(sure)
    click(dialog.button)
    await way.idle()
    assert "Restarted" in way.said()


def done_with_them(tenant: PracticeServer) -> set[str]:
    """Return what the last cycle did with those who left."""
    newest = {
        record["sourceIdentity"]["id"]: record["provisioningAction"]
        for record in tenant.entra.provisioning.logs
    }
    return {newest[person] for person in leavers(tenant)}


def leavers(tenant: PracticeServer) -> list[str]:
    found = map(tenant.entra.directory.users.find, LEFT)
    return [one for one in found if one is not None]


def test_a_token_that_died_is_renewed_and_the_quarantine_ended(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        tenant.faults.token_expired = True
        await one_cycle(way)
        assert "Webex refused the sign-in" in told(way)
        assert "renew it, then end the quarantine" in told(way)
        tenant.faults.token_expired = False
        click(button(way, "Renew"))
        await way.idle()
        upkeep = way.window.watch.upkeep
        assert upkeep.isVisible()
        upkeep.field.set_text(tenant.token)
        click(upkeep.renew)
        await way.idle()
        way.window.watch.show_part("state")
        await way.idle()
        await restart(way, "End the quarantine")
        await one_cycle(way)
        assert told(way) == ""

    aio(main)


def test_too_many_removals_are_held_back_until_somebody_has_looked_at_whom_they_concern(
    aio: Aio, way: Way, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        cloud = replace(desk.profile.cloud, delete_threshold=2)
        profile = replace(desk.profile, cloud=cloud)
        desk.services.save(profile)
        desk.set(replace(desk.state, profile=profile))
        await way.set_up()
        await one_cycle(way)
        for person in leavers(tenant):
            tenant.entra.directory.change_person(person, accountEnabled=False)
        await one_cycle(way)
        assert "guard against accidental deletions" in told(way)
        assert "StagedDelete" in told(way)
        assert done_with_them(tenant) == {"stagedDelete"}
        for size in ((960, 680), (800, 600)):
            way.window.resize(*size)
            await asyncio.sleep(0.06)
            assert cut_off(way.window.watch) == [], size
        assert button(way, "Open the log").isVisible()
        await restart(way, "Carry out the removals held back", sure=True)
        await one_cycle(way)
        assert told(way) == ""
        assert done_with_them(tenant) == {"disable"}

    aio(main)


def test_when_nearly_everybody_fails_the_log_is_where_to_look(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        tenant.entra_faults.quarantine_failures = 20
        tenant.faults.enforced_domains = ("elsewhere.example",)
        await way.set_up()
        await one_cycle(way)
        assert "More than 40% of the people failed" in told(way)
        click(button(way, "Open the log"))
        await way.idle()
        log = way.window.watch.log
        assert log.isVisible()
        assert "failure" in {entry.status for entry in log.model.rows}
        tenant.faults.enforced_domains = ()
        way.window.watch.show_part("state")
        await way.idle()
        await restart(way, "End the quarantine")
        await one_cycle(way)
        assert told(way) == ""

    aio(main)
