"""Show step by step why a person is or is not provisioned, and let it be copied."""

from collections.abc import Awaitable, Callable
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    BusyPanel,
    Card,
    CopyButton,
    ElidedLabel,
    EmptyState,
    HLine,
    IconLabel,
    IconText,
    Label,
    MonoLabel,
    QuietButton,
    ScrollColumn,
    SecondaryButton,
    WrapLabel,
    announce,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.explain import Explanation
from sparkwizard.runs.explaining import explainable
from sparkwizard.wizard.plan.explain_words import (
    ExplainedLine,
    ExplainedStep,
    Standing,
    as_text,
    explained,
)

__all__ = ["ExplainDialog", "ask_why"]

type Answer = tuple[Explanation, SparkWizardError | None]

_MARKS: dict[Standing, tuple[str, Tone]] = {
    Standing.GOOD: ("success", Tone.SUCCESS),
    Standing.QUIET: ("minus", Tone.MUTED),
    Standing.DOUBT: ("warning", Tone.WARNING),
    Standing.BAD: ("fail", Tone.DANGER),
}
_NAME_WIDTH = 160
_FOLDED_ABOVE = 6


def ask_why(desk: Desk, asked: str, label: str, parent: QWidget) -> "ExplainDialog":
    """Explain a person in a dialog: from the preview where there is one, else Webex is read."""
    dialog = ExplainDialog(label, parent)
    dialog.open()
    dialog.work_out(lambda: _answer(desk, asked))
    return dialog


async def _answer(desk: Desk, asked: str) -> Answer:
    state, services = desk.state, desk.services
    if state.preview is None:
        return await services.explain(state.profile, desk.base_dir, asked, state.token)
    preview = state.preview

    def explained() -> Explanation:
        ready = explainable(
            preview,
            state.profile,
            services.journal,
            identity=state.identity,
            now=services.clock(),
        )
        return ready.explain(asked)

    return await run_blocking(explained), None


class ExplainDialog(QDialog):
    """Show import, scope, match and action of one person; gone when closed."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = label
        self.steps: tuple[ExplainedStep, ...] = ()
        self._tasks = TaskScope(self._failed)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Why")
        room = self.screen().availableSize()
        self.resize(min(720, room.width() - 16), min(580, room.height() - 40))
        keep_size(self)
        self.heading = WrapLabel(f"What would happen to {label}, and why", role="section")
        self.outcome = IconText("info", "", tone=Tone.MUTED, wrap=True)
        self.outcome.setVisible(False)
        self.waiting = BusyPanel()
        self.waiting.busy.cancelled.connect(self.reject)
        self.trouble = EmptyState("warning", "", "")
        self.list = ScrollColumn(spacing=SPACE.m, name="The steps", arrows=True)
        self._stack = QStackedLayout()
        for page in (self.waiting, self.list, self.trouble):
            self._stack.addWidget(page)
        self.copy = CopyButton(self.as_text, what="the whole explanation", text="Copy as text")
        self.copy.setEnabled(False)
        close = SecondaryButton("&Close", on_click=self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(self.heading)
        column.addWidget(self.outcome)
        column.addLayout(self._stack, 1)
        column.addLayout(foot)
        self.finished.connect(lambda _result: self._tasks.cancel())

    def work_out(self, answer: Callable[[], Awaitable[Answer]]) -> None:
        """Wait for the explanation, with a way to give up."""
        self.waiting.busy.start("Following this person through your setup. Nothing is changed.")
        self._tasks.start(self._wait_for(answer))

    async def _wait_for(self, answer: Callable[[], Awaitable[Answer]]) -> None:
        found, trouble = await answer()
        self.show_steps(explained(found, trouble))

    def show_steps(self, steps: tuple[ExplainedStep, ...]) -> None:
        """Show the steps, one card each."""
        self.steps = steps
        self.waiting.busy.stop()
        for number, step in enumerate(steps, 1):
            self.list.column.addWidget(_step_card(number, step))
        self.list.column.addStretch(1)
        icon, tone = _MARKS[steps[-1].standing]
        self.outcome.set(icon, steps[-1].summary, tone)
        self.outcome.setVisible(True)
        self._stack.setCurrentWidget(self.list)
        self.copy.setEnabled(True)
        announce(self, f"{self._label}: {steps[-1].summary}")

    def as_text(self) -> str:
        """Return what is shown, as plain text."""
        return as_text(self._label, self.steps)

    def _failed(self, error: BaseException) -> None:
        self.waiting.busy.stop()
        if not isinstance(error, SparkWizardError):
            raise error
        self.trouble.set_words(error.message, error.fix)
        self._stack.setCurrentWidget(self.trouble)
        announce(self, str(error), urgent=True)

    @override
    def reject(self) -> None:
        """Close, and stop what runs."""
        self._tasks.cancel()
        super().reject()


def _step_card(number: int, step: ExplainedStep) -> Card:
    card = Card()
    head = QHBoxLayout()
    head.setSpacing(SPACE.s)
    icon, tone = _MARKS[step.standing]
    head.addWidget(IconLabel(icon, tone=tone), 0, Qt.AlignmentFlag.AlignTop)
    title = Label(f"{number}. {step.title}", role="section")
    title.setMinimumWidth(_NAME_WIDTH - 28)
    head.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
    head.addWidget(_selectable(WrapLabel(step.summary)), 1)
    card.body.addLayout(head)
    if not step.lines:
        return card
    lines = QWidget()
    lines.setLayout(_lines(step.lines))
    if len(step.lines) > _FOLDED_ABOVE and step.title == "Import":
        card.body.addWidget(_unfolding(lines, len(step.lines)), 0, Qt.AlignmentFlag.AlignLeft)
        lines.hide()
    else:
        card.body.addWidget(HLine())
    card.body.addWidget(lines)
    return card


def _unfolding(lines: QWidget, number: int) -> QuietButton:
    """Return the button that shows and hides what a row of the source holds."""
    words = (f"Show the {number} values of the source", "Hide them")

    def flip() -> None:
        shown = lines.isHidden()
        lines.setVisible(shown)
        button.setText(words[shown])
        button.set_icon("chevron-down" if shown else "chevron-right")

    button = QuietButton(words[0], icon_name="chevron-right", on_click=flip)
    return button


def _lines(lines: tuple[ExplainedLine, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE.s)
    grid.setVerticalSpacing(5)
    grid.setColumnMinimumWidth(1, _NAME_WIDTH - 28)
    grid.setColumnStretch(2, 1)
    top = Qt.AlignmentFlag.AlignTop
    for line in lines:
        row = grid.rowCount()
        if line.standing is not Standing.QUIET:
            icon, tone = _MARKS[line.standing]
            grid.addWidget(IconLabel(icon, tone=tone, size=16), row, 0, top)
        name = ElidedLabel(line.name, tone=Tone.MUTED)
        name.setFixedWidth(_NAME_WIDTH)
        grid.addWidget(name, row, 1, top)
        grid.addWidget(_selectable(WrapLabel(line.value)), row, 2, top)
        if line.results:
            results = MonoLabel("\n".join(line.results), tone=Tone.MUTED)
            grid.addWidget(results, row + 1, 2)
    grid.setColumnMinimumWidth(0, 20)
    return grid


def _selectable(label: WrapLabel) -> WrapLabel:
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
