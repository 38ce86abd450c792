"""What a person made of the window is there at the next start: places, sizes, columns."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from sparkwizard.gui.opening import OpeningWindow
from sparkwizard.gui.widgets import Column, DataTable, RowsModel
from sparkwizard.gui.widgets.kept import keep_size, remember_in


def test_a_place_on_a_screen_that_is_gone_is_brought_back_into_view(tmp_path: Path) -> None:
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    far = QWidget()
    far.setGeometry(9000, -4000, 700, 610)
    kept.setValue("wizard/geometry", far.saveGeometry())
    opening = OpeningWindow(kept)
    opening.show()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(opening.geometry().topLeft())
    assert screen.intersects(opening.geometry())


class _Sized(QDialog):
    def __init__(self) -> None:
        super().__init__()
        self.resize(300, 200)
        keep_size(self)


def test_a_dialog_opens_in_the_size_it_was_closed_in(tmp_path: Path) -> None:
    remember_in(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    first = _Sized()
    first.show()
    first.resize(420, 333)
    first.hide()
    second = _Sized()
    second.show()
    assert second.size() == QSize(420, 333)
    second.resize(9000, 9000)
    second.hide()
    third = _Sized()
    third.show()
    room = third.screen().availableSize()
    assert third.width() <= room.width()
    assert third.height() <= room.height()
    remember_in(None)


def test_a_width_drawn_by_hand_is_kept_and_the_others_share_the_rest(tmp_path: Path) -> None:
    remember_in(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))

    def table() -> DataTable[str]:
        columns: list[Column[str]] = [
            Column("A", str, width=100),
            Column("B", str, width=80, stretch=True),
        ]
        made = DataTable(RowsModel(columns, ["x"]), name="Test")
        made.resize(400, 200)
        made.show()
        return made

    first = table()
    header = first.horizontalHeader()
    edge = QPoint(header.sectionSize(0) - 1, header.height() // 2)
    QTest.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(edge + QPoint(60, 0)),
        header.viewport().mapToGlobal(QPointF(edge + QPoint(60, 0))),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(header.viewport(), moved)
    QTest.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=edge + QPoint(60, 0))
    assert first.columnWidth(0) == 160
    second = table()
    assert second.columnWidth(0) == 160
    assert second.columnWidth(0) + second.columnWidth(1) == second.viewport().width()
    remember_in(None)
