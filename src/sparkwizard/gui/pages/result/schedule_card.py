"""The card under "Keep it going" that lets this computer's own scheduler run the setup."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import Card, IconLabel, Label, SecondaryButton, WrapLabel, announce
from sparkwizard.runs.schedule import DEFAULT_MINUTES, Job, Standing, job_for, scheduler_here
from sparkwizard.runs.schedule.token_check import check_token
from sparkwizard.setup.places import Places
from sparkwizard.wizard.run.schedule_words import SIGNED_IN, standing_lines

__all__ = ["ScheduleCard"]

_OFFER = f"Synchronizes every {DEFAULT_MINUTES} minutes under the limits of this setup. {SIGNED_IN}"
_PRACTICE = "With your own organization, this computer can synchronize every 40 minutes."

type Begin = Callable[[Coroutine[Any, Any, object], str], None]
"""Run work of the page in the background, with words for the busy line."""


class ScheduleCard(Card):
    """Install, show and remove the job that keeps a setup in step."""

    def __init__(self, desk: Desk, begin: Begin, leave: Callable[[], object]) -> None:
        super().__init__()
        self._desk, self._begin = desk, begin
        self.standing: Standing | None = None
        head = QHBoxLayout()
        head.setSpacing(SPACE.s)
        head.addWidget(IconLabel("clock", tone=Tone.MUTED))
        head.addWidget(Label("From this computer", role="section"))
        head.addStretch(1)
        self.text = WrapLabel(_OFFER, tone=Tone.MUTED)
        self.keep = SecondaryButton("&Keep in step", on_click=self._install)
        self.remove = SecondaryButton("Remo&ve schedule", on_click=self._remove)
        self.leave = SecondaryButton("&Leave it saved", on_click=leave)
        self.leave.setToolTip("Start it again from the overview when you like")
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        for button in (self.keep, self.remove, self.leave):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(self.text)
        self.body.addStretch(1)
        self.body.addLayout(row)
        self._show(None)

    def look(self) -> None:
        """Ask the scheduler how the job stands; in practice there is none."""
        self._show(None)
        if self._desk.state.practice is None:
            self._begin(self._look(), "")

    async def _look(self) -> None:
        self._show(await run_blocking(scheduler_here().show, self._job()))

    def _job(self) -> Job:
        places, profile = self._desk.services.places, self._desk.profile
        data_dir = None if places == Places.standard() else places.data_dir
        ref = self._desk.state.file
        if not ref or Path(ref).parent == places.profiles_dir:
            ref = profile.name
        return job_for(profile, ref, data_dir)

    def _install(self) -> None:
        self._begin(self._installed(), "Installing the schedule")

    async def _installed(self) -> None:
        services, profile, job = self._desk.services, self._desk.profile, self._job()
        services.check_other_engine(profile)
        checked = await check_token(services, profile)
        await run_blocking(scheduler_here().install, job)
        await self._look()
        notes = " ".join((self.text.text(), *checked.notes))
        self.text.setText(notes)
        announce(self, notes)

    def _remove(self) -> None:
        self._begin(self._removed(), "Removing the schedule")

    async def _removed(self) -> None:
        await run_blocking(scheduler_here().remove, self._job())
        await self._look()
        announce(self, "The schedule is removed")

    def _show(self, standing: Standing | None) -> None:
        self.standing = standing
        practice = self._desk.state.practice is not None
        text = _PRACTICE if practice else _OFFER
        if standing is not None:
            text = ". ".join(line.rstrip(".") for line in standing_lines(standing)) + "."
        self.text.setText(text)
        self.keep.setVisible(not practice and not (standing and standing.active))
        self.remove.setVisible(standing is not None)
