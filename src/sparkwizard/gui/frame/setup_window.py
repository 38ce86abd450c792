"""The wizard's window with the product's steps: it can also jump over pages seen before."""

from collections.abc import Callable, Mapping
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWizard

from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.frame.window_parts import LeaveQuestion, PageSpec
from sparkwizard.wizard.flow import next_step
from sparkwizard.wizard.steps import Step

__all__ = ["SetupWindow", "StepFlow", "specs"]

_MARKS = {Step.APPLYING: "play", Step.RESULT: "success"}


class StepFlow:
    """Tell the frame which step follows, by name."""

    def next(self, step: str) -> str | None:
        """Return the name of the step after ``step``."""
        after = next_step(Step[step])
        return after.name if after else None


def specs(pages: Mapping[Step, WizardPage]) -> list[PageSpec]:
    """Return the pages in the order of the steps, with their words in the rail."""
    return [
        PageSpec(step.name, step.text.label, pages[step], _MARKS.get(step, "")) for step in Step
    ]


class SetupWindow(WizardWindow):
    """Jump to a step without a halt at those between; pages passed over are not entered.

    ``unfinished`` returns what to ask before Escape or Cancel ends a setup that was begun;
    ``goes_on`` takes over where the window is closed, and tells whether it did.
    """

    _jumping = False
    unfinished: Callable[[], LeaveQuestion | None] = staticmethod(lambda: None)
    goes_on: Callable[[], bool] = staticmethod(lambda: False)

    def jump_to(self, step: Step) -> None:
        """Begin anew and open at ``step``; Back and the rail lead to every step before it."""
        self._passing_over(lambda: self._forward(step))
        self._arrived()  # also at the page that was up: beginning anew has cancelled its tasks

    def return_to(self, step: Step) -> None:
        """Go back to ``step``, also past the point after which Back does not lead any more."""
        before = self.currentId()
        self._passing_over(lambda: self._backward(step))
        if self.currentId() != before:
            self._arrived()

    def end(self) -> None:
        """Close, whatever this was opened from."""
        super()._begin_closing()

    @override
    def _begin_closing(self) -> None:
        """Close, unless something goes on from here; what is under way ends first."""
        if self._closing is not None:
            return
        if self.goes_on():
            self.setEnabled(False)
        else:
            self.end()

    @override
    def reject(self) -> None:
        """Cancel what runs; ask where Escape or Cancel would end an unfinished setup."""
        page = self._shown_page
        if page is not None and page.cancel_running():
            return
        question = self.unfinished()
        if question is None or self._leave_question() is not None:
            self.leave()
        elif self._question is None:
            self._ask(question)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on, except where that changes something: there it takes the button."""
        page = self._shown_page
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and page and page.commit:
            event.accept()
            return
        super().keyPressEvent(event)

    @override
    def validateCurrentPage(self) -> bool:
        """Ask the page, unless it is only passed over."""
        return True if self._jumping else super().validateCurrentPage()

    @override
    def _leave_to(self, step: str) -> None:
        """Go back to the step that a page sends to; after a run that takes a jump."""
        if Step[step].value < Step[self.current_step()].value:
            self.return_to(Step[step])

    def _forward(self, step: Step) -> None:
        self.start_at(Step.START.name)
        for _each in range(step.value - Step.START.value):
            self.next()

    def _backward(self, step: Step) -> None:
        while self.current_step() != step.name and len(self.visitedIds()) > 1:
            QWizard.back(self)

    def _passing_over(self, move: Callable[[], None]) -> None:
        self._jumping = True
        self.setUpdatesEnabled(False)
        blocked = self.blockSignals(True)
        try:
            move()
        finally:
            self.blockSignals(blocked)
            self._jumping = False
            self.setUpdatesEnabled(True)

    def _arrived(self) -> None:
        at = self.currentId()
        self._committed = False
        self._entered(at)
        # behind a page that can't be taken back, Back stays closed
        self._committed = any(spec.page.commit for spec in self._specs[:at])
        self.rail.set_current(at, reachable=self._reachable())
        self._buttons()
