"""Build an expression without typing it: choose functions, fill their arguments, go inside."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.editors.function_dialog import FunctionDialog
from sparkwizard.gui.editors.slot_field import SlotField
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    IconButton,
    IconLabel,
    Label,
    LinkButton,
    MonoLabel,
    QuietButton,
    ScrollColumn,
    SecondaryButton,
    Select,
    WrapLabel,
    announce,
    clear_layout,
)
from sparkwizard.provisioning.expressions import FUNCTIONS
from sparkwizard.provisioning.expressions.syntax import Call, Comparison, Node, Omitted
from sparkwizard.wizard.mapping.expression_builder import (
    OPERATORS,
    Place,
    SlotKind,
    crumbs,
    group_size,
    node_at,
    open_in_builder,
    places,
    with_node,
    with_operator,
    with_places,
    without_places,
    wrapped,
    written,
)

__all__ = ["ExpressionBuilder"]

_WHOLE = Place(
    0,
    "value",
    (SlotKind.FUNCTION, SlotKind.ATTRIBUTE, SlotKind.TEXT, SlotKind.NUMBER),
    SlotKind.ATTRIBUTE,
)


class ExpressionBuilder(QWidget):
    """Show one function of the expression at a time; ``changed`` says each new text."""

    changed = Signal(str)

    def __init__(self, attributes: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._attributes = attributes
        self.root: Node = Omitted()
        self._path: tuple[int, ...] = ()
        self.slots: list[SlotField] = []
        self._crumbs = QHBoxLayout()
        self._crumbs.setSpacing(SPACE.xs)
        self.name = Label(role="section")
        self.meaning = WrapLabel(tone=Tone.MUTED)
        self.another = SecondaryButton("C&hoose a function…", on_click=self._choose_here)
        self.rows = ScrollColumn(spacing=SPACE.s)
        self.rows.setMinimumHeight(118)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE.s)
        self._grid.setVerticalSpacing(SPACE.s)
        self._grid.setColumnStretch(1, 1)
        self.more = QuietButton("", icon_name="plus", on_click=self._add_places)
        self.rows.column.addLayout(self._grid)
        self.rows.column.addWidget(self.more)
        self.rows.column.addStretch(1)
        self.written = MonoLabel(tone=Tone.MUTED)
        self._lay_out()
        self._rebuild()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.meaning)
        head.addLayout(words, 1)
        head.addWidget(self.another)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.s)
        column.addLayout(self._crumbs)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        column.addWidget(self.written)

    def show_text(self, text: str) -> str:
        """Show an expression; returns why it can't be shown, or an empty text."""
        opened = open_in_builder(text)
        if opened.node is None:
            return opened.reason
        self.root, self._path = opened.node, ()
        self._rebuild()
        return ""

    def show_again(self, text: str) -> None:
        """Show the expression after a step was undone, at the same place if there still is one."""
        path = self._path
        self.show_text(text)
        if isinstance(node_at(self.root, path), Call | Comparison):
            self._path = path
            self._rebuild()

    def text(self) -> str:
        """Return the expression that was built."""
        return written(self.root)

    def first_field(self) -> QWidget:
        """Return where filling begins."""
        return self.slots[0].editor() if self.slots else self.another

    # What a person does

    def open_place(self, path: tuple[int, ...]) -> None:
        """Show the function or comparison in a place, and what leads back."""
        self._path = path
        self._rebuild()
        self.first_field().setFocus()
        announce(self, f"Inside of {self.name.text()}")

    def use_function(self, path: tuple[int, ...], name: str) -> None:
        """Put a function into a place; what stood there becomes an argument of it."""
        self._change(with_node(self.root, path, wrapped(node_at(self.root, path), name)))
        self.open_place(path)

    def _choose_here(self) -> None:
        self._choose(self._path)

    def _choose(self, path: tuple[int, ...]) -> None:
        node = node_at(self.root, path)
        dialog = FunctionDialog(self, node.name if isinstance(node, Call) else "")
        dialog.chosen.connect(lambda name: self.use_function(path, name))
        dialog.open()

    def _add_places(self) -> None:
        before = len(self.slots)
        self._change(with_places(self.root, self._path))
        self._rebuild()
        self.slots[before].editor().setFocus()

    def _take_away(self, index: int) -> None:
        self._change(without_places(self.root, self._path, index))
        self._rebuild()

    def _change(self, root: Node) -> None:
        self.root = root
        self._show_text()
        self.changed.emit(self.text())

    # What is shown

    def _rebuild(self) -> None:
        node = node_at(self.root, self._path)
        clear_layout(self._grid)
        self.slots = []
        self._show_crumbs()
        self._show_head(node)
        shown = places(node)
        if not isinstance(node, Call | Comparison):
            shown = (_WHOLE,)
        for row, place in enumerate(shown):
            self._add_row(row * 2, place)
        if isinstance(node, Comparison):
            self._grid.addWidget(self._operator(node), 1, 1)
        self.more.setVisible(group_size(node) > 0)
        self.more.setText("Add a pair" if group_size(node) > 1 else "Add one more")
        self._show_text()

    def _add_row(self, row: int, place: Place) -> None:
        whole = place is _WHOLE
        path = self._path if whole else (*self._path, place.index)
        field = SlotField(place, node_at(self.root, path), self._attributes)
        field.filled.connect(lambda node: self._change(with_node(self.root, path, node)))
        field.opened.connect(lambda: self.open_place(path))
        field.function_wanted.connect(lambda: self._choose(path))
        label = Label(place.label, tone=Tone.MUTED)
        label.setMinimumWidth(72)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)
        if place.removable:
            away = IconButton(
                "close", f"Take {place.label} away", on_click=lambda: self._take_away(place.index)
            )
            self._grid.addWidget(away, row, 2)
        self.slots.append(field)

    def _operator(self, node: Comparison) -> Select:
        select = Select("How the two are compared")
        for sign, words in OPERATORS.items():
            select.addItem(f"{words}  ({sign})", sign)
        select.setCurrentIndex(select.findData(node.operator))
        path = self._path
        select.activated.connect(
            lambda _at: self._change(with_operator(self.root, path, select.currentData()))
        )
        return select

    def _show_crumbs(self) -> None:
        clear_layout(self._crumbs)
        for name, path in crumbs(self.root, self._path)[:-1]:
            link = LinkButton(name, on_click=partial(self.open_place, path))
            link.setAccessibleName(f"Back to {name}")
            self._crumbs.addWidget(link)
            self._crumbs.addWidget(IconLabel("chevron-right", tone=Tone.MUTED, size=16))
        if self._path:
            self._crumbs.addWidget(Label("you are inside of this", tone=Tone.MUTED))
        self._crumbs.addStretch(1)

    def _show_head(self, node: Node) -> None:
        function = FUNCTIONS[node.name] if isinstance(node, Call) else None
        comparison = isinstance(node, Comparison)
        self.name.setText(
            function.name if function else "Comparison" if comparison else "One value"
        )
        self.meaning.setText(
            f"{function.meaning}."
            if function
            else "True where the two stand to each other like this."
            if comparison
            else "Choose a function to do something with it."
        )
        self.another.setVisible(not comparison)
        self.another.setText("An&other function…" if function else "C&hoose a function…")

    def _show_text(self) -> None:
        self.written.setText(self.text() or "Nothing yet")
        self.written.setAccessibleName(f"Expression so far: {self.text() or 'nothing yet'}")
