"""Write an expression, or build it: the fault marked under its character and said below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from sparkwizard.gui.editors.builder import ExpressionBuilder
from sparkwizard.gui.editors.expression_edit import ExpressionEdit
from sparkwizard.gui.editors.forms import beside, stacked
from sparkwizard.gui.editors.signature_line import SignatureLine
from sparkwizard.gui.look.theme import SPACE, Theme, Tone, on_theme_change, set_property
from sparkwizard.gui.widgets import IconButton, LinkButton, RadioButton, WrapLabel
from sparkwizard.provisioning.expressions import signature_at
from sparkwizard.wizard.mapping.expression_mending import fault_span, mending

__all__ = ["ExpressionField"]


class ExpressionField(QWidget):
    """Edit an expression as text or in the builder; ``changed`` says each new text.

    ``columns`` are the attributes that the source has, ``names`` all that can be picked, and
    ``meaning`` tells what one is. The text is the one truth: the builder shows it where it can.
    """

    changed = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        name: str,
        columns: Sequence[str] = (),
        names: Sequence[str] = (),
        meaning: Callable[[str], str] = lambda _name: "",
    ) -> None:
        super().__init__()
        self._position, self._suggested, self._grave = 0, "", True
        self.edit = ExpressionEdit(name)
        self.edit.set_attributes(columns)
        self.signature = SignatureLine()
        self.builder = ExpressionBuilder([(one, _with_meaning(one, meaning(one))) for one in names])
        self.write_it = RadioButton("&Write it")
        self.build_it = RadioButton("&Build it step by step")
        self.write_it.setChecked(True)
        self.undo_button = IconButton("undo", "Undo the last step (Ctrl+Z)", on_click=self.undo)
        self.undo_button.setVisible(False)
        self.fault = WrapLabel(tone=Tone.DANGER)
        self.fault.setVisible(False)
        self.suggestion = LinkButton("", on_click=self._take)
        self.suggestion.setVisible(False)
        self.why_text = WrapLabel(tone=Tone.WARNING)
        self.why_text.setVisible(False)
        self._lay_out()
        self.setFocusProxy(self.edit)
        self._connect()
        on_theme_change(self, self._mark)

    def _lay_out(self) -> None:
        self._modes = QButtonGroup(self)
        self._modes.addButton(self.write_it)
        self._modes.addButton(self.build_it)
        self._stack = QStackedWidget()
        self._stack.addWidget(stacked(self.edit, self.signature))
        self._stack.addWidget(self.builder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        column.addWidget(beside(self.write_it, self.build_it, self.undo_button))
        column.addWidget(self.why_text)
        column.addWidget(self._stack, 1)
        column.addWidget(self.fault)
        column.addWidget(self.suggestion, 0, Qt.AlignmentFlag.AlignLeft)
        self._fit_stack()

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._text_changed)
        self.edit.cursorPositionChanged.connect(self._show_signature)
        self.edit.submitted.connect(self.submitted)
        self.builder.changed.connect(self._built)
        self.build_it.toggled.connect(self._switch)

    @property
    def building(self) -> bool:
        """Return whether the builder is shown."""
        return self._stack.currentWidget() is self.builder

    def text(self) -> str:
        """Return the expression as written."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Show another expression; the one before comes back by undo."""
        self.edit.set_text(text)

    def first_field(self) -> QWidget:
        """Return where typing or filling begins."""
        return self.builder.first_field() if self.building else self.edit

    def undo(self) -> None:
        """Take the last step back, of typing or of building."""
        self.edit.undo()
        if self.building:
            self.builder.show_again(self.text())

    # Faults

    def show_fault(
        self, text: str, position: int = 0, suggestion: str = "", *, grave: bool = True
    ) -> None:
        """Mark the character at ``position`` and say what is wrong; no text clears both.

        What is not ``grave`` works, but not as one would think.
        """
        self._position, self._suggested = position, suggestion
        self.fault.setText(text)
        self.fault.set_tone(Tone.DANGER if grave else Tone.WARNING)
        self.fault.setVisible(bool(text))
        self.suggestion.setVisible(bool(suggestion))
        self.suggestion.setText(f"Did you mean {suggestion}?" if suggestion else "")
        self.suggestion.setAccessibleName(self.suggestion.text())
        self.suggestion.updateGeometry()
        set_property(self.edit, "invalid", "true" if text and grave else "false")
        self._grave = grave
        self._mark()

    def _mark(self) -> None:
        """Mark the fault in the colours of now; nothing is marked where nothing is wrong."""
        if not self.fault.text():
            self.edit.setExtraSelections([])
            return
        theme, tone = Theme.current(), Tone.DANGER if self._grave else Tone.WARNING
        self.edit.mark(
            *fault_span(self.text(), self._position), theme.color(tone), theme.tint_of(tone)
        )

    def _take(self) -> None:
        mended = mending(self.text(), self._position, self._suggested)
        self.edit.replace(mended.start, mended.end, mended.text)
        if self.building:
            self.builder.show_text(self.text())
        else:
            self.edit.setFocus()

    # Text and builder

    def _text_changed(self) -> None:
        self.why_text.setVisible(False)
        self._show_signature()
        self.undo_button.setEnabled(self.edit.document().isUndoAvailable())
        self.changed.emit(self.text())

    def _show_signature(self) -> None:
        self.signature.show_help(signature_at(self.text(), self.edit.caret()))

    def _built(self, text: str) -> None:
        self.edit.set_text(text)

    def _switch(self, build: bool) -> None:
        if build:
            why = self.builder.show_text(self.text())
            if why:
                self.write_it.setChecked(True)
                self.why_text.setText(f"It stays text. {why}")
                self.why_text.setVisible(True)
                self.edit.setFocus()
                return
        self._stack.setCurrentIndex(1 if build else 0)
        self._fit_stack()
        self.undo_button.setVisible(build)
        self.setFocusProxy(self.builder if build else self.edit)
        self.why_text.setVisible(False)
        self.first_field().setFocus()
        self.changed.emit(self.text())

    def _fit_stack(self) -> None:
        """Take only the height of the one that is shown."""
        kinds = QSizePolicy.Policy
        for at in range(self._stack.count()):
            page = self._stack.widget(at)
            assert page is not None  # it was added above
            shown = at == self._stack.currentIndex()
            page.setSizePolicy(kinds.Preferred, kinds.Preferred if shown else kinds.Ignored)


def _with_meaning(name: str, meaning: str) -> str:
    return f"{name} ({meaning})" if meaning else name
