"""Page 5: choose where people come from, Entra or a file, and see who was read."""

from pathlib import Path
from typing import override

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from sparkwizard.directory.types import ReadProgress
from sparkwizard.errors import StorageError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.explain_dialog import ask_why
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.pages.people.entra import EntraDesk
from sparkwizard.gui.pages.people.preflight_row import PreflightRow
from sparkwizard.gui.pages.people.recent_files import RecentFiles
from sparkwizard.gui.pages.people.source import SourcePanel
from sparkwizard.gui.pages.people.source_findings import SourceFindingsDialog
from sparkwizard.gui.pages.people.table import PeoplePanel
from sparkwizard.gui.widgets import Message, MessageKind, StripAction, announce
from sparkwizard.provisioning.types import Population, Reason
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard import flow
from sparkwizard.wizard.people.summary import (
    PeopleSummary,
    path_as_written,
    source_name,
    summarize,
)
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["PeoplePage"]

_FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"


class PeoplePage(WizardPage):
    """Read the people of Entra or of a file; until then offer the ways to."""

    people_read = Signal()

    def __init__(self, desk: Desk) -> None:
        text = Step.PEOPLE.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._recent = RecentFiles(desk.services.places)
        self._dialog: QFileDialog | None = None
        self._shown: Population | None = None
        self._counted: tuple[Population, PeopleSummary] | None = None
        self.source_panel = SourcePanel()
        self.entra = EntraDesk(self, desk, self.source_panel.entra, self.tasks, self.failed)
        self.people_panel = PeoplePanel()
        self.preflight = PreflightRow(desk)
        self.people_panel.add_below(self.preflight)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.source_panel)
        self.stack.addWidget(self.people_panel)
        self.body.addWidget(self.stack, 1)
        self.setAcceptDrops(True)
        self._connect()

    def _connect(self) -> None:
        self.source_panel.browse.connect(self.browse)
        self.source_panel.file_chosen.connect(lambda path: self.read_file(Path(path)))
        self.source_panel.keep_chosen.connect(self._show_state)
        self.source_panel.practice_chosen.connect(self._read_practice)
        self.entra.ready.connect(self._start_reading)
        self.entra.noted.connect(self._note)
        self.people_panel.another.connect(self._choose_another)
        self.people_panel.again.connect(self._read_again)
        self.people_panel.why_wanted.connect(
            lambda person: ask_why(self._desk, person.source_id, person.label, self)
        )
        self.people_panel.findings.all_wanted.connect(self._open_findings)
        self.preflight.failed.connect(self.failed)
        self._desk.changed.connect(self._state_changed)

    # What the window calls

    @override
    def initial_focus(self) -> QWidget | None:
        """Start at Entra's button, or at the search once people are there."""
        if self.stack.currentWidget() is self.people_panel:
            return self.people_panel.search
        return self.source_panel.entra.first

    @override
    def on_enter(self) -> None:
        """Show who was read; a setup that names a source already is read at once."""
        self._show_state()
        source = self._desk.profile.source
        if self._desk.state.population is None and (source.path or source.kind == "entra"):
            self._start_reading(source)
        self.entra.look()
        self.preflight.begin()

    @override
    def on_leave(self) -> None:
        """Stop reading; what was read stays."""
        self.tasks.cancel()
        self.preflight.rest()

    @override
    def missing(self) -> Message | None:
        """Ask for a file, or for one that holds people."""
        lack = flow.missing(Step.PEOPLE, self._desk.state)
        return Message(MessageKind.WARNING, lack.text) if lack else None

    # What a person does

    def browse(self) -> None:
        """Open the system's dialog for files, without waiting in it."""
        if self._dialog is not None or not self.isComplete():
            return
        dialog = QFileDialog(self, "Choose the file of people", str(self._start_folder()), _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read_file(Path(name)))
        dialog.finished.connect(self._dialog_closed)
        self._dialog = dialog
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Read the people of a file and make it the source of this setup."""
        written = path_as_written(path, self._desk.base_dir)
        self._start_reading(SourceSettings(kind="csv", path=written))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome exactly one file of this computer."""
        if self.isComplete() and _one_file(event.mimeData().urls()):
            event.acceptProposedAction()
            self.source_panel.drop.light(lit=True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Put the light out."""
        self.source_panel.drop.light(lit=False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was let go."""
        self.source_panel.drop.light(lit=False)
        file = _one_file(event.mimeData().urls())
        if file:
            event.acceptProposedAction()
            self.read_file(file)

    # What happens then

    def _start_reading(self, source: SourceSettings) -> None:
        if not self.isComplete():
            return
        self.clear_message()
        self.start(self._read(source), words=f"Reading {source_name(source)}")

    async def _read(self, source: SourceSettings) -> None:
        name = source_name(source)

        def progress(now: ReadProgress) -> None:
            words = f"Reading {name}: {now.people:,} people so far"
            if now.fraction is None:
                self.busy.progress(0, 0, words)
            else:
                self.busy.progress(round(now.fraction * 1000), 1000, words)

        base = self._desk.base_dir
        profile = replace(self._desk.profile, source=source)
        population = await self._desk.services.read_people(
            source, base, progress, profile=profile, usual=True
        )
        self._counted = (population, await run_blocking(summarize, population))
        if source.kind == "csv":
            self._recent.remember(base / source.path)
        self._desk.set(self._desk.state.with_source(source, population))
        self._show_state()
        self._tell(population)
        self.people_read.emit()

    def _tell(self, population: Population) -> None:
        announce(self, f"{len(population.people):,} people were read.")
        if not population.complete:
            self.show_message(
                MessageKind.WARNING,
                "Not everybody was read.",
                "Nobody will be disabled or deleted after such a reading.",
                (StripAction("Show why", self._open_findings),),
            )
        elif _source_moved(self._desk):
            self.show_message(
                MessageKind.INFO,
                "This setup read its people from another place before.",
                "Nobody is disabled or deleted until you confirm the new source on the preview.",
            )

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        if old.population is not new.population or old.profile.source != new.profile.source:
            self._show_state()
            if self.isVisible():
                self.preflight.begin()

    def _show_state(self) -> None:
        state = self._desk.state
        self.source_panel.show_choices(
            practice=state.practice is not None,
            recent=self._recent.existing(),
            kept=source_name(state.profile.source) if state.population else "",
        )
        if state.population is None:
            self._shown = None
            self.stack.setCurrentWidget(self.source_panel)
            return
        if self._shown is not state.population:
            self._shown = state.population
            self.people_panel.show_population(
                state.population,
                self._summary(state.population),
                name=source_name(state.profile.source),
                place=self._place(state.profile.source),
            )
        moved = self.stack.currentWidget() is not self.people_panel
        self.stack.setCurrentWidget(self.people_panel)
        if moved and self.isVisible():
            self.focus_first()

    def _place(self, source: SourceSettings) -> str:
        """Return the folder of a file, or the organization and who signed in to read it."""
        if source.kind == "csv":
            return str((self._desk.base_dir / source.path).parent)
        who = self.entra.account
        parts = (f"Signed in as {who.label}" if who else "", source.tenant)
        return " · ".join(part for part in parts if part)

    def _note(self, note: Reason) -> None:
        self.show_message(MessageKind.INFO, "The sign-in is kept for now only.", note.text)

    def _summary(self, population: Population) -> PeopleSummary:
        """Return the counts made while reading; those of people read elsewhere are made here."""
        if self._counted is None or self._counted[0] is not population:
            self._counted = (population, summarize(population))
        return self._counted[1]

    def _read_practice(self) -> None:
        practice = self._desk.state.practice
        if practice is not None:
            self.read_file(Path(practice.csv))

    def _read_again(self) -> None:
        self._start_reading(self._desk.profile.source)

    def _choose_another(self) -> None:
        self.clear_message()
        self._show_state()
        self.stack.setCurrentWidget(self.source_panel)
        self.focus_first()

    def _open_findings(self) -> None:
        population = self._desk.state.population
        if population is not None:
            SourceFindingsDialog(population.findings, self).open()

    def _dialog_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _start_folder(self) -> Path:
        written = self._desk.profile.source.path
        if written:
            return (self._desk.base_dir / written).parent
        recent = self._recent.existing()
        downloads = Path.home() / "Downloads"
        return recent[0].parent if recent else downloads if downloads.is_dir() else Path.home()


def _one_file(urls: list[QUrl]) -> Path | None:
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None


def _source_moved(desk: Desk) -> bool:
    """Return whether the last run of this setup read its people elsewhere."""
    profile: Profile = desk.profile
    try:
        known = desk.services.journal.source_digest(profile.id, profile.webex.organization_id)
    except StorageError:  # no journal, no removals: the preview says so
        return False
    return bool(known) and known != profile.source_digest
