"""Fill one place of an expression: what kind of thing stands there, and which."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone, set_property, tooltip_text
from sparkwizard.gui.widgets import Label, SecondaryButton, Select
from sparkwizard.gui.widgets.entering.pick_field import PickField
from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Node,
    Omitted,
)
from sparkwizard.wizard.mapping.expression_builder import (
    Place,
    SlotKind,
    kind_of_node,
    number_of,
    written,
)

__all__ = ["SlotField"]


class SlotField(QWidget):
    """Edit one place. ``filled`` says what stands there now.

    ``function_wanted`` asks for a function to be chosen; ``opened`` asks to see what is inside of
    the function or comparison that stands there.
    """

    filled = Signal(object)
    function_wanted = Signal()
    opened = Signal()

    def __init__(self, place: Place, node: Node, attributes: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.place, self._node = place, node
        self.kind = Select(f"What stands in {place.label}")
        for kind in place.kinds:
            self.kind.addItem(kind.value, kind.name)
        self.attribute = PickField(f"{place.label}: attribute", attributes)
        self.text, self.number = QLineEdit(), QLineEdit()
        self.text.setAccessibleName(f"{place.label}: text")
        self.number.setAccessibleName(f"{place.label}: number")
        self.number.setPlaceholderText("0")
        self.inside = SecondaryButton("", icon_name="chevron-right", on_click=self.opened.emit)
        self._lay_out()
        self._show(node)
        self.kind.activated.connect(lambda _at: self._kind_chosen())
        self.attribute.editTextChanged.connect(lambda _text: self._fill())
        self.text.textChanged.connect(lambda _text: self._fill())
        self.number.textChanged.connect(lambda _text: self._fill())

    def _lay_out(self) -> None:
        self.kind.setFixedWidth(146)
        self.editors = QStackedWidget()
        self.editors.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._pages: dict[SlotKind, QWidget] = {
            SlotKind.ATTRIBUTE: self.attribute,
            SlotKind.TEXT: self.text,
            SlotKind.NUMBER: self.number,
            SlotKind.FUNCTION: self.inside,
            SlotKind.COMPARISON: self.inside,
            SlotKind.NOTHING: Label("left out", tone=Tone.MUTED),
        }
        for page in dict.fromkeys(self._pages.values()):
            self.editors.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        row.addWidget(self.kind)
        row.addWidget(self.editors, 1)

    def editor(self) -> QWidget:
        """Return the field in which the value is entered."""
        return self._pages[self.chosen_kind()]

    def chosen_kind(self) -> SlotKind:
        """Return the kind that is chosen."""
        return SlotKind[self.kind.currentData()]

    def _show(self, node: Node) -> None:
        kind = kind_of_node(node, self.place)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind.name)))
        self.editors.setCurrentWidget(self._pages[kind])
        if isinstance(node, Attribute):
            self.attribute.set_value(node.name)
        elif isinstance(node, Constant):
            (self.text if isinstance(node.value, str) else self.number).setText(str(node.value))
        elif kind in (SlotKind.FUNCTION, SlotKind.COMPARISON):
            shown = written(node)
            self.inside.setText(f"{node.name}(…)" if isinstance(node, Call) else "Open")
            self.inside.setToolTip(tooltip_text(shown))
            self.inside.setAccessibleName(f"{self.place.label}: open {shown}")

    def _kind_chosen(self) -> None:
        kind = self.chosen_kind()
        if kind is SlotKind.FUNCTION:
            self._show(self._node)  # until a function was chosen
            self.function_wanted.emit()
            return
        if kind is SlotKind.COMPARISON:
            self._set(Comparison("=", self._node, Omitted()))
            self.opened.emit()
            return
        self.editors.setCurrentWidget(self._pages[kind])
        self._fill()
        self.editor().setFocus()

    def _fill(self) -> None:
        match self.chosen_kind():
            case SlotKind.ATTRIBUTE:
                name = self.attribute.value().strip("[] ")
                self._set(Attribute(name) if name else Omitted())
            case SlotKind.TEXT:
                self._set(Constant(self.text.text()))
            case SlotKind.NUMBER:
                number = number_of(self.number.text())
                wrong = number is None and bool(self.number.text().strip())
                set_property(self.number, "invalid", "true" if wrong else "false")
                self._set(Omitted() if number is None else Constant(number))
            case SlotKind.NOTHING:
                self._set(Omitted())

    def _set(self, node: Node) -> None:
        self._node = node
        self.filled.emit(node)
