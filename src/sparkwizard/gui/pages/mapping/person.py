"""The panel beside the mapping: what the rules give one real person, and who else there is."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    ElidedLabel,
    EmptyState,
    HLine,
    IconButton,
    IconText,
    Label,
    QuietButton,
    SearchField,
    announce,
)
from sparkwizard.gui.widgets.lists.value_list import ValueList, ValueRow
from sparkwizard.provisioning.target.schema import same_value
from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.editor import Now, find_person, short_target
from sparkwizard.wizard.mapping.rule_text import Shown, shown_value, value_for

__all__ = ["PersonPanel"]


class PersonPanel(QWidget):
    """Show person N of M with the value of each rule; ``moved`` says that another one is shown.

    ``why_asked`` asks what happens to the person, and why.
    """

    moved = Signal()
    why_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._people: Sequence[Person] = ()
        self._at = 0
        self.search = SearchField("Find a person")
        self.search.searched.connect(self._find)
        self.search.returnPressed.connect(self._find_next)
        self.name = ElidedLabel(role="section")
        self.place = Label(tone=Tone.MUTED)
        self.previous = IconButton(
            "chevron-left", "Previous person", on_click=lambda: self._step(-1)
        )
        self.next = IconButton("chevron-right", "Next person", on_click=lambda: self._step(1))
        self.why = QuietButton("&Why? Step by step", icon_name="info", on_click=self.why_asked.emit)
        self.why.setToolTip("Import, scope, match and action for this person. Nothing is changed.")
        self.values = ValueList("Values of this person")
        self.foot = IconText("info", "", tone=Tone.MUTED, text_tone=Tone.MUTED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        column.addWidget(self.search)
        self.card = self._person_card()
        self.empty = Card()
        self.empty.body.addWidget(
            EmptyState("people", "Nobody to show", "Read the people first, on the page before.")
        )
        column.addWidget(self.card, 1)
        column.addWidget(self.empty, 1)

    def _person_card(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE.m, SPACE.s, SPACE.xs, SPACE.s)
        head.setSpacing(0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.place)
        head.addLayout(words, 1)
        head.addWidget(self.previous, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.next, 0, Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE.m, SPACE.s, SPACE.m, SPACE.s)
        foot.addWidget(self.foot)
        card.body.addLayout(head)
        card.body.addWidget(HLine())
        card.body.addWidget(self.values, 1)
        self.foot_line = HLine()
        card.body.addWidget(self.foot_line)
        card.body.addLayout(foot)
        card.body.addWidget(HLine())
        ask = QHBoxLayout()
        ask.setContentsMargins(SPACE.xs, 2, SPACE.xs, 2)
        ask.addWidget(self.why)
        ask.addStretch(1)
        card.body.addLayout(ask)
        return card

    @property
    def person(self) -> Person | None:
        """Return who is shown."""
        return self._people[self._at] if self._people else None

    def set_people(self, people: Sequence[Person]) -> None:
        """Show one of other people; the one shown stays where there still is one."""
        if people is self._people:
            return
        shown = self.person.source_id if self.person else ""
        self._people = people
        places = (at for at, person in enumerate(people) if person.source_id == shown)
        healthy = (at for at, person in enumerate(people) if person.problem is None)
        self._at = next(places, -1) if shown else -1
        if self._at < 0:
            self._at = next(healthy, 0)

    def show_values(self, rules: Sequence[MappingRule], now: datetime, today: Now | None) -> None:
        """Show what each rule gives the person; ``today`` are Webex's values where known."""
        person = self.person
        self.card.setVisible(person is not None)
        self.empty.setVisible(person is None)
        self.search.setEnabled(person is not None)
        if person is None:
            return
        self.name.set_text(person.label)
        self.place.setText(f"Person {self._at + 1:,} of {len(self._people):,}")
        self.previous.setEnabled(self._at > 0)
        self.next.setEnabled(self._at + 1 < len(self._people))
        rows = [_row(rule, value_for(rule, person, now), today) for rule in rules]
        self.values.show_rows(rows)
        self._show_foot(person, rows, today)

    def _show_foot(self, person: Person, rows: Sequence[ValueRow], today: Now | None) -> None:
        differing = sum(row.before is not None for row in rows)
        problems = sum(row.problem for row in rows)
        if person.problem:
            self.foot.set("warning", person.problem.text, Tone.WARNING)
        elif problems:
            words = "1 attribute has" if problems == 1 else f"{problems} attributes have"
            self.foot.set("warning", f"{words} no value that Webex would take.", Tone.WARNING)
        elif today is None:
            self.foot.setVisible(False)
            self.foot_line.setVisible(False)
            return
        elif differing:
            words = f"{differing} of {len(rows)} attributes differ from Webex today."
            self.foot.set("info", words, Tone.MUTED)
        else:
            self.foot.set("success", "Webex has all of this already.", Tone.SUCCESS)
        self.foot.setVisible(True)
        self.foot_line.setVisible(True)

    def _step(self, by: int) -> None:
        self._go_to(self._at + by)

    def _find(self, text: str) -> None:
        if text.strip():
            self._go_to(find_person(self._people, text, self._at))

    def _find_next(self) -> None:
        if self.search.text().strip():
            self._go_to(find_person(self._people, self.search.text(), self._at + 1))

    def _go_to(self, at: int | None) -> None:
        if at is None:
            announce(self, "Nobody found")
            self.place.setText("Nobody of that name")
            return
        if 0 <= at < len(self._people):
            self._at = at
            self.moved.emit()
            announce(self, f"{self.name.full_text()}, {self.place.text()}")


def _row(rule: MappingRule, shown: Shown, today: Now | None) -> ValueRow:
    text = shown.problem or shown.text
    before = None
    known = today is not None and rule.target in today
    if known and today is not None and shown.value is not None and rule.apply == "always":
        value = today[rule.target]
        if not same_value(rule.target, value, shown.value):
            before = shown_value(value)
    return ValueRow(short_target(rule.target), text, before, shown.note, bool(shown.problem))
