"""The overview of a saved setup: how it is doing, what needs a look, and what to do next."""

from typing import override

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.room import LEAST, roomy
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.pages.overview.parts import (
    EngineCard,
    EntraCard,
    FindingsSection,
    RunsSection,
)
from sparkwizard.gui.widgets import (
    Columns,
    HLine,
    Message,
    MessageKind,
    MessageStrip,
    PracticeBand,
    PrimaryButton,
    RailPlace,
    SecondaryButton,
    SideRail,
    StatTile,
    StripAction,
    TileRow,
    TitleLabel,
    WrapLabel,
)
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.runs.cloud.watching import days_to_renew
from sparkwizard.runs.cycles.types import Quarantine
from sparkwizard.runs.services import api_url_of
from sparkwizard.runs.types import ActionState, RunRecord
from sparkwizard.setup.store import Draft
from sparkwizard.webex.types import Identity, PastedToken
from sparkwizard.wizard.moments import clock_words, days_left, since_words
from sparkwizard.wizard.run.cycle_facts import cycle_rows, quarantine_words, waiting_findings
from sparkwizard.wizard.run.setup_facts import findings_of, in_scope_words, last_run
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["OverviewPage"]

_NARROW, _FACT_AIR, _AIR = 900, 5, 8
_SYNC = "Read everything and change at once what differs, under the limits of this setup."
_PLACES = (
    RailPlace("overview", "Overview", "laptop"),
    RailPlace(Step.PEOPLE.name, "People", "people"),
    RailPlace(Step.MAPPING.name, "Mapping", "pencil"),
    RailPlace(Step.SCOPE.name, "Scope", "filter"),
    RailPlace(Step.LIMITS.name, "Limits and e-mail", "mail"),
)


class OverviewPage(QWidget):
    """Show a saved setup, in a window of its own; ``refresh`` looks at everything anew.

    ``edit_requested`` comes with the name of a step, empty for the first one. ``unexpected``
    carries errors that are nobody's doing.
    """

    preview_requested = Signal()
    sync_requested = Signal()
    edit_requested = Signal(str)
    report_requested = Signal(int)
    practice_left = Signal()
    cloud_wanted = Signal(object)
    draft_chosen = Signal(object)
    unexpected = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._newest: RunRecord | None = None
        self._quarantined, self._spared = False, 0
        self._facts: tuple[tuple[str, str], ...] = ()
        self._shown: tuple[tuple[str, str], ...] = ()
        self.tasks = TaskScope(self._failed)
        self.setMinimumSize(roomy(LEAST))
        self.band = PracticeBand()
        self.band.leave.connect(self.practice_left)
        self.rail = SideRail(_PLACES)
        self.rail.place_chosen.connect(self._place)
        content, self._foot = QWidget(), QWidget()
        content.setProperty("surface", "base")
        self._scrolled = self._content()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scrolled)
        self._foot.setLayout(self._bottom())
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(content, 1)
        right.addWidget(HLine())
        right.addWidget(self._foot)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addLayout(middle, 1)
        desk.changed.connect(self._state_changed)

    def _content(self) -> ScrollColumn:
        self.title = TitleLabel("See how provisioning is doing")
        self.sentence = WrapLabel(tone=Tone.MUTED)
        self.strip = MessageStrip(closable=True)
        self.strip.closed.connect(self._fit)
        self.here = EngineCard("laptop", "This computer")
        self.sync = SecondaryButton(
            "&Sync now", icon_name="refresh", on_click=self.sync_requested.emit
        )
        self.sync.setToolTip(_SYNC)
        self.here.add_button(self.sync)
        self.entra = EntraCard()
        self.entra.wanted.connect(self.cloud_wanted)
        self.tiles = TileRow()
        self.token_tile = self.tiles.add("token", _tile("the token has left", "key"))
        self.scope_tile = self.tiles.add("scope", _tile("people in scope", "people"))
        self.managed_tile = self.tiles.add("managed", _tile("users managed from here", "person"))
        self.findings = FindingsSection()
        self.runs = RunsSection(self._desk.services.clock)
        self.findings.run_wanted.connect(self._open_newest)
        self.runs.report_wanted.connect(self.report_requested)
        scroll = ScrollColumn(spacing=SPACE.m)
        content = scroll.column
        content.setContentsMargins(SPACE.xxl, 22, SPACE.xxl, 14)
        header = QVBoxLayout()
        header.setSpacing(5)
        header.addWidget(self.title)
        header.addWidget(self.sentence)
        content.addLayout(header)
        content.addWidget(self.strip)
        content.addWidget(Columns(self.here, self.entra, stack_below=520, spacing=SPACE.m))
        content.addWidget(self.tiles)
        content.addWidget(self.findings)
        content.addWidget(self.runs, 1)
        return scroll

    def _bottom(self) -> QHBoxLayout:
        self.edit = SecondaryButton(
            "&Edit setup", icon_name="pencil", on_click=lambda: self.edit_requested.emit("")
        )
        self.preview = PrimaryButton("&Preview changes", on_click=self.preview_requested.emit)
        self.preview.setDefault(True)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE.xxl, 11, SPACE.xl, 11)
        row.setSpacing(SPACE.s)
        row.addWidget(self.runs.button)
        row.addStretch(1)
        row.addWidget(self.edit)
        row.addWidget(self.preview)
        return row

    # -- what the shell calls -------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the setup, its runs and its token as they are now."""
        state = self._desk.state
        self.band.setVisible(state.practice is not None)
        self.rail.set_heading(state.profile.name, "Saved setup")
        self.rail.set_footer("Saved on this computer")
        self.rail.choose("overview")
        self.setWindowTitle(f"{state.profile.name} – SparkWizard")  # noqa: RUF001  a dash
        self.setAccessibleName(f"Overview of {state.profile.name}")
        self.sentence.setText(_sentence(state))
        self._show_runs()
        self._show_entra()
        self._show_token()
        self.preview.setFocus()
        self.tasks.start(self._look_at_token())

    def tab_parts(self) -> list[QWidget]:
        """Return the parts in the order that Tab follows."""
        return [self._scrolled, self._foot, self.band, self.rail]

    def offer_draft(self, draft: Draft) -> None:
        """Offer to go on with changes of this setup, unless something more urgent is told."""
        if self.strip.isHidden():
            go_on = StripAction("Go on with &them", lambda: self.draft_chosen.emit(draft))
            self.strip.show_message(
                Message(
                    MessageKind.INFO,
                    "Changes of this setup are not finished",
                    "They are kept beside it; runs use the setup as it was saved.",
                    (go_on,),
                )
            )
            self._fit()

    def put_away(self) -> None:
        """Stop looking at the token; called when the window closes."""
        self.tasks.cancel()

    # -- runs -----------------------------------------------------------------------------------

    def _show_runs(self) -> None:
        services, profile = self._desk.services, self._desk.profile
        try:
            runs = services.runs(profile)
            newest = runs[0] if runs else None
            actions = services.journal.not_done(newest.id) if newest else []
            groups = services.journal.group_actions(newest.id) if newest else []
            managed = services.journal.managed((profile.id, profile.webex.organization_id))
            cycles = services.cycles_overview(profile)
        except SparkWizardError as error:
            self._failed(error)
            return
        now = services.clock()
        self._newest = newest
        known = last_run(runs, now)
        self.here.set_state(known.state, known.tone)
        whole = next((run for run in runs if not run.incremental), None)
        scope = in_scope_words(whole.counts) if whole else "Not known before the first run"
        self._facts = (("Last run", known.when), ("In scope", scope), *cycle_rows(cycles, now))
        self._show_quarantine(cycles.quarantine)
        self.runs.set_runs(runs)
        findings = findings_of(newest, actions, groups) if newest else ()
        told = {one.action.source_id for one in actions if one.state is ActionState.FAILED}
        findings += waiting_findings(cycles.escrow, told, now)
        when = since_words(newest.started_at, now) if newest else ""
        self.findings.set_findings(findings, when)
        self.scope_tile.set_number(scope.split()[0] if whole else "–")  # noqa: RUF001  a dash
        self.managed_tile.set_number(f"{managed:,}")
        self._fit()

    def _show_entra(self) -> None:
        """Show Entra's job as it was last seen; nobody is asked."""
        services, profile = self._desk.services, self._desk.profile
        now = services.clock()
        self.entra.show_job(services.known_job(profile), days_to_renew(profile, now), now)

    def _show_quarantine(self, quarantine: Quarantine | None) -> None:
        """Tell of a quarantine before anything else, with its remedy."""
        if self._quarantined and quarantine is None:
            self.strip.hide()
        self._quarantined = quarantine is not None
        if quarantine is None:
            return
        self.here.set_state("In quarantine", "danger")
        words = quarantine_words(quarantine, self._desk.services.clock())
        mend = StripAction(words.remedy, lambda: self.edit_requested.emit(words.step))
        actions = (mend,) if words.step else ()
        self.strip.show_message(Message(MessageKind.DANGER, words.heading, words.text, actions))

    def _show_facts(self) -> None:
        """Show what is known of the runs; a low window has no tile for the token."""
        token = self.token_tile.number()
        told = not self.tiles.isHidden() or not self.strip.isHidden()
        more = () if told or not token[0].isdigit() else (("Token", f"{token} left"),)
        if self._facts + more != self._shown:
            self._shown = self._facts + more
            self.here.rows.set_rows(self._shown)

    def _open_newest(self) -> None:
        if self._newest is not None:
            self.report_requested.emit(self._newest.id)

    # -- the token ------------------------------------------------------------------------------

    async def _look_at_token(self) -> None:
        """Fetch the kept token and ask Webex how long it lives, without holding anything up."""
        services, profile = self._desk.services, self._desk.profile
        try:
            if not self._desk.state.token:
                token = await run_blocking(services.token_for, profile)
                self._desk.set(self._desk.state.with_token(PastedToken(token)))
            api_url = api_url_of(profile)
            if api_url and self._desk.state.identity is None:
                identity = await services.identify(self._desk.state.token, api_url)
                self._desk.update(identity=identity)
        except SparkWizardError as error:
            self._show_token(error)
            return
        self._show_token()

    def _show_token(self, error: SparkWizardError | None = None) -> None:
        state = self._desk.state
        identity = state.identity
        if error is not None:
            none_kept = error.code == "no-token"
            heading = "No token is kept for this setup" if none_kept else error.message
            text = "Paste one to preview or apply changes." if none_kept else error.fix
            self._tell_token(heading, text)
        if identity is None or identity.expires is None:
            self.token_tile.set_number("–", tone=Tone.MUTED)  # noqa: RUF001  a dash
            return
        now = self._desk.services.clock()
        tone = Tone.WARNING if identity.lifetime_short else Tone.SUCCESS
        self.token_tile.set_number(days_left(identity.expires, now), tone=tone)
        self._show_facts()
        if identity.lifetime_short:
            self._tell_short(identity)

    def _tell_short(self, identity: Identity) -> None:
        assert identity.expires is not None
        when = clock_words(identity.expires, self._desk.services.clock())
        self._tell_token(
            f"The token ends {when}",
            "Paste a new one before then.",
        )

    def _tell_token(self, heading: str, text: str) -> None:
        if self._quarantined:
            return  # that is told with its own remedy
        new = StripAction(
            "Paste a new token", lambda: self.edit_requested.emit(Step.TOKEN.name), icon="key"
        )
        self.strip.show_message(Message(MessageKind.WARNING, heading, text, (new,)))
        self._fit()

    # -- the window -----------------------------------------------------------------------------

    def _place(self, key: str) -> None:
        if key != "overview":
            self.rail.choose("overview")
            self.edit_requested.emit(key)

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        if self.isVisible() and (old.identity != new.identity or old.pasted != new.pasted):
            self._show_token()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, SparkWizardError):
            self.strip.show_message(Message(MessageKind.DANGER, error.message, error.fix))
        else:
            self.unexpected.emit(error)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shrink the rail where the window is narrow, and leave the tiles out where it is low."""
        super().resizeEvent(event)
        self.rail.set_compact(compact=self.width() < _NARROW)
        self._fit()

    @override
    def event(self, event: QEvent) -> bool:
        """Share the room anew when something claims more or less of it."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and abs(self._spare() - self._spared) > _AIR:
            self._fit()
        return done

    def _fit(self) -> None:
        """Leave out where room is short what is told elsewhere too: findings first, then tiles."""
        self._spared = spare = self._spare()
        row = self.findings.row_height()
        self.findings.show_at_most(max(1, 1 + spare // row))
        spare -= row * (self.findings.shown() - 1)
        self.tiles.setVisible(spare >= self.tiles.sizeHint().height() + SPACE.m)
        self._show_facts()

    def _spare(self) -> int:
        """Return the height that is left with one finding, no tiles, and the token in a row."""
        band = 0 if self.band.isHidden() else self.band.sizeHint().height()
        room = self.height() - band - self._foot.sizeHint().height() - 1
        width = self.width() - self.rail.minimumWidth()
        least: int = self._scrolled.column.totalHeightForWidth(width)
        if not self.tiles.isHidden():
            least -= self.tiles.sizeHint().height() + SPACE.m
        least -= self.findings.row_height() * max(0, self.findings.shown() - 1)
        untold = self.strip.isHidden() and len(self._shown) == len(self._facts)
        fact = self.fontMetrics().height() + _FACT_AIR
        return room - least - (fact if untold else 0)


def _tile(label: str, icon_name: str) -> StatTile:
    return StatTile("–", label, icon_name, beside=True)  # noqa: RUF001  a dash


def _sentence(state: WizardState) -> str:
    source = "a file" if state.profile.source.kind == "csv" else "Microsoft Entra ID"
    return f"From {source} to Cisco Webex, organization {state.profile.webex.organization_id}."
