"""No interactive widget is without a name, in the gallery of all of them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from tests.gui.shown import accessible_name

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)


def load_gallery() -> ModuleType:
    path = Path(__file__).with_name("gallery.py")
    spec = importlib.util.spec_from_file_location("gallery", path)
    assert spec is not None
    assert spec.loader is not None
    sys.path.insert(0, str(path.parent))  # the gallery is a script: its pages lie beside it
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gallery = load_gallery()
SHEETS = {
    "pieces": gallery.pieces,
    "overview": gallery.overview,
    **{f"wizard {at}": lambda at=at: gallery.wizard(at) for at in (0, 1, 3, 8, 9, 10)},
}


@pytest.fixture(params=SHEETS)
def sheet(request: pytest.FixtureRequest, qapp: QApplication) -> QWidget:
    made: QWidget = SHEETS[request.param]()
    made.resize(960, 680)
    made.show()
    qapp.processEvents()
    return made


def test_every_interactive_widget_has_a_name(sheet: QWidget) -> None:
    nameless = [
        f"{type(child).__name__} {child.objectName()}"
        for child in sheet.findChildren(QWidget)
        if isinstance(child, INTERACTIVE) and child.isVisible() and not accessible_name(child)
    ]
    assert nameless == []


def test_no_label_takes_rich_text(sheet: QWidget) -> None:
    rich = [
        label.text()
        for label in sheet.findChildren(QLabel)
        if label.text() and label.textFormat() != Qt.TextFormat.PlainText
    ]
    assert rich == []


def test_no_wrapped_label_is_cut(sheet: QWidget, qapp: QApplication) -> None:
    for _ in range(4):
        qapp.processEvents()
    cut = [
        (label.text()[:40], label.height(), label.heightForWidth(label.width()))
        for label in sheet.findChildren(QLabel)
        if label.isVisible()
        and label.wordWrap()
        and label.height() < label.heightForWidth(label.width())
    ]
    assert cut == []


def test_every_button_that_takes_the_mouse_takes_the_keyboard(sheet: QWidget) -> None:
    mute = [
        accessible_name(child)
        for child in sheet.findChildren(QAbstractButton)
        if child.isVisible()
        and child.isCheckable()
        and child.focusPolicy() == Qt.FocusPolicy.NoFocus
    ]
    assert mute == []
