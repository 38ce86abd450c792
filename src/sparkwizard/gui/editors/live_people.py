"""Show beside a rule what it gives five real people, those first for whom it matters."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    EmptyState,
    HLine,
    IconText,
    Label,
    SearchField,
)
from sparkwizard.gui.widgets.lists.value_list import ValueList, ValueRow
from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.live_results import (
    PersonResult,
    choose_people,
    people_named,
    result_for,
)

__all__ = ["LivePeople"]

_CHOOSE_AFTER_MS = 250
_BUDGET_S = 0.03  # well below what one feels while typing


class LivePeople(QWidget):
    """Try a rule on people. ``first`` is the one whom the page shows; ``saved`` the rule before."""

    def __init__(
        self,
        people: Sequence[Person],
        first: Person | None,
        clock: Callable[[], datetime],
        nobody: str,
    ) -> None:
        super().__init__()
        self._people, self._first, self._clock = people, first, clock
        self._rule: MappingRule | None = None
        self._saved: MappingRule | None = None
        self.shown: tuple[Person, ...] = (first,) if first is not None else ()
        self.results: tuple[PersonResult, ...] = ()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_CHOOSE_AFTER_MS)
        self._later.timeout.connect(self.choose)
        self.search = SearchField("Try it on somebody")
        self.search.searched.connect(lambda _text: self.choose())
        self.values = ValueList("What people get by this rule")
        self.foot = IconText("info", "", tone=Tone.MUTED, text_tone=Tone.MUTED, wrap=True)
        self._lay_out(nobody)

    def _lay_out(self, nobody: str) -> None:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE.m, SPACE.s, SPACE.m, SPACE.s)
        self.heading = Label("What people get", role="section")
        head.addWidget(self.heading)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE.m, SPACE.s, SPACE.m, SPACE.s)
        foot.addWidget(self.foot)
        card.body.addLayout(head)
        card.body.addWidget(HLine())
        card.body.addWidget(self.values, 1)
        card.body.addWidget(HLine())
        card.body.addLayout(foot)
        empty = Card()
        empty.body.addWidget(EmptyState("people", "Nobody to try it on", nobody))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        for widget, shown in ((self.search, True), (card, True), (empty, False)):
            widget.setVisible(bool(self._people) is shown)
            column.addWidget(widget, 0 if widget is self.search else 1)

    def show_rule(
        self, rule: MappingRule | None, saved: MappingRule | None, why_not: str = ""
    ) -> None:
        """Try another rule; None, with the reason, where it can't be tried.

        ``saved`` is the rule as it is in force, whose different results are shown too.
        """
        self._rule, self._saved = rule, saved
        self._later.stop()
        if rule is None:
            self.values.setEnabled(False)
            self.foot.set("minus", why_not, Tone.MUTED)
            return
        if len(self.shown) < 2:
            self.choose()
            return
        self._show()
        self._later.start()

    def choose(self) -> None:
        """Look for the people for whom the rule of now matters, or who are searched for."""
        if self._rule is None:
            return
        text = self.search.text().strip()
        end = time.monotonic() + _BUDGET_S
        self.shown = (
            people_named(self._people, text)
            if text
            else choose_people(
                self._people,
                self._rule,
                self._saved,
                self._clock(),
                first=self._first,
                out_of_time=lambda: time.monotonic() > end,
            )
        )
        self._show()

    def _show(self) -> None:
        rule = self._rule
        if rule is None:
            return
        now = self._clock()
        self.results = tuple(result_for(rule, self._saved, one, now) for one in self.shown)
        self.values.setEnabled(True)
        self.values.show_rows([_row(found) for found in self.results])
        self._show_foot()

    def _show_foot(self) -> None:
        problems = sum(bool(found.shown.problem) for found in self.results)
        differing = sum(found.before is not None for found in self.results)
        if not self.results:
            self.foot.set("search", "Nobody of that name.", Tone.MUTED)
        elif problems:
            who = "1 of these people has" if problems == 1 else f"{problems} of these people have"
            self.foot.set("warning", f"{who} no value that Webex would take.", Tone.WARNING)
        elif differing:
            words = f"{differing} of {len(self.results)} differ from the rule as it was."
            self.foot.set("info", words, Tone.MUTED)
        else:
            text = "They get the same as before." if self._saved else "Some of your people."
            self.foot.set("info", text, Tone.MUTED)


def _row(found: PersonResult) -> ValueRow:
    shown, before = found.shown, found.before
    note = shown.note or "no value"
    # why there is no value needs the whole room
    was = (
        None
        if before is None or shown.problem
        else before.problem or before.text or before.note or "no value"
    )
    return ValueRow(found.person.label, shown.problem or shown.text, was, note, bool(shown.problem))
