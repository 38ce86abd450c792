"""The wizard's window: rail, practice band, pages, the bottom row, and how it closes.

The window knows no product: it gets pages with their steps and a flow that says what follows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeGuard, override

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QMessageBox,
    QWidget,
    QWizard,
)

from sparkwizard.gui.aio import detach
from sparkwizard.gui.frame.button_row import ButtonRow
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.tab_order import give_back, lead_on
from sparkwizard.gui.frame.window_parts import Flow, GeometryStore, LeaveQuestion, PageSpec, ask
from sparkwizard.gui.look.room import LEAST, USUAL, roomy
from sparkwizard.gui.look.theme import Theme, on_theme_change
from sparkwizard.gui.widgets.rail import RailStep, StepRail
from sparkwizard.gui.widgets.telling.strips import PracticeBand

__all__ = ["Flow", "GeometryStore", "LeaveQuestion", "PageSpec", "WizardWindow"]

_COMPACT_BELOW = 900
_GEOMETRY_KEY = "wizard/geometry"


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
        self._row = ButtonRow(self)
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
        self.setMinimumSize(roomy(LEAST))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, on=True)
        self.setWindowFlag(Qt.WindowType.WindowMinimizeButtonHint, on=True)
        self.currentIdChanged.connect(self._entered)
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

    def keep_focus(self) -> None:
        """Hand the keyboard to the page where nobody has it, as after its buttons changed."""
        page = self._shown_page
        if page is not None and self._question is None and not _types(self.focusWidget(), page):
            self._focus(page)

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
    def focusNextPrevChild(self, following: bool) -> bool:
        """Lead from the page to its buttons, and only then to the band and the rail."""
        return lead_on(self._tab_parts(), self.focusWidget(), following=following) or (
            super().focusNextPrevChild(following)
        )

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
        """Open at 960 by 680, larger where letters are."""
        return roomy(USUAL)

    # How it is built

    def _add(self, at: int, page: WizardPage) -> None:
        self.setPage(at, page)
        page.buttons_changed.connect(self._buttons)
        page.unexpected.connect(self.unexpected)
        page.leave_to.connect(self._leave_to)
        page.completeChanged.connect(lambda: QTimer.singleShot(0, self, self.keep_focus))

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
        button = self._row.forward()
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tab_parts(self) -> list[QWidget]:
        page = [] if self._shown_page is None else [self._shown_page]
        return [*page, *self._row.in_order(), self.band, self.rail]

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
        before, kinds = self.focusWidget(), QWizard.WizardButton
        onward = kinds.CommitButton if page.commit else kinds.NextButton
        forward = kinds.FinishButton if self.nextId() == -1 else onward
        self._row.show(page.page_buttons, forward, back=bool(self._reachable()))
        self._row.make_room(roomy(LEAST).width())
        give_back(before, self.focusWidget())
        QTimer.singleShot(0, self, self.keep_focus)

    # How it closes

    def _ask(self, question: LeaveQuestion) -> None:
        self._question = ask(self, question, self._answered)

    def _answered(self, left: bool) -> None:
        self._question = None
        if left:
            self._begin_closing()

    def _begin_closing(self) -> None:
        if self._closing is None:
            self.setEnabled(False)
            self._closing = detach(self._close_when_drained())

    async def put_down(self) -> None:
        """Cancel what the pages run, wait until it has ended, and keep the window's place."""
        for spec in self._specs:
            spec.page.tasks.cancel()
        try:
            for spec in self._specs:
                await spec.page.tasks.drained()
        finally:
            if self._store is not None:
                self._store.setValue(_GEOMETRY_KEY, self.saveGeometry())

    async def _close_when_drained(self) -> None:
        try:
            await self.put_down()
            if self._drain is not None:
                await self._drain()
        finally:
            self._may_close = True
            self.close()
            self.closed.emit()

    def _restore_geometry(self) -> None:
        self.resize(roomy(USUAL))
        kept = self._store.value(_GEOMETRY_KEY) if self._store is not None else None
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)


def _types(widget: QWidget | None, page: WizardPage) -> TypeGuard[QWidget]:
    """Tell whether a key does something where it is: not on the bare page or its window."""
    if widget is None or widget is page or widget.isWindow():
        return False
    return widget.isVisible() and widget.isEnabled()
