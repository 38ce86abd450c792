"""The watch: state, log, one person, hand-off, upkeep; what is wrong there says what to do."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.gui.aio import until
from sparkwizard.gui.cloud.watching.restart_dialog import RestartDialog
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.cloud.types import HandOffKind
from sparkwizard.wizard.cloud.checklist import ItemState
from sparkwizard.wizard.cloud.steps import CloudStep
from tests.gui.cloud.conftest import Way
from tests.gui.pages.conftest import click
from tests.gui.pages.test_first_pages_fit import cut_off, nameless

pytestmark = pytest.mark.slow

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


async def one_cycle(way: Way) -> None:
    click(way.window.watch.state.cycle)
    await way.idle()


def test_it_is_paused_and_started_and_runs_a_cycle_when_told_to(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        state = way.window.watch.state
        await one_cycle(way)
        assert state.watch is not None
        assert state.watch.status.last is not None
        assert int(state.tiles.tile("entitled").number()) >= 50
        click(state.switch)
        await way.idle()
        assert "Off" in state.words.label.text()
        assert not state.cycle.isEnabled()
        click(state.switch)
        await way.idle()
        assert state.words.label.text().startswith("On")

    aio(main)


def test_a_deleted_application_is_told_with_the_way_to_get_it_back(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        tenant.entra.delete_applications_elsewhere()
        way.window.watch.state.look()
        await until(way.window.watch.strip.isVisible, within=10)
        assert "not in the directory any more" in way.said()
        assert "Restore it" in way.said()
        assert not way.window.watch.state.switch.isEnabled()

    aio(main)


def test_a_restart_that_can_cost_access_has_to_be_confirmed(aio: Aio, way: Way) -> None:
    async def main() -> None:
        await way.set_up()
        state = way.window.watch.state
        click(state.restart)
        dialog = state.findChildren(RestartDialog)[-1]
        assert dialog.button.isEnabled()
        dialog.radios[RestartKind.ALLOW_DELETES].setChecked(True)
        assert not dialog.button.isEnabled()
        assert "lose access" in dialog.about.text()
        dialog.radios[RestartKind.FROM_THE_START].setChecked(True)
        click(dialog.button)
        await way.idle()
        assert "Restarted" in way.said()

    aio(main)


def test_one_person_is_provisioned_with_every_step_shown(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        watch = way.window.watch
        watch.show_part("person")
        click(watch.person.button)
        assert "Nobody is named" in way.said()
        watch.person.who.setText("nobody@fabrikam.example")
        click(watch.person.button)
        await way.idle()
        assert "Nobody in the directory is called" in way.said()
        watch.person.who.setText("aino.virtanen@fabrikam.example")
        click(watch.person.button)
        await way.idle()
        assert "was created" in watch.person.outcome.label.text()
        names = [row.head.row.name for row in watch.person.steps.rows()]
        assert names[:4] == ["1. Read", "2. Scope", "3. Match", "4. Write"]

    aio(main)


def test_the_log_is_searched_filtered_and_exported(aio: Aio, way: Way, tmp_path: Path) -> None:
    async def main() -> None:
        await way.set_up()
        await one_cycle(way)
        watch = way.window.watch
        watch.show_part("log")
        await way.idle()
        log = watch.log
        every = log.model.rowCount()
        assert every > 40
        log.status.setCurrentIndex(log.status.findData("skipped"))
        assert 0 < log.model.rowCount() < every
        assert {row.status for row in log.model.visible_rows()} == {"skipped"}
        log.status.setCurrentIndex(0)
        log.search.setText("aino")
        await until(lambda: log.model.rowCount() < every)
        out = tmp_path / "log.csv"
        await log.write(out)
        assert len(out.read_text("utf-8").strip().splitlines()) == 1 + log.model.rowCount()
        click(log.export)
        (dialog,) = log.findChildren(QFileDialog)
        dialog.filterSelected.emit(dialog.nameFilters()[1])
        (chosen,) = dialog.selectedFiles()
        assert Path(chosen).name == "provisioning-log.json"
        dialog.reject()
        out = tmp_path / "log.json"
        await log.write(out)
        people = [one["person"] for one in json.loads(out.read_text("utf-8"))]
        assert people == [row.label for row in log.model.visible_rows()]

    aio(main)


def test_the_hand_off_is_compared_person_by_person_and_filtered_by_its_numbers(
    aio: Aio, way: Way
) -> None:
    async def main() -> None:
        await way.set_up()
        await one_cycle(way)
        watch = way.window.watch
        watch.show_part("hand-off")
        click(watch.hand_off.check)
        await way.idle()
        matched = watch.hand_off.tiles.tile(HandOffKind.MATCHED)
        assert int(matched.number()) > 40
        assert "says what this setup says" in watch.hand_off.words.text()
        click(matched)
        assert watch.hand_off.model.rowCount() == int(matched.number())

    aio(main)


def test_the_secret_token_is_renewed_in_one_step(
    aio: Aio, way: Way, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        watch = way.window.watch
        watch.show_part("upkeep")
        upkeep = watch.upkeep
        upkeep.field.set_text("C" * 64)
        click(upkeep.renew)
        await until(watch.strip.isVisible, within=10)
        assert "Renew it again" not in way.said()
        upkeep.field.set_text(tenant.token)
        click(upkeep.renew)
        await until(lambda: "Renew it again" in way.said(), within=10)
        assert upkeep.field.text() == ""
        assert "days left" in upkeep.left.label.text()
        assert desk.services.load("Fabrikam").profile.cloud.renew_by

    aio(main)


def test_a_former_schema_is_put_back(aio: Aio, way: Way) -> None:
    async def main() -> None:
        await way.set_up()
        watch = way.window.watch
        watch.show_part("upkeep")
        number = len(watch.upkeep.model.rows)
        assert number
        click(watch.upkeep.back)
        await way.idle()
        assert "is back" in way.said()
        assert len(watch.upkeep.model.rows) == number + 1

    aio(main)


def test_by_hand_each_point_has_its_values_and_what_cant_be_read_is_ticked_off(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        page = way.open(CloudStep.BY_HAND).by_hand
        await way.idle()
        keys = [item.key for item in page.items]
        assert keys[:3] == ["application", "automatic", "credentials"]
        page.table.selectRow(2)
        fields = {one.accessibleName(): one for one in page.findChildren(QLineEdit)}
        assert fields["Tenant URL"].text() == tenant.tenant_url
        assert fields["Secret Token"].echoMode() is QLineEdit.EchoMode.Password
        assert page.items[2].by_hand
        page.tick.click()
        assert page.items[2].state is ItemState.TICKED
        assert page.title_label.text().startswith("1 of")

    aio(main)


def test_every_face_fits_at_both_sizes(aio: Aio, way: Way) -> None:
    async def main() -> None:
        await way.set_up()
        await one_cycle(way)
        for step in CloudStep:
            way.open(step)
            await way.idle()
            parts = way.window.watch.parts if step is CloudStep.WATCH else ("",)
            for key in parts:
                if key:
                    way.window.watch.show_part(key)
                    await way.idle()
                for size in ((960, 680), (800, 600)):
                    way.window.resize(*size)
                    await asyncio.sleep(0.06)
                    page = way.window.currentPage()
                    assert cut_off(page) == [], (step, key, size)
                    assert nameless(page) == []
                    assert way.window.width() == size[0], (step, key)
                    assert way.window.height() == size[1], (step, key)

    aio(main)


def test_what_support_gets_says_that_graph_said_it_and_its_request_id(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        tenant.entra_faults.consent_withdrawn = (
            "Synchronization.Read.All",
            "Synchronization.ReadWrite.All",
        )
        way.window.watch.state.look()
        await until(way.window.watch.strip.isVisible, within=10)
        refused = tenant.graph_log[-1].request_id
        buttons = way.window.watch.strip.findChildren(SecondaryButton)
        click(next(one for one in buttons if one.text() == "Copy details"))
        copied = QGuiApplication.clipboard().text().splitlines()
        assert f"Request ID: {refused}" in copied
        assert any(line.startswith("Microsoft Graph said: ") for line in copied)
        assert not any("Webex" in line for line in copied)

    aio(main)


def test_what_can_be_pressed_about_a_missing_sign_in_leads_to_permissions(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        tenant.entra_faults.consent_withdrawn = (
            "Synchronization.Read.All",
            "Synchronization.ReadWrite.All",
        )
        way.window.watch.state.look()
        await until(way.window.watch.strip.isVisible, within=10)
        (sign_in, *_copy) = way.window.watch.strip.findChildren(SecondaryButton)
        click(sign_in)
        await way.at(CloudStep.SIGN_IN)

    aio(main)
