"""The pre-flight on the People page: told at once, listed with its people, written as CSV."""

import csv
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.calm.collecting import CollectHere
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.people.page import PeoplePage
from sparkwizard.gui.pages.people.preflight_dialog import PreflightDialog
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.steps import Step
from tests.gui.work_gauge import WorkGauge

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[..., tuple[WizardWindow, PeoplePage]]

HEADER = "userPrincipalName,objectId,displayName,accountEnabled,userType,mail\n"
ODD = (
    "ada@x.example,id-1,Ada,True,Member,ada@x.example\n"
    "bob,id-2,=Bob,True,Member,\n"
    "eve@x.example,id-3,Eve,True,Guest,\n"
    "kim@x.example,id-4,Kim,True,Guest,\n"
)


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow, tmp_path: Path) -> Opened:
    """Open the window at the People page with a file of these rows."""

    def make(rows: str = ODD) -> tuple[WizardWindow, PeoplePage]:
        path = tmp_path / "people.csv"
        path.write_text(HEADER + rows, "utf-8")
        source = SourceSettings("csv", str(path))
        desk.change_profile(lambda profile: replace(profile, source=source))
        page = PeoplePage(desk)
        return open_window({Step.PEOPLE: page}, Step.PEOPLE), page

    return make


async def looked(page: PeoplePage) -> None:
    await until(lambda: page.preflight.report is not None, within=90)


async def open_findings(page: PeoplePage) -> PreflightDialog:
    link = page.preflight.show_link
    await until(lambda: link.isVisible() and link.width() > 20)
    press(link)
    tops = QApplication.topLevelWidgets()
    (dialog,) = (top for top in tops if isinstance(top, PreflightDialog) and top.isVisible())
    return dialog


def press(link: QWidget) -> None:
    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(link, left, keys, QPoint(8, link.height() // 2))


def test_the_findings_are_counted_as_soon_as_people_were_read(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        await looked(page)
        assert page.preflight.words.full_text() == "Pre-flight: 1 error, 1 warning and 1 note."

    aio(main)


def test_people_in_order_leave_nothing_to_mend_but_the_domains_to_check(
    aio: Aio, opened: Opened
) -> None:
    async def main() -> None:
        _window, page = opened("ada@x.example,id-1,Ada,True,Member,ada@x.example\n")
        await looked(page)
        assert page.preflight.words.full_text() == "Pre-flight: 1 note."

    aio(main)


def test_the_list_behind_a_finding_shows_its_people_with_the_fix(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        await looked(page)
        dialog = await open_findings(page)
        assert [finding.code for finding in dialog.findings.rows] == [
            "not-email",
            "guest",
            "domains",
        ]
        assert [hit.person.label for hit in dialog.people.rows] == ["=Bob"]
        QTest.keyClick(dialog.table, Qt.Key.Key_Down)
        assert [hit.person.label for hit in dialog.people.rows] == ["Eve", "Kim"]
        assert dialog.text.text().startswith("2 people are guests")
        assert "filter" in dialog.fix.label.text()
        dialog.close()

    aio(main)


def test_the_fix_list_is_written_where_it_was_asked_for(
    aio: Aio, opened: Opened, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        await looked(page)
        await until(lambda: page.preflight.export_link.width() > 20)
        press(page.preflight.export_link)
        dialog = page.preflight.file_dialog
        assert dialog is not None
        dialog.fileSelected.emit(str(tmp_path / "fixes.csv"))
        dialog.close()
        await until(lambda: "was written" in page.preflight.words.full_text())
        with (tmp_path / "fixes.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["Person"] for row in rows if row["Finding"] == "Guests"] == ["Eve", "Kim"]
        assert any(row["Person"] == "'=Bob" for row in rows)

    aio(main)


def test_a_fix_list_that_cannot_be_written_is_told(
    aio: Aio, opened: Opened, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        await looked(page)
        page.preflight.export()
        dialog = page.preflight.file_dialog
        assert dialog is not None
        (tmp_path / "a-file").write_text("", "utf-8")
        dialog.fileSelected.emit(str(tmp_path / "a-file" / "fixes.csv"))
        dialog.close()
        await until(page.strip.isVisible)
        assert page.strip.heading.text()

    aio(main)


def test_a_mapping_that_cannot_work_is_named_instead_of_findings(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    async def main() -> None:
        broken = (MappingRule("userName", "[userPrincipalName", 1),)
        desk.change_profile(lambda profile: replace(profile, mapping=broken))
        _window, page = opened()
        await until(lambda: page.preflight.words.full_text().startswith("No pre-flight: Rule 1"))
        assert not page.preflight.show_link.isVisible()

    aio(main)


def test_a_large_file_is_looked_over_without_holding_the_window_up(
    aio: Aio, opened: Opened
) -> None:
    rows = "".join(f"p{n}@x.example,id-{n},P {n},True,Guest,\n" for n in range(20_000))

    async def main() -> None:
        _window, page = opened(rows)
        await until(lambda: page.preflight.words.full_text().startswith("Pre-flight"), within=90)
        collector, gauge = CollectHere(), WorkGauge()
        gauge.start()
        await looked(page)
        worst = gauge.stop()
        collector.stop()
        assert page.preflight.report is not None
        assert page.preflight.report.counts["guest"] == 20_000
        assert worst < 2

    aio(main)
