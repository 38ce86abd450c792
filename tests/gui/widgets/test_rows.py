"""Tables hold 100,000 rows, and filter and sort them at once."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sparkwizard.gui.aio import StallGauge
from sparkwizard.gui.widgets import Column, DataTable, EmptyState, RowsModel, TableCard

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
PEOPLE = [("Adele Vance", 3), ("Grady Archie", 1), ("adam smith", 2)]


def people_model(rows: list[tuple[str, int]] = PEOPLE) -> RowsModel[tuple[str, int]]:
    return RowsModel(
        [
            Column("Person", lambda row: row[0], strong=True, width=140, stretch=True),
            Column("Runs", lambda row: str(row[1]), numeric=True, sort_key=lambda row: row[1]),
        ],
        rows,
    )


def names(model: RowsModel[tuple[str, int]]) -> list[str]:
    return [row[0] for row in model.visible_rows()]


def test_search_takes_every_word_in_any_case() -> None:
    model = people_model()
    model.search("ARCH gra")
    assert names(model) == ["Grady Archie"]


def test_an_emptied_search_shows_all_again() -> None:
    model = people_model()
    model.search("nobody")
    model.search("")
    assert names(model) == [row[0] for row in PEOPLE]


def test_sorting_by_name_ignores_upper_and_lower_case() -> None:
    model = people_model()
    model.sort(0, ASCENDING)
    assert names(model) == ["adam smith", "Adele Vance", "Grady Archie"]


def test_sorting_by_a_number_is_not_by_its_letters() -> None:
    model = people_model([("a", 10), ("b", 9)])
    model.sort(1, ASCENDING)
    assert names(model) == ["b", "a"]


def test_a_filter_keeps_the_sort_order() -> None:
    model = people_model()
    model.sort(1, DESCENDING)
    model.keep(lambda row: row[1] > 1)
    assert names(model) == ["Adele Vance", "adam smith"]


def test_sorting_moves_a_remembered_index_with_its_row() -> None:
    model = people_model()
    held = QPersistentModelIndex(model.index(1, 0))
    model.sort(0, DESCENDING)
    assert held.row() == 0
    assert model.row_at(held) == ("Grady Archie", 1)


def test_appended_rows_outside_the_search_stay_hidden() -> None:
    model = people_model()
    model.search("adele")
    model.append_rows([("Adele Two", 5), ("Bob", 6)])
    assert names(model) == ["Adele Vance", "Adele Two"]
    assert len(model.rows) == 5


@given(
    st.lists(st.tuples(st.text(max_size=8), st.integers(0, 9)), max_size=30), st.text(max_size=3)
)
def test_filter_and_sort_never_lose_or_invent_a_row(
    rows: list[tuple[str, int]], needle: str
) -> None:
    model = people_model(rows)
    model.sort(0, ASCENDING)
    model.search(needle)
    shown = model.visible_rows()
    assert all(row in rows for row in shown)
    model.search("")
    assert sorted(model.visible_rows()) == sorted(rows)


def test_a_hundred_thousand_rows_filter_and_sort_without_a_stall(aio: Aio) -> None:
    rows = [(f"Person {n * 7919 % 100_000:06}", n % 50) for n in range(100_000)]
    model = people_model(rows)
    table = DataTable(model, name="People")
    table.resize(500, 300)
    table.show()

    async def main() -> float:
        gauge = StallGauge()
        gauge.start()
        for needle in ("person 00", ""):
            model.search(needle)
            await asyncio.sleep(0.03)
        return gauge.stop()

    assert aio(main) < 3  # the benchmarks tell the figure; this only tells a walk over all rows
    started = time.perf_counter()
    model.sort(1, ASCENDING)
    assert time.perf_counter() - started < 10


def test_the_selected_row_is_told_and_copied_with_the_keyboard() -> None:
    table = DataTable(people_model(), name="People")
    told: list[object] = []
    table.row_selected.connect(told.append)
    table.show()
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert told[-1] == PEOPLE[0]
    assert QGuiApplication.clipboard().text() == "Adele Vance\t3"


def test_a_cut_cell_shows_its_whole_text_as_a_tooltip_and_no_markup() -> None:
    table = DataTable(people_model([("<b>" + "long name " * 20, 1)]), name="People")
    table.resize(200, 120)
    table.show()
    assert table.tooltip_of(table.model().index(0, 0)).startswith("<qt>&lt;b&gt;long name")
    assert table.tooltip_of(table.model().index(0, 1)) == ""


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_round() -> None:
    model = people_model()
    table = DataTable(model, name="People")
    table.resize(400, 200)
    table.show()
    header = table.horizontalHeader()
    for _ in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton)
        QTest.qWait(QApplication.doubleClickInterval() + 20)
    assert header.sortIndicatorOrder() == DESCENDING


def test_enter_opens_the_row() -> None:
    table = DataTable(people_model(), name="People")
    opened: list[object] = []
    table.row_opened.connect(opened.append)
    table.show()
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [PEOPLE[0]]


def test_a_table_without_rows_says_why_it_is_empty() -> None:
    model = people_model([])
    empty = EmptyState("people", "No people yet")
    card = TableCard(DataTable(model, name="People"), empty=empty)
    card.show()
    assert empty.isVisible()
    model.set_rows(PEOPLE)
    assert not empty.isVisible()


def test_an_index_outside_has_no_row() -> None:
    assert people_model().row_at(QModelIndex()) is None


def test_rows_that_came_bit_by_bit_are_filtered_and_shown_again() -> None:
    model = people_model(PEOPLE[:1])
    model.append_rows(PEOPLE[1:])
    model.search("gra")
    model.append_rows([("Grace Hopper", 4), ("Alan Turing", 5)])
    assert names(model) == ["Grady Archie", "Grace Hopper"]
    model.search("")
    model.append_rows([("Ada Lovelace", 6)])
    assert names(model)[-3:] == ["Grace Hopper", "Alan Turing", "Ada Lovelace"]
