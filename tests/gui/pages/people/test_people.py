"""The People page: files dropped, browsed and read for real, and what it says about them."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from sparkwizard.gui.aio import StallGauge, until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.people.page import PeoplePage
from sparkwizard.gui.pages.people.source_findings import SourceFindingsDialog
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Person, Population, RemovalLimit
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.people.summary import PeopleSummary
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, PeoplePage]]

HEADER = "userPrincipalName,displayName,accountEnabled,department\n"


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow) -> Opened:
    """Open the window at the People page, inside the loop."""

    def make() -> tuple[WizardWindow, PeoplePage]:
        page = PeoplePage(desk)
        return open_window({Step.PEOPLE: page}, Step.PEOPLE), page

    return make


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a small file of people."""
    path = tmp_path / "people.csv"
    path.write_text(
        HEADER
        + "ada@contoso.example,Ada,True,Sales\n"
        + "bob@contoso.example,Bob,False,IT\n"
        + "eve@contoso.example,Eve,maybe,IT\n",
        "utf-8",
    )
    return path


def write(path: Path, rows: str) -> None:
    path.write_text(HEADER + rows, "utf-8")


def strip_text(page: WizardPage) -> str:
    if page.strip.isHidden():
        return ""
    return f"{page.strip.heading.text()} {page.strip.text.text()}".strip()


def drop(page: PeoplePage, *files: Path) -> bool:
    """Drag files over the page and let go; tell whether they were welcome."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) for one in files])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPointF(50, 50), copy, data, button, keys)
    enter.ignore()
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(50, 50), copy, data, button, keys))
    return enter.isAccepted()


async def read(desk: Desk, page: PeoplePage) -> None:
    await until(lambda: desk.state.population is not None and page.isComplete())


def test_a_dropped_file_is_read_and_its_people_are_shown(
    aio: Aio, opened: Opened, desk: Desk, file: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        assert drop(page, file)
        await read(desk, page)
        panel = page.people_panel
        assert page.stack.currentWidget() is panel
        assert panel.source_name.full_text() == "people.csv"
        assert [panel.tiles.tile(key).number() for key in ("people", "disabled", "problems")] == [
            "3",
            "1",
            "1",
        ]
        assert [person.label for person in panel.model.visible_rows()] == ["Ada", "Bob", "Eve"]
        assert panel.search.hasFocus()

    aio(main)


def test_several_files_or_a_folder_are_not_welcome(
    aio: Aio, opened: Opened, file: Path, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        assert not drop(page, file, file)
        assert not drop(page, tmp_path)

    aio(main)


def test_browsing_opens_a_dialog_that_does_not_hold_the_window_up(
    aio: Aio, opened: Opened, desk: Desk, file: Path, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        click(page.source_panel.drop.button)
        dialog = page.findChild(QFileDialog)
        assert dialog is not None
        assert dialog.isVisible()
        dialog.fileSelected.emit(str(file))
        dialog.done(1)
        await read(desk, page)
        assert desk.profile.source == SourceSettings("csv", str(file))

    aio(main)


def test_a_file_beside_the_setup_is_kept_by_its_relative_name(
    aio: Aio, opened: Opened, desk: Desk, file: Path
) -> None:
    async def main() -> None:
        desk.set(replace(desk.state, base_dir=str(file.parent)))
        _window, page = opened()
        page.read_file(file)
        await read(desk, page)
        assert desk.profile.source.path == "people.csv"

    aio(main)


def test_next_asks_for_a_file_first(
    aio: Aio, opened: Opened, file: Path, desk: Desk, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        press_next(window)
        assert strip_text(page) == "Sign in to Microsoft Entra ID or choose a file first."
        page.read_file(file)
        await read(desk, page)
        press_next(window)
        assert window.current_step() == "MAPPING"

    aio(main)


def test_a_tile_leaves_only_the_people_it_counts(
    aio: Aio, opened: Opened, desk: Desk, file: Path, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.read_file(file)
        await read(desk, page)
        panel = page.people_panel
        click(panel.tiles.tile("problems"))
        assert [person.label for person in panel.model.visible_rows()] == ["Eve"]
        click(panel.tiles.tile("problems"))
        assert len(panel.model.visible_rows()) == 3

    aio(main)


def test_a_damaged_file_says_that_nobody_will_be_removed_and_why(
    aio: Aio, opened: Opened, desk: Desk, file: Path, click: Click
) -> None:
    write(file, "ada@contoso.example,Ada,True,Sales\nbob,Bob\n")

    async def main() -> None:
        _window, page = opened()
        page.read_file(file)
        await read(desk, page)
        assert strip_text(page) == (
            "Not everybody was read. Nobody will be disabled or deleted after such a reading."
        )
        click(next(b for b in page.strip.findChildren(QWidget) if _text(b) == "Show why"))
        dialog = page.findChild(SourceFindingsDialog)
        assert dialog is not None
        assert "Row 3" in dialog.list.toPlainText()
        dialog.accept()

    aio(main)


def _text(widget: QWidget) -> str:
    return str(getattr(widget, "text", str)())


def test_a_file_that_is_no_table_is_told_with_its_fix_and_changes_nothing(
    aio: Aio, opened: Opened, desk: Desk, tmp_path: Path
) -> None:
    wrong = tmp_path / "notes.csv"
    wrong.write_text("name,city\nAda,Bonn\n", "utf-8")

    async def main() -> None:
        _window, page = opened()
        page.read_file(wrong)
        await until(lambda: not page.strip.isHidden())
        assert "userPrincipalName" in strip_text(page)
        assert desk.state.population is None
        assert desk.profile.source.path == ""

    aio(main)


def test_reading_can_be_cancelled_and_changes_nothing(
    aio: Aio, opened: Opened, desk: Desk, tmp_path: Path, click: Click
) -> None:
    big = tmp_path / "big.csv"
    write(big, "".join(f"person{n}@contoso.example,Person,True,IT\n" for n in range(150_000)))

    async def main() -> None:
        _window, page = opened()
        page.busy._delay.setInterval(0)  # a quick computer is through before Cancel would show
        page.read_file(big)
        assert not page.isComplete()
        await until(lambda: "people so far" in page.busy.label.full_text())
        await until(page.busy.cancel.isVisible)
        click(page.busy.cancel)
        await until(page.isComplete)
        assert desk.state.population is None
        assert page.stack.currentWidget() is page.source_panel
        assert page.strip.isHidden()

    aio(main)


def test_a_recent_file_is_one_click_away(
    aio: Aio, opened: Opened, desk: Desk, file: Path, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.read_file(file)
        await read(desk, page)
        click(page.people_panel.another_button)
        links = [w for w in page.source_panel.recent.findChildren(QWidget) if w.isVisible()]
        again = [w for w in links if w.accessibleName() == "Read people.csv again"]
        assert len(again) == 1
        click(page.source_panel.keep)
        assert page.stack.currentWidget() is page.people_panel

    aio(main)


def test_in_practice_the_practice_company_is_one_click_away(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    practise: Callable[[], None],
    tenant: PracticeServer,
    click: Click,
) -> None:
    async def main() -> None:
        practise()
        _window, page = opened()
        assert page.source_panel.practice.isVisible()
        button = page.source_panel.practice.findChild(SecondaryButton)
        assert button is not None
        click(button)
        await read(desk, page)
        assert Path(desk.profile.source.path) == tenant.csv
        assert desk.state.population is not None
        assert len(desk.state.population.people) == 60

    aio(main)


def test_outside_practice_there_is_no_practice_company(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        assert page.source_panel.practice.isHidden()

    aio(main)


def test_a_setup_that_names_a_file_is_read_as_the_page_comes_up(
    aio: Aio, opened: Opened, desk: Desk, file: Path
) -> None:
    async def main() -> None:
        source = SourceSettings("csv", str(file))
        desk.change_profile(lambda profile: replace(profile, source=source))
        _window, page = opened()
        await read(desk, page)
        assert page.stack.currentWidget() is page.people_panel

    aio(main)


def test_another_change_of_the_setup_leaves_the_people_on_screen(
    aio: Aio, opened: Opened, desk: Desk, file: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.read_file(file)
        await read(desk, page)
        desk.set(desk.state.with_limit(RemovalLimit(3, percent=False)))
        assert page.stack.currentWidget() is page.people_panel

    aio(main)


def test_names_with_markup_are_shown_letter_by_letter(
    aio: Aio, opened: Opened, desk: Desk, file: Path
) -> None:
    write(file, "a@b.example,<b>Ada</b>,True,<i>x</i>\n")

    async def main() -> None:
        _window, page = opened()
        page.read_file(file)
        await read(desk, page)
        model = page.people_panel.model
        assert model.index(0, 0).data() == "<b>Ada</b>"

    aio(main)


def test_a_hundred_thousand_people_never_hold_the_window_up(aio: Aio, opened: Opened) -> None:
    people = tuple(
        Person(
            str(n),
            {
                "userPrincipalName": f"person{n}@contoso.example",
                "displayName": f"Person {n}",
                "accountEnabled": "True",
                "department": f"D{n % 40}",
            },
            n,
        )
        for n in range(100_000)
    )

    async def main() -> None:
        _window, page = opened()
        gauge = StallGauge()
        gauge.start()
        found = Population(people)
        page.people_panel.show_population(
            found, PeopleSummary(100_000), name="people.csv", place=""
        )
        model = page.people_panel.model
        await until(lambda: len(model.rows) == 100_000)
        await asyncio.sleep(0.05)
        assert gauge.stop() < 4

    aio(main)
