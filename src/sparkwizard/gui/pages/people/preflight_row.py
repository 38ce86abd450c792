"""The line of the People page that tells what the pre-flight found."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.calm.slicing import run_slices
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.pages.people.preflight_dialog import SEVERITY_MARKS, PreflightDialog
from sparkwizard.gui.widgets import Bar, ElidedLabel, IconLabel, LinkButton, announce
from sparkwizard.gui.widgets.entering.file_dialogs import ask_where_to_save
from sparkwizard.provisioning.preflight import PreflightReport
from sparkwizard.provisioning.types import Population
from sparkwizard.wizard.people.preflight_words import gravest, summary

__all__ = ["PreflightRow"]


class PreflightRow(QWidget):
    """Look over everybody who was read, in the background, and lead to the findings.

    ``failed`` carries why the fix list could not be written.
    """

    failed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._work: asyncio.Task[None] | None = None
        self._looked_at: tuple[Population, str] | None = None
        self.report: PreflightReport | None = None
        self.file_dialog: QFileDialog | None = None
        self.mark = IconLabel("info", tone=Tone.MUTED, size=16)
        self.words = ElidedLabel()
        self.bar = Bar("Pre-flight")
        self.bar.setFixedWidth(90)
        self.show_link = LinkButton("Show findings", on_click=self.show_findings)
        self.export_link = LinkButton("Export fix list (CSV)", on_click=self.export)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        row.addWidget(self.mark)
        row.addWidget(self.words, 1)
        row.addWidget(self.bar)
        row.addWidget(self.show_link)
        row.addSpacing(SPACE.s)
        row.addWidget(self.export_link)
        self._show("Pre-flight: nobody was read yet.")

    def begin(self) -> None:
        """Look over the people of now, unless it was done for the same setup already."""
        population = self._desk.state.population
        if population is None:
            self.rest()
            return
        wanted = (population, self._desk.profile.digest)
        if self._looked_at == wanted and (self.report or self._work):
            return
        self.rest()
        self._looked_at = wanted
        self._work = self._desk.tasks.start(self._look(population))

    def rest(self) -> None:
        """Stop looking, when the page is left."""
        if self._work is not None:
            self._work.cancel()
            self._work = None

    async def _look(self, population: Population) -> None:
        self.report = None
        self._show("Pre-flight: looking over everybody…", running=True)
        preview = self._desk.state.preview
        try:
            users = preview.users if preview else None
            slices = await run_blocking(
                self._desk.services.preflight, self._desk.profile, population, users
            )
        except SparkWizardError as error:
            self._show(f"No pre-flight: {error.message}")
        else:
            self.report = await run_slices(
                slices, self.bar.set_share, people=len(population.people)
            )
            self._show(summary(self.report))
            announce(self, summary(self.report))
        self._work = None

    def show_findings(self) -> None:
        """Open the findings with the people behind each."""
        if self.report is not None:
            PreflightDialog(self.report, self.export, self).open()

    def export(self) -> None:
        """Ask where the fix list goes and write it."""
        if self.report is None:
            return
        report = self.report
        self.file_dialog = ask_where_to_save(
            self,
            "Export the fix list",
            suggested="fix list.csv",
            suffix="csv",
            kind="CSV file",
            on_path=lambda path: self._desk.tasks.start(self._write(report, path)),
        )

    async def _write(self, report: PreflightReport, path: Path) -> None:
        try:
            await run_blocking(self._desk.services.export_preflight, report, path)
        except SparkWizardError as error:
            self.failed.emit(error)
        else:
            self._show(f"The fix list was written to {path.name}.")
            announce(self, self.words.full_text())

    def _show(self, words: str, *, running: bool = False) -> None:
        self.words.set_text(words)
        found = self.report is not None and bool(self.report.findings)
        self.bar.setVisible(running)
        if running:
            self.bar.restart()
        self.show_link.setVisible(found)
        self.export_link.setVisible(found)
        severity = gravest(self.report) if self.report else None
        done = ("success", Tone.SUCCESS) if self.report else ("info", Tone.MUTED)
        self.mark.set_icon(*(SEVERITY_MARKS[severity] if severity else done))
