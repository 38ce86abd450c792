"""Put the product together: services, pages, windows, practice, drafts, and the way out."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.beginning import fresh_state, services_at
from sparkwizard.gui.cloud.entrances import CloudEntrances
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.drafts import DraftKeeper
from sparkwizard.gui.frame.overview_window import OverviewWindow
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.frame.window_parts import LeaveQuestion
from sparkwizard.gui.fronts import Fronts, come_to_front
from sparkwizard.gui.help.menu import HelpMenu
from sparkwizard.gui.help.unexpected import UnexpectedDialog, ending_message
from sparkwizard.gui.network import use_proxy
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.result.page import ResultPage
from sparkwizard.gui.pages.start.page import StartPage
from sparkwizard.gui.plan.report_file import open_report
from sparkwizard.gui.practice_host import PracticeHost
from sparkwizard.gui.unfinished import draft_of, unfinished_question
from sparkwizard.gui.widgets import MessageKind
from sparkwizard.gui.widgets.kept import remember_in
from sparkwizard.gui.wizard_pages import wizard_pages
from sparkwizard.runs.processes.claims import WIZARD, Claims, setup_key
from sparkwizard.runs.processes.endings import Ending
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import Draft, LoadedProfile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["Shell"]

_log = logging.getLogger(__name__)
_STOP_SECONDS = 5


class Shell(QObject):
    """Own the two windows and everything they share; one at a time is on the screen.

    ``data_dir`` is what ``--data-dir`` named. ``settings`` keep the windows' places. ``claims``
    holds what is open already.
    """

    def __init__(
        self,
        *,
        data_dir: Path | None,
        practice: bool,
        settings: QSettings,
        claims: Claims | None = None,
    ) -> None:
        super().__init__()
        self._data_dir, self._settings = data_dir, settings
        self._from_start = practice
        self.host = PracticeHost()
        self.tasks = TaskScope(self.failed)
        self.closed = asyncio.Event()
        self.real = services_at(Places.chosen(data_dir), practice=False)
        self._practice: Services | None = None
        self._opened_with: Profile | None = None
        self._returning = False
        remember_in(settings)
        self.fronts = Fronts(self._practice_places() if practice else self.real.places, claims)
        self.desk = Desk(self.real, fresh_state(self.real), self.tasks)
        self.desk.practice_sign_in = self.host.complete_sign_in
        self.desk.practice_cycle = self.host.run_cycle
        self.pages = wizard_pages(self.desk)
        self.window = SetupWindow(
            specs(self.pages),
            StepFlow(),
            store=settings,
            drain=self._drain,
            leave_question=self._applying.leave_question,
        )
        self.window.unfinished = self._unfinished
        self.window.goes_on = self._back_to_overview
        self.drafts = DraftKeeper(self.desk, self.window.current_step, self.fronts.may_keep_draft)
        self.window.set_saved("")
        self.help = HelpMenu(self.window, self.desk, self.real, self.failed)
        self.help.serve(self.window.rail.help)
        self.overview: OverviewWindow | None = None
        self.cloud = CloudEntrances(self.desk, settings)
        self._connect()

    # Opening

    async def open(self, *, practice: bool, profile: str | None) -> None:
        """Show the first window: the overview of a named setup, else the first page."""
        await use_proxy(self.real, self.tasks)
        if practice:
            await self._begin_practice()
        if profile is None:
            self._show_wizard(Step.START)
            return
        try:
            await self._show_overview(await run_blocking(self.desk.services.load, profile))
        except SparkWizardError as error:
            if error.code == "open-elsewhere":
                self.closed.set()  # its window came to the front; this one is not needed
                return
            self._show_wizard(Step.START)
            self.pages[Step.START].show_error(error)

    async def run(self) -> None:
        """Wait until the last window has closed, then put everything away."""
        try:
            await self.closed.wait()
        finally:
            self.tasks.cancel()
            await self.tasks.drained()
            for services in (self.real, self._practice):
                if services is not None:
                    services.close()
            self.fronts.close()
            async with asyncio.timeout(_STOP_SECONDS):
                await self.host.stop()

    def stop(self) -> None:
        """Close without a question, as the system asks for: what runs ends, the draft is kept."""
        if self.cloud.window is not None:
            self.cloud.leave(self.stop)
        elif self.window.isVisible():
            self.window.end()
        elif self.overview is not None:
            self.overview.close()

    def tell_endings(self, endings: Sequence[Ending]) -> None:
        """Say that the program did not end as asked last time, where it did not."""
        shown = self.overview.page if self.overview is not None else self.pages[Step.START]
        if endings:
            shown.strip.show_message(ending_message(endings[-1]))

    def _come_to_front(self) -> None:
        there = self.window if self.window.isVisible() else self.overview
        window = self.cloud.window or there
        if window is not None:
            come_to_front(window)

    def failed(self, error: BaseException) -> None:
        """Tell of what went wrong where no page was there to tell it."""
        page = self.window.page_of(self.window.current_step() or Step.START.name)
        if isinstance(error, SparkWizardError) and self.window.isVisible():
            page.show_error(error)
            return
        shown = self.cloud.window or (self.window if self.window.isVisible() else self.overview)
        there = shown.findChild(UnexpectedDialog) if shown is not None else None
        if isinstance(there, UnexpectedDialog):
            there.again(error)
        else:
            UnexpectedDialog(shown, error).open()

    def _connect(self) -> None:
        start = self.pages[Step.START]
        assert isinstance(start, StartPage)
        start.practice_requested.connect(lambda: self.tasks.start(self._practise()))
        start.practice_left.connect(lambda: self.tasks.start(self._leave_practice()))
        start.setup_chosen.connect(lambda name: self.tasks.start(self._choose(name)))
        start.draft_chosen.connect(self._resume)
        self.window.practice_left.connect(lambda: self.tasks.start(self._leave_practice()))
        self.window.unexpected.connect(self.failed)
        self.window.closed.connect(self._wizard_closed)
        self.window.step_entered.connect(self._entered)
        self.drafts.saved.connect(self.window.set_saved)
        self.desk.changed.connect(self._renamed)
        self.fronts.called.connect(self._come_to_front)
        start.may_offer = self.fronts.may_keep_draft
        self.cloud.unexpected.connect(self.failed)
        for page in (self.pages[Step.PREVIEW], self.pages[Step.RESULT]):
            assert isinstance(page, PreviewPage | ResultPage)
            page.cloud_wanted.connect(self._cloud_from_wizard)

    # The wizard

    @property
    def _applying(self) -> ApplyingPage:
        page = self.pages[Step.APPLYING]
        assert isinstance(page, ApplyingPage)
        return page

    def _show_wizard(self, step: Step) -> None:
        self._name_window()
        self.window.jump_to(step)
        self.window.show()
        if self.overview is not None:
            self.overview.hide()

    def _entered(self, name: str) -> None:
        if not Step[name].numbered:
            self.window.set_saved("Every change is journaled")

    def _renamed(self, old: WizardState, new: WizardState) -> None:
        if old.profile.name != new.profile.name or old.practice != new.practice:
            self._name_window()

    def _name_window(self) -> None:
        state = self.desk.state
        unnamed = "Practice company" if state.practice else "New setup"
        self.window.set_profile(state.profile.name or unnamed, practice=state.practice is not None)

    def _resume(self, draft: Draft) -> None:
        """Go on with an unfinished setup where it was left, if its token was kept."""
        self.drafts.begin()
        step = Step.__members__.get(draft.step.upper(), Step.START)
        if Step.TOKEN.value < step.value <= Step.PREVIEW.value:
            self.tasks.start(self._resume_at(step))

    async def _resume_at(self, step: Step) -> None:
        try:
            await self._fetch_token()
        except SparkWizardError:
            return  # the token page asks for it
        self.window.jump_to(step)

    # Practice

    async def _practise(self) -> None:
        start = self.pages[Step.START]
        assert isinstance(start, StartPage)
        try:
            await self._begin_practice()
        except SparkWizardError as error:
            start.practice_failed(error)

    async def _begin_practice(self) -> None:
        if self._practice is None:
            self._practice = services_at(self._practice_places(), practice=True)
        await self.fronts.move_to(self._practice.places, WIZARD)
        tenant = await self.host.start(self._practice.places)
        self.desk.services = self._practice
        self.desk.set(replace(fresh_state(self._practice), practice=tenant))
        self.drafts.begin()

    def _practice_places(self) -> Places:
        if self._data_dir is not None and not self._from_start:
            return Places.in_folder(self._data_dir / "practice")
        return Places.chosen(self._data_dir, practice=True)

    async def _leave_practice(self) -> None:
        if self._applying.running:
            return
        await self.drafts.flush()
        await self.fronts.move_to(self.real.places, WIZARD)
        self.desk.services = self.real
        self.desk.set(fresh_state(self.real))
        self.drafts.begin()
        self.window.set_saved("")
        self._opened_with = None
        self._show_wizard(Step.START)
        await self.host.stop()

    # Microsoft Entra

    def _cloud_from_wizard(self, step: CloudStep) -> None:
        self.cloud.open(self.window, step, self.window.show)

    def _cloud_from_overview(self, step: CloudStep) -> None:
        overview = self._overview_window()
        self.cloud.open(overview, step, overview.open)

    # The overview

    async def _choose(self, name: str) -> None:
        await self._show_overview(await run_blocking(self.desk.services.load, name))

    async def _show_overview(self, loaded: LoadedProfile) -> None:
        places = self.desk.services.places
        await self.fronts.move_to(places, setup_key(loaded.profile.id))
        state = replace(
            fresh_state(self.desk.services),
            profile=loaded.profile,
            base_dir=str(loaded.base_dir),
            editing=loaded.profile.name,
            file=str(loaded.path),
            practice=self.desk.state.practice,
        )
        if state.practice is not None:
            state = state.with_token(PastedToken(state.practice.token))
        self.desk.set(state)
        self.drafts.begin()
        self._opened_with = loaded.profile
        overview = self._overview_window()
        overview.open()
        self.window.hide()
        draft = await run_blocking(draft_of, self.desk.services.places, loaded.profile)
        if draft is not None and self.fronts.may_keep_draft():
            overview.page.offer_draft(draft)

    def _back_to_overview(self) -> bool:
        """Return where the wizard was opened from; tell whether that was an overview."""
        opened_there = self._opened_with is not None and bool(self.desk.state.editing)
        if opened_there and not self._returning:
            self._returning = True
            self.tasks.start(self._return(self.desk.state))
        return opened_there

    async def _return(self, left: WizardState) -> None:
        """Show the overview of a setup as it is now, with the token that was in use."""
        try:
            await self.window.put_down()
            await self._drain()
            await self._choose(left.profile.name if left.result is not None else left.editing)
        except SparkWizardError:
            self._opened_with = None  # told on the page; from there the window can only close
            raise
        finally:
            self._returning = False
            self.window.setEnabled(True)
        if left.pasted is not None:
            state = self.desk.state.with_token(left.pasted)
            self.desk.set(replace(state, token_kept=left.token_kept))

    def _take_up(self, draft: Draft) -> None:
        """Go on with changes of this setup that were not finished."""
        self.desk.set(self.desk.state.with_profile(draft.profile))
        self.drafts.begin()
        step = Step.__members__.get(draft.step.upper(), Step.PEOPLE)
        self.tasks.start(self._work(min(step, Step.PREVIEW, key=lambda one: one.value)))

    def _overview_window(self) -> OverviewWindow:
        if self.overview is not None:
            return self.overview
        self.overview = OverviewWindow(self.desk, self._settings)
        page = self.overview.page
        help_menu = HelpMenu(self.overview, self.desk, self.real, self.failed)
        help_menu.serve(page.rail.help)
        page.preview_requested.connect(lambda: self.tasks.start(self._work(Step.PREVIEW)))
        page.edit_requested.connect(self._edit)
        page.sync_requested.connect(
            lambda: self.tasks.start(self._work(Step.PREVIEW, at_once=True))
        )
        page.report_requested.connect(self._report)
        page.draft_chosen.connect(self._take_up)
        page.practice_left.connect(lambda: self.tasks.start(self._leave_practice()))
        page.cloud_wanted.connect(self._cloud_from_overview)
        page.unexpected.connect(self.failed)
        self.overview.closed.connect(self.closed.set)
        return self.overview

    def _edit(self, name: str) -> None:
        step = Step[name] if name else Step.PEOPLE
        self.tasks.start(self._work(step))

    async def _work(self, step: Step, *, at_once: bool = False) -> None:
        """Open the wizard at a step of the saved setup, or at the token where there is none."""
        try:
            await self._fetch_token()
        except SparkWizardError as error:
            self._show_wizard(Step.TOKEN)
            self.pages[Step.TOKEN].show_message(MessageKind.INFO, error.message, error.fix)
            return
        preview = self.pages[Step.PREVIEW]
        assert isinstance(preview, PreviewPage)
        preview.apply_when_ready = at_once
        self._show_wizard(step)

    async def _fetch_token(self) -> None:
        desk = self.desk
        if desk.state.token:
            return
        token = await run_blocking(desk.services.token_for, desk.profile)
        desk.set(replace(desk.state.with_token(PastedToken(token)), token_kept=True))

    def _report(self, run_id: int) -> None:
        self.tasks.start(open_report(self.desk.services, run_id))

    # Leaving

    def _wizard_closed(self) -> None:
        self.closed.set()

    def _unfinished(self) -> LeaveQuestion | None:
        """Ask where a setup was begun and not applied; a stray Escape would end it."""
        step = Step[self.window.current_step() or Step.START.name]
        return unfinished_question(self.desk.state, step, self._opened_with)

    async def _drain(self) -> None:
        """Keep the draft before the window closes."""
        try:
            await self.drafts.flush()
        except SparkWizardError:
            _log.exception("The draft could not be kept")
