"""The wizard's window: rail, practice band, pages, the bottom row, and how it closes.

The window knows no product: it gets pages with their steps and a flow that says what follows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import override

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QMessageBox,
    QWidget,
    QWizard,
)

from sparkwizard.gui.aio import detach
from sparkwizard.gui.frame.page import PageButtons, WizardPage
from sparkwizard.gui.frame.window_parts import Flow, GeometryStore, LeaveQuestion, PageSpec
from sparkwizard.gui.look.icons import icon
from sparkwizard.gui.look.theme import Theme, Tone, on_theme_change, set_property
from sparkwizard.gui.widgets.rail import RailStep, StepRail
from sparkwizard.gui.widgets.telling.strips import PracticeBand

__all__ = ["Flow", "GeometryStore", "LeaveQuestion", "PageSpec", "WizardWindow"]

_COMPACT_BELOW = 900
_GEOMETRY_KEY = "wizard/geometry"
_EXTRAS = {
    QWizard.WizardButton.CustomButton1: QWizard.WizardOption.HaveCustomButton1,
    QWizard.WizardButton.CustomButton2: QWizard.WizardOption.HaveCustomButton2,
    QWizard.WizardButton.CustomButton3: QWizard.WizardOption.HaveCustomButton3,
}


class WizardWindow(QWizard):
    """Show the pages of a flow in ModernStyle with the rail beside them.

    ``drain`` is awaited before the window closes; ``closed`` comes after it.
    ``leave_question`` returns what to ask before leaving, or ``None``.
    """

    closed = Signal()
    step_entered = Signal(str)
    practice_left = Signal()
    unexpected = Signal(object)

    def __init__(
        self,
        pages: Sequence[PageSpec],
        flow: Flow,
        *,
        profile: str = "New setup",
        practice: bool = False,
        store: GeometryStore | None = None,
        drain: Callable[[], Awaitable[object]] | None = None,
        leave_question: Callable[[], LeaveQuestion | None] = lambda: None,
    ) -> None:
        super().__init__()
        self._specs, self._flow, self._store = tuple(pages), flow, store
        self._ids = {spec.step: at for at, spec in enumerate(pages)}
        self._drain, self._leave_question = drain, leave_question
        self._profile, self._practice = profile, practice
        self._closing: asyncio.Future[object] | None = None
        self._may_close = False
        self._question: QMessageBox | None = None
        self._shown_page: WizardPage | None = None
        self._committed = False
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        options = QWizard.WizardOption
        self.setOptions(
            options.IndependentPages
            | options.NoBackButtonOnStartPage
            | options.NoCancelButton
            | options.NoBackButtonOnLastPage
        )
        self.setOption(options.NoCancelButton, on=False)
        self.rail = StepRail([RailStep(spec.label, spec.icon) for spec in pages])
        self.rail.step_chosen.connect(self.go_back_to)
        self.setSideWidget(self.rail)  # self.rail keeps it alive: Qt alone would not
        for at, spec in enumerate(pages):
            self._add(at, spec.page)
        self.band = PracticeBand(self)
        self.band.leave.connect(self.practice_left)
        self.setMinimumSize(800, 600)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, on=True)
        self.setWindowFlag(Qt.WindowType.WindowMinimizeButtonHint, on=True)
        self.currentIdChanged.connect(self._entered)
        self.customButtonClicked.connect(self._pressed)
        self.set_profile(profile, practice=practice)
        self._restore_geometry()
        on_theme_change(self, self._buttons)

    # What the shell calls

    def set_profile(self, profile: str, *, practice: bool | None = None) -> None:
        """Name the profile in title bar and rail, and show or hide the practice band."""
        self._profile = profile
        self._practice = self._practice if practice is None else practice
        self.rail.title.set_text(profile)
        suffix = "SparkWizard, practice" if self._practice else "SparkWizard"
        self.setWindowTitle(f"{profile} \N{EN DASH} {suffix}")
        self.band.setVisible(self._practice)
        self._place_band()

    def set_saved(self, words: str) -> None:
        """Say at the foot of the rail what was saved, and when."""
        self.rail.set_footer(words)

    def current_step(self) -> str:
        """Return the step of the page that is up, or an empty text before the start."""
        at = self.currentId()
        return self._specs[at].step if 0 <= at < len(self._specs) else ""

    def page_of(self, step: str) -> WizardPage:
        """Return the page of a step."""
        return self._specs[self._ids[step]].page

    def start_at(self, step: str) -> None:
        """Begin, or begin again, at a step."""
        self.setStartId(self._ids[step])
        self._committed = False
        self.restart()

    def go_back_to(self, at: int) -> None:
        """Go back to a page that was visited, unless a commit lies between."""
        if at not in self._reachable():
            return
        while self.currentId() != at and self.currentId() in self.visitedIds()[1:]:
            self.back()

    async def wait_closed(self) -> None:
        """Wait until the window has closed and everything it ran has ended."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def settle() -> None:
            if not done.done():
                done.set_result(None)

        connection = self.closed.connect(settle)
        try:
            await done
        finally:
            self.closed.disconnect(connection)

    def leave(self) -> None:
        """Ask if something would be lost, then close."""
        question = self._leave_question()
        if question is None:
            self._begin_closing()
        elif self._question is None:
            self._ask(question)

    # What Qt calls

    @override
    def nextId(self) -> int:
        """Return the page of the step that the flow names."""
        step = self.current_step()
        after = self._flow.next(step) if step else None
        return -1 if after is None else self._ids[after]

    @override
    def back(self) -> None:
        """Go back, unless what was done can't be taken back that way."""
        if not self._committed:
            super().back()

    @override
    def reject(self) -> None:
        """Cancel what runs; where nothing does, leave."""
        page = self._shown_page
        if page is not None and page.cancel_running():
            return
        self.leave()

    @override
    def accept(self) -> None:
        """Close from the last page, where nothing is lost."""
        self._begin_closing()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once everything has ended; until then stay."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.leave()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Fit the frame to the look when it comes up."""
        super().showEvent(event)
        self._dress()
        if self._shown_page is not None:
            self._focus(self._shown_page)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shrink the rail where room is short."""
        super().resizeEvent(event)
        self.rail.set_compact(compact=self.width() < _COMPACT_BELOW)
        self._place_band()

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Dress again, because QWizard lays itself out anew for another style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            QTimer.singleShot(0, self, self._dress)

    @override
    def sizeHint(self) -> QSize:
        """Open at 960 by 680."""
        return QSize(960, 680)

    # How it is built

    def _add(self, at: int, page: WizardPage) -> None:
        self.setPage(at, page)
        page.buttons_changed.connect(self._buttons)
        page.unexpected.connect(self.unexpected)
        page.leave_to.connect(self._leave_to)

    def _leave_to(self, step: str) -> None:
        if step in self._ids:
            self.go_back_to(self._ids[step])

    def _inside(self) -> QWidget | None:
        """Return what holds everything QWizard lays out: the parent of the side label."""
        label = self.rail.parentWidget()
        return label.parentWidget() if label is not None else None

    def _dress(self) -> None:
        # QWizard has no interface for these margins. Its inner grid is never touched: it is deleted
        # and made anew by QWizard at will, and a wrapper of it would be left dangling.
        for frame in self.findChildren(QFrame):
            holds_page = any(isinstance(child, WizardPage) for child in frame.children())
            layout = frame.layout() if holds_page or frame is self.rail.parentWidget() else None
            if layout is not None:
                frame.setFrameShape(QFrame.Shape.NoFrame)
                layout.setContentsMargins(0, 0, 0, 0)
                layout.setSpacing(0)
        self._dress_line()
        self._place_band()

    def _dress_line(self) -> None:
        # the line over the buttons is a bare widget that paints with these two roles
        inside, theme = self._inside(), Theme.current()
        for child in inside.children() if inside is not None else ():
            if type(child) is QWidget and child.maximumHeight() <= 2:
                palette = child.palette()
                palette.setColor(QPalette.ColorRole.Mid, theme.line)
                palette.setColor(QPalette.ColorRole.Base, theme.window)
                child.setPalette(palette)

    def _place_band(self) -> None:
        inside = self._inside()
        if inside is None or inside is self:
            return
        top = self.band.height() if self._practice else 0
        self.band.setGeometry(0, 0, self.width(), self.band.height())
        inside.setGeometry(0, top, self.width(), self.height() - top)

    def _entered(self, at: int) -> None:
        if self._shown_page is not None:
            self._committed = self._committed or (self._shown_page.commit and self._moved_on(at))
            self._shown_page.on_leave()
        if not 0 <= at < len(self._specs):
            self._shown_page = None
            return
        page = self._specs[at].page
        self._shown_page = page
        self.rail.set_current(at, reachable=self._reachable())
        page.on_enter()
        self._buttons()
        self._dress()
        QTimer.singleShot(0, page, lambda: self._focus(page))
        self.step_entered.emit(self._specs[at].step)

    def _focus(self, page: WizardPage) -> None:
        """Put the keyboard where typing starts, else on the button that goes on."""
        if page is not self._shown_page or page.focus_first():
            return
        button = self._forward_button()
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forward_button(self) -> QAbstractButton | None:
        kinds = QWizard.WizardButton
        forward = (kinds.NextButton, kinds.CommitButton, kinds.FinishButton, *_EXTRAS)
        shown = (self.button(which) for which in (*forward, kinds.CancelButton))
        usable = (button for button in shown if not button.isHidden() and button.isEnabled())
        return next(usable, None)

    def _moved_on(self, at: int) -> bool:
        before = next(i for i, spec in enumerate(self._specs) if spec.page is self._shown_page)
        return at > before

    def _reachable(self) -> list[int]:
        if self._committed:
            return []
        visited = self.visitedIds()
        return [at for at in visited if at != self.currentId()]

    def _buttons(self) -> None:
        page = self._shown_page
        if page is None:
            return
        wanted, kinds = page.page_buttons, QWizard.WizardButton
        last = self.nextId() == -1
        onward = kinds.CommitButton if page.commit else kinds.NextButton
        forward = kinds.FinishButton if last else onward
        layout = [kinds.Stretch]
        if wanted.back and self._reachable():
            layout.append(kinds.BackButton)
        for which, _extra in zip(_EXTRAS, wanted.extras, strict=False):
            self.setOption(_EXTRAS[which], on=True)
            layout.append(which)
        if wanted.next:
            layout.append(forward)
        if wanted.cancel:
            layout.append(kinds.CancelButton)
        self.setButtonLayout(layout)
        self._words(wanted, forward)
        for which in (kinds.BackButton, forward, kinds.CancelButton, *_EXTRAS):
            set_property(self.button(which), "edge", "last" if which == layout[-1] else "")
            set_property(self.button(which), "kind", "primary" if which == forward else "secondary")

    def _words(self, wanted: PageButtons, forward: QWizard.WizardButton) -> None:
        kinds = QWizard.WizardButton
        self.setButtonText(kinds.BackButton, wanted.back)
        self.setButtonText(forward, wanted.next)
        self.setButtonText(kinds.CancelButton, wanted.cancel)
        for which, extra in zip(_EXTRAS, wanted.extras, strict=False):
            self.setButtonText(which, extra.label)
            self.button(which).setIcon(icon(extra.icon, Tone.TEXT) if extra.icon else QIcon())

    def _pressed(self, which: int) -> None:
        page = self._shown_page
        extras = page.page_buttons.extras if page is not None else ()
        for button, extra in zip(_EXTRAS, extras, strict=False):
            if button.value == which:
                extra.press()

    # How it closes

    def _ask(self, question: LeaveQuestion) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("SparkWizard")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question.text)
        box.setInformativeText(question.informative)
        leave = box.addButton(question.leave, QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(question.stay, QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(lambda _code: self._answered(left=box.clickedButton() is leave))
        self._question = box
        box.open()  # never exec(): a nested loop loses the tasks of the outer one

    def _answered(self, *, left: bool) -> None:
        self._question = None
        if left:
            self._begin_closing()

    def _begin_closing(self) -> None:
        if self._closing is None:
            self.setEnabled(False)
            self._closing = detach(self._close_when_drained())

    async def _close_when_drained(self) -> None:
        for spec in self._specs:
            spec.page.tasks.cancel()
        try:
            for spec in self._specs:
                await spec.page.tasks.drained()
            if self._drain is not None:
                await self._drain()
        finally:
            if self._store is not None:
                self._store.setValue(_GEOMETRY_KEY, self.saveGeometry())
            self._may_close = True
            self.close()
            self.closed.emit()

    def _restore_geometry(self) -> None:
        self.resize(960, 680)
        kept = self._store.value(_GEOMETRY_KEY) if self._store is not None else None
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)
