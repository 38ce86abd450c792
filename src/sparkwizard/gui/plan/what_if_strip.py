"""The strip that tells what the edits of a page would mean, with the list behind each number."""

import asyncio
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import is_running, run_blocking
from sparkwizard.gui.calm.slicing import run_slices
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.explain_dialog import ask_why
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.plan.people_dialog import PeopleDialog
from sparkwizard.gui.widgets import (
    Bar,
    ElidedLabel,
    IconLabel,
    Label,
    LinkButton,
    announce,
    clear_layout,
)
from sparkwizard.provisioning.planning.planner import Rules, Situation
from sparkwizard.provisioning.types import Person, Population, UsersRead
from sparkwizard.provisioning.what_if import Difference, Effect, WhatIf
from sparkwizard.wizard.plan.what_if_state import (
    Part,
    Phase,
    WhatIfState,
    cause,
    heading,
    parts,
    plan_words,
)
from sparkwizard.wizard.state import WizardState

__all__ = ["WhatIfStrip"]

_AFTER_MS = 150
_NOBODY = UsersRead(())
_IN_A_LINE = 3
_GRAVE = frozenset((Effect.BECOME_INVALID, Effect.FALL_OUT))


class _Line(QWidget):
    """Show up to three numbers in a row; hidden while it has none."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE.s)
        self.setVisible(False)

    def clear(self) -> None:
        clear_layout(self._row)
        self.setVisible(False)

    def add(self, link: LinkButton) -> None:
        if self._row.count():
            self._row.addWidget(Label("\N{MIDDLE DOT}", tone=Tone.MUTED))
        self._row.addWidget(link)
        self.setVisible(True)


class WhatIfStrip(QWidget):
    """Compare everybody under the edited rules with everybody under those at the beginning.

    The beginning is when the page came up. The work is done in slices on the window's thread.
    """

    answered = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.state = WhatIfState()
        self._users: UsersRead | None = None
        self._beginning: Rules | None = None
        self._what_if: WhatIf | None = None  # of the beginning, once links were read
        self._work: asyncio.Task[None] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self._begin)
        self._build()
        desk.changed.connect(self._state_changed)

    def _build(self) -> None:
        self.mark = IconLabel("info", tone=Tone.MUTED, size=16)
        self.words = ElidedLabel(tone=Tone.MUTED)
        self.bar = Bar()
        self.bar.setFixedWidth(90)
        self.bar.setVisible(False)
        self._lines = (_Line(), _Line())
        self.links: list[LinkButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for line in self._lines:
            lines.addWidget(line)
        row.addWidget(self.mark)
        row.addLayout(lines)
        row.addWidget(self.words, 1)
        row.addWidget(self.bar)
        self.setAccessibleName("What your edits would mean")

    # What the page calls

    def begin(self) -> None:
        """Take the rules of now as the beginning, and work out how people stand under them."""
        self.rest()
        self._remember_users(self._desk.state)
        self._beginning = self._rules_of_now()
        self._show()
        if self._beginning is not None:
            self._work = self._desk.tasks.start(self._prepare(self._beginning))

    def rest(self) -> None:
        """Stop working and forget, when the page is left."""
        self._later.stop()
        self._cancel()
        self._beginning = self._what_if = None
        self.state = self.state.put_away()

    # What runs underneath

    def _rules_of_now(self) -> Rules | None:
        if self._desk.state.population is None:
            return None
        try:
            return self._desk.services.rules(self._desk.profile)
        except SparkWizardError:  # rules that can't work: the first that can are the beginning
            return None

    async def _ready(self, rules: Rules) -> WhatIf:
        """Return everybody under the rules of the beginning, put together on a thread once."""
        if self._what_if is None:
            self._what_if = await run_blocking(self._compared_with, rules)
        return self._what_if

    def _compared_with(self, rules: Rules) -> WhatIf:
        services, state = self._desk.services, self._desk.state
        situation = Situation(
            population=state.population or Population(()),
            users=self._users or _NOBODY,
            links=services.known_links(state.profile),
            now=services.clock(),
        )
        return WhatIf(rules, situation, users_known=self._users is not None)

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        self._remember_users(new)
        if old.profile.webex != new.profile.webex:
            self._users = None
        if not self.isVisible():
            return
        if old.population is not new.population:
            self.begin()
        elif old.profile.digest != new.profile.digest:
            self._edited()

    def _remember_users(self, state: WizardState) -> None:
        """Keep the users of the last preview: an edit makes the preview itself invalid."""
        if state.preview is not None:
            self._users = state.preview.users

    def _edited(self) -> None:
        if self._beginning is None:
            self.begin()
            return
        self.state = self.state.edited()
        self._cancel()
        self._later.start()
        self._show()

    def _cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _begin(self) -> None:
        beginning = self._beginning
        if beginning is not None and self.isVisible() and is_running():
            self._work = self._desk.tasks.start(self._answer(beginning, self.state.ticket))

    async def _prepare(self, beginning: Rules) -> None:
        await asyncio.sleep(_AFTER_MS / 1000)  # the page is painted first
        what_if = await self._ready(beginning)
        await run_slices(what_if.prepare(), people=what_if.people)

    async def _answer(self, beginning: Rules, ticket: int) -> None:
        def progress(done: float) -> None:
            self.state = self.state.progressed(ticket, done)
            self.bar.set_share(self.state.progress)

        try:
            rules = self._desk.services.rules(self._desk.profile)
        except SparkWizardError as error:
            self.state = self.state.failed(ticket, error.message)
        else:
            what_if = await self._ready(beginning)
            difference = await run_slices(what_if.evaluate(rules), progress, people=what_if.people)
            self.state = self.state.answered(ticket, difference)
        self._show()
        if self.state.phase is Phase.READY:
            announce(self, self.text)
            self.answered.emit(self.state.difference)

    # What is shown

    @property
    def text(self) -> str:
        """Return what the strip says, as one sentence."""
        difference = self.state.difference
        told = ", ".join(part.text for part in parts(difference)) if difference else ""
        return told or self.words.full_text()

    def _show(self) -> None:
        self.setVisible(self._desk.state.population is not None)
        for line in self._lines:
            line.clear()
        self.links = []
        state = self.state
        self.bar.setVisible(state.phase is Phase.RUNNING)
        if state.phase is Phase.RUNNING:
            self.bar.restart()
        found = parts(state.difference) if state.difference else ()
        self._show_numbers(found, stale=state.stale)
        self.words.set_text(self._sentence(found))

    def _show_numbers(self, found: Sequence[Part], *, stale: bool) -> None:
        grave = any(part.effect in _GRAVE for part in found)
        icon, tone = ("warning", Tone.WARNING) if grave else ("info", Tone.ACCENT)
        self.mark.set_icon(*((icon, tone) if found and not stale else ("info", Tone.MUTED)))
        for at, part in enumerate(found):
            link = LinkButton(part.text, on_click=partial(self._list, part))
            link.setEnabled(not stale)
            link.setAccessibleDescription("Show who it is")
            self.links.append(link)
            self._lines[at // _IN_A_LINE].add(link)

    def _sentence(self, found: Sequence[Part]) -> str:
        state = self.state
        if state.phase is Phase.RUNNING:
            return "Comparing everybody again…" if found else "Comparing everybody…"
        if state.phase is Phase.FAILED:
            return f"Nobody was compared. {state.trouble}"
        if state.phase is Phase.READY and state.difference is not None:
            plan = plan_words(state.difference)
            return plan if found else f"Your edits on this page change nothing. {plan}".strip()
        return "Edit something to see at once whom it affects."

    def _explain(self, person: Person, parent: QWidget) -> None:
        ask_why(self._desk, person.source_id, person.label, parent)

    def _list(self, part: Part) -> None:
        difference: Difference | None = self.state.difference
        if difference is not None:
            people = difference.behind(part.effect)
            PeopleDialog(
                heading(part), people, lambda person: cause(difference, person), self, self._explain
            ).open()
