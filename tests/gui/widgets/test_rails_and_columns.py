"""What gives way when room gets tight, and where one is."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sparkwizard.gui import widgets as w
from tests.gui.shown import accessible_name
from tests.gui.widgets.settling import settle


def test_columns_stack_when_they_get_tight(qapp: QApplication) -> None:
    columns = w.Columns(w.Label("a"), w.Label("b"), stack_below=300)
    columns.resize(400, 100)
    columns.show()
    settle(qapp)
    assert not columns.stacked
    columns.resize(200, 100)
    settle(qapp)
    assert columns.stacked


def test_a_side_panel_folds_away_and_can_be_fetched(qapp: QApplication) -> None:
    main, side = QWidget(), QWidget()
    panel = w.FoldingPanel(main, side, fold_below=500)
    panel.resize(400, 300)
    panel.show()
    settle(qapp)
    assert main.isVisible()
    assert not side.isVisible()
    panel.button.click()
    assert side.isVisible()
    panel.resize(800, 300)
    settle(qapp)
    assert main.isVisible()
    assert side.isVisible()


def test_a_done_step_can_be_gone_back_to_with_the_keyboard() -> None:
    rail = w.StepRail([w.RailStep("Start"), w.RailStep("Token"), w.RailStep("Applying", "play")])
    rail.set_current(1, reachable=[0])
    told: list[int] = []
    rail.step_chosen.connect(told.append)
    first, second, third = rail._steps
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.keyClick(third, Qt.Key.Key_Space)
    assert told == [0]
    assert accessible_name(first) == "Step 1, Start, done"
    assert accessible_name(second) == "Step 2, Token, current"


def test_steps_without_a_number_do_not_change_the_count() -> None:
    rail = w.StepRail([w.RailStep("Start"), w.RailStep("Token"), w.RailStep("Applying", "play")])
    assert rail.standing(1) == "Step 2 of 2"
    assert rail.standing(2) == "Applying"


def test_a_narrow_rail_keeps_its_words_as_tooltips() -> None:
    rail = w.StepRail([w.RailStep("Start"), w.RailStep("Token")])
    rail.set_compact(compact=True)
    assert [button.toolTip() for button in rail._steps] == ["Start", "Token"]


def test_a_place_of_the_overview_can_be_chosen_with_the_keyboard() -> None:
    rail = w.SideRail([w.RailPlace("a", "Overview", "laptop"), w.RailPlace("b", "Runs", "clock")])
    rail.choose("a")
    told: list[str] = []
    rail.place_chosen.connect(told.append)
    QTest.keyClick(rail._places["b"], Qt.Key.Key_Space)
    assert told == ["b"]
    assert rail.choice() == "b"


def test_an_arrow_on_the_overviews_rail_goes_nowhere() -> None:
    rail = w.SideRail([w.RailPlace("a", "Overview", "laptop"), w.RailPlace("b", "Runs", "clock")])
    rail.choose("a")
    told: list[str] = []
    rail.place_chosen.connect(told.append)
    rail.show()
    QTest.keyClick(rail._places["a"], Qt.Key.Key_Down)
    assert told == []
    assert rail.choice() == "a"
