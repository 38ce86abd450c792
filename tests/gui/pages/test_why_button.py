"""Whoever is listed can be asked about, and the keyboard never rests on the practice band."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget, QWizard

from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow
from sparkwizard.gui.frame.window_parts import PageSpec
from sparkwizard.gui.models.person_columns import person_columns
from sparkwizard.gui.plan.people_dialog import PeopleDialog
from sparkwizard.gui.plan.why_button import WhyButton
from sparkwizard.gui.widgets import DataTable, RowsModel
from sparkwizard.provisioning.types import Person
from sparkwizard.wizard.steps import Step

ADELE = Person("1", {"userPrincipalName": "adele@contoso.example", "displayName": "Adele Vance"})


def test_the_person_that_is_selected_is_asked_about_by_button_and_by_enter() -> None:
    table = DataTable(RowsModel(person_columns(), [ADELE]), name="People")
    asked: list[str] = []
    why = WhyButton(table, lambda person: asked.append(person.label))
    table.show()
    assert not why.isEnabled()
    table.select_first()
    assert why.isEnabled()
    why.click()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked == ["Adele Vance", "Adele Vance"]


def test_a_list_of_people_offers_why_only_where_it_can_be_answered() -> None:
    holder = QWidget()
    without = PeopleDialog("People", [ADELE], lambda _person: "", holder)
    assert without.findChildren(WhyButton) == []
    asked: list[Person] = []
    offered = PeopleDialog(
        "People", [ADELE], lambda _person: "", holder, lambda person, _parent: asked.append(person)
    )
    offered.show()
    offered.table.select_first()
    (why,) = offered.findChildren(WhyButton)
    why.click()
    assert asked == [ADELE]


def test_while_something_runs_the_keyboard_goes_to_cancel_not_to_the_practice_band(
    aio: Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any],
) -> None:
    async def road() -> None:
        pages = [WizardPage(step.name) for step in Step]
        window = SetupWindow(
            [PageSpec(s.name, s.name, p) for s, p in zip(Step, pages, strict=True)],
            StepFlow(),
            practice=True,
        )
        window.start_at(Step.START.name)
        window.show()
        await asyncio.sleep(0.05)
        pages[0].set_busy("Running")
        await asyncio.sleep(0.05)
        assert window.focusWidget() is window.button(QWizard.WizardButton.CancelButton)
        pages[0].set_busy("")
        window.accept()
        await window.wait_closed()

    aio(road)
