"""The first pages and the overview: nothing cut off, nothing without a name, in every state."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
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
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.look.theme import set_scheme
from sparkwizard.gui.pages.connection import ConnectionPage
from sparkwizard.gui.pages.organization.page import OrganizationPage
from sparkwizard.gui.pages.overview.page import OverviewPage
from sparkwizard.gui.pages.start.page import StartPage
from sparkwizard.gui.pages.token.page import TokenPage
from sparkwizard.gui.widgets.labels import ElidedLabel
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.control import RunControl
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import Draft, save_draft
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step
from tests.gui.shown import accessible_name

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Practise = Callable[[], None]

INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QTableView)
SIZES = ((960, 680), (800, 600))


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    yield
    set_scheme(qapp, "light")


def in_scroll_area(widget: QWidget, page: QWidget, *, labels: bool = False) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent, QScrollArea | QTableView):
            return not (labels and isinstance(parent, ScrollColumn))
        parent = parent.parentWidget()
    return False


def cut_off(page: QWidget) -> list[str]:
    """Return the labels, fields and buttons that have less room than their words need."""
    found = []
    for widget in page.findChildren(QWidget):
        words = isinstance(widget, QLabel)  # a column that scrolls squeezes no words
        if not widget.isVisible() or in_scroll_area(widget, page, labels=words):
            continue
        name = f"{type(widget).__name__} {accessible_name(widget)[:50]}"
        if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and widget.text():
            need = widget.heightForWidth(widget.width()) if widget.wordWrap() else 0
            need = max(need, widget.fontMetrics().height())
            wide = widget.fontMetrics().horizontalAdvance(widget.text())
            if widget.height() < need or (not widget.wordWrap() and widget.width() < wide):
                found.append(name)
        elif isinstance(widget, QLineEdit) or (isinstance(widget, QPushButton) and widget.text()):
            least = widget.minimumSizeHint()
            if widget.height() < least.height() or widget.width() < least.width():
                found.append(name)
        inside = page.rect().contains(widget.mapTo(page, widget.rect().center()))
        if isinstance(widget, INTERACTIVE) and not inside:
            found.append(f"{name} lies outside")
    return found


def nameless(page: QWidget) -> list[str]:
    return [
        type(widget).__name__
        for kind in INTERACTIVE
        for widget in page.findChildren(kind)
        if widget.isVisible() and not accessible_name(widget) and not _part_of_edit(widget)
    ]


def _part_of_edit(widget: QWidget) -> bool:
    return isinstance(widget.parentWidget(), QComboBox | QTableView)


async def assert_fits(window: QWidget, page: QWidget, qapp: QApplication) -> None:
    for size in SIZES:
        for scheme in ("light", "dark"):
            set_scheme(qapp, "dark" if scheme == "dark" else "light")
            window.resize(*size)
            await asyncio.sleep(0.05)
            assert cut_off(page) == [], (size, scheme)
            assert nameless(page) == []


def test_the_start_fits_with_a_draft_on_offer(
    aio: Aio, desk: Desk, open_window: OpenWindow, qapp: QApplication, saved_profile: Profile
) -> None:
    desk.services.save(saved_profile)
    save_draft(Draft(Profile(name="Contoso"), "PEOPLE"), desk.services.places)

    async def main() -> None:
        page = StartPage(desk)
        window = open_window({Step.START: page}, Step.START)
        window.set_profile("Practice", practice=True)
        await until(lambda: not page.strip.isHidden())
        await assert_fits(window, page, qapp)

    aio(main)


@pytest.mark.parametrize("kind", ["admin", "personal", "non_admin", "bot"])
def test_the_token_page_fits_whatever_was_pasted(
    aio: Aio,
    desk: Desk,
    open_window: OpenWindow,
    qapp: QApplication,
    tenant: PracticeServer,
    kind: str,
) -> None:
    async def main() -> None:
        page = TokenPage(desk)
        window = open_window({Step.TOKEN: page}, Step.TOKEN)
        window.set_profile("Practice", practice=True)
        page.secret.set_text(f"Bearer {tenant.tokens[kind]}")
        await until(lambda: desk.state.identity is not None or not page.strip.isHidden())
        await assert_fits(window, page, qapp)

    aio(main)


def test_the_organization_fits_with_a_warning(
    aio: Aio,
    desk: Desk,
    open_window: OpenWindow,
    qapp: QApplication,
    tenant: PracticeServer,
    practise: Practise,
) -> None:
    async def main() -> None:
        practise()
        token = tenant.tokens["personal"]
        identity = await desk.services.identify(token, tenant.api_url)
        desk.update(identity=identity)
        page = OrganizationPage(desk)
        window = open_window({Step.ORGANIZATION: page}, Step.ORGANIZATION)
        window.set_profile("Practice", practice=True)
        await assert_fits(window, page, qapp)

    aio(main)


def test_the_organization_fits_with_everything_wrong_in_it(
    aio: Aio,
    desk: Desk,
    open_window: OpenWindow,
    qapp: QApplication,
    tenant: PracticeServer,
    practise: Practise,
) -> None:
    async def main() -> None:
        practise()
        token = tenant.tokens["personal"]
        desk.update(identity=await desk.services.identify(token, tenant.api_url))
        page = OrganizationPage(desk)
        window = open_window({Step.ORGANIZATION: page}, Step.ORGANIZATION)
        window.set_profile("Practice", practice=True)
        page.advanced.click()
        for field in (page.address, page.name):
            field.selectAll()
            QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(page.address, "https://webexapis.com/identity")
        assert page.address_problem.text()
        assert page.name_problem.text()
        await assert_fits(window, page, qapp)

    aio(main)


@pytest.mark.parametrize("kind", ["admin", "people_only"])
def test_the_connection_fits_passed_and_failed(
    aio: Aio,
    desk: Desk,
    open_window: OpenWindow,
    qapp: QApplication,
    tenant: PracticeServer,
    saved_profile: Profile,
    kind: str,
) -> None:
    async def main() -> None:
        state = replace(desk.state, profile=saved_profile)
        desk.set(state.with_token(PastedToken(tenant.tokens[kind])))
        page = ConnectionPage(desk)
        window = open_window({Step.CONNECTION: page}, Step.CONNECTION)
        await until(lambda: bool(desk.state.layers))
        await assert_fits(window, page, qapp)

    aio(main)


@pytest.mark.parametrize("kept", ["admin", "personal", ""])
def test_the_overview_fits(
    aio: Aio,
    desk: Desk,
    qapp: QApplication,
    tenant: PracticeServer,
    saved_profile: Profile,
    kept: str,
) -> None:
    desk.set(replace(desk.state, profile=saved_profile))
    if kept:
        desk.services.keep_token(saved_profile, tenant.tokens[kept])

    async def main() -> None:
        page = OverviewPage(desk)
        page.refresh()
        page.show()
        await page.tasks.drained()
        await assert_fits(page, page, qapp)

    aio(main)


def test_the_overview_fits_with_failures_and_a_token_that_ends(
    aio: Aio, desk: Desk, qapp: QApplication, tenant: PracticeServer, saved_profile: Profile
) -> None:
    token = tenant.tokens["personal"]
    tenant.faults.names_taken_elsewhere = True
    desk.set(replace(desk.state, profile=saved_profile))
    desk.services.keep_token(saved_profile, token)

    async def main() -> None:
        preview = await desk.services.preview(saved_profile, Path(), token)
        control = RunControl()
        async for _ in desk.services.apply(preview.plan, saved_profile, token, control=control):
            pass
        page = OverviewPage(desk)
        page.refresh()
        page.show()
        await page.tasks.drained()
        assert not page.findings.isHidden()
        assert not page.strip.isHidden()
        await assert_fits(page, page, qapp)

    aio(main)
