"""Page 7: who is in scope, by filters that read as sentences, with numbers that follow."""

import asyncio
from typing import Literal, override

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.explain_dialog import ask_why
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.pages.scope.assignment import AssignedRow, Assignment, groups_missing
from sparkwizard.gui.pages.scope.filter_card import FilterCard, OrLine
from sparkwizard.gui.pages.scope.filter_editor import FilterEditor
from sparkwizard.gui.pages.scope.numbers import NumbersPanel
from sparkwizard.gui.plan.people_dialog import PeopleDialog
from sparkwizard.gui.plan.what_if_strip import WhatIfStrip
from sparkwizard.gui.widgets import (
    FoldingPanel,
    IconText,
    Label,
    Message,
    MessageKind,
    RadioButton,
    SecondaryButton,
    WrapLabel,
    announce,
    clear_layout,
)
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.provisioning.scoping.scope import Scope, check_scope, compile_scope
from sparkwizard.provisioning.types import Filter, Person
from sparkwizard.values import replace
from sparkwizard.wizard.people.scope_counts import OutGroup, ScopeCounter, ScopeCounts
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["ScopePage"]

_COUNT_AFTER_MS = 120
_NO_ASSIGNMENTS = (
    "Who is assigned is known to Microsoft Entra only, not to a file. Sign in on the page People to"
    " choose them."
)


class ScopePage(WizardPage):
    """Choose who is in scope; every change is counted at once, away from the window's thread."""

    def __init__(self, desk: Desk) -> None:
        text = Step.SCOPE.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._counter = ScopeCounter(())
        self._managed: frozenset[str] | None = None  # not known yet
        self._cards: list[FilterCard] = []
        self.counts: ScopeCounts | None = None
        self._counting: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_AFTER_MS)
        self._timer.timeout.connect(self._begin_count)
        self.everyone = RadioButton("E&veryone who was read")
        self.assigned = RadioButton("Only assi&gned people")
        self.assigned_row = AssignedRow()
        self.no_assignments = IconText(
            "info", _NO_ASSIGNMENTS, tone=Tone.MUTED, text_tone=Tone.MUTED, wrap=True
        )
        self.assignment = Assignment(self, desk, self.assigned_row)
        self.heading = Label("Who match at least one filter", role="section")
        self.filters = ScrollColumn(spacing=SPACE.s)
        self.add = SecondaryButton("&Add a filter", icon_name="plus", on_click=self.add_filter)
        self.numbers = NumbersPanel()
        self.panel = FoldingPanel(
            self._left(),
            self.numbers,
            side_width=236,
            show_words="Show the numbers",
            back_words="Back to the filters",
        )
        self.what_if = WhatIfStrip(desk)
        self.body.addWidget(self.panel, 1)
        self.body.addWidget(self.what_if)
        self._connect()

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.s)
        choices = QHBoxLayout()
        choices.setSpacing(SPACE.xl)
        choices.addWidget(self.everyone)
        choices.addWidget(self.assigned)
        choices.addStretch(1)
        column.addWidget(Label("People", role="section"))
        column.addLayout(choices)
        column.addWidget(self.no_assignments)
        column.addWidget(self.assigned_row)
        column.addSpacing(SPACE.xs)
        column.addWidget(self.heading)
        column.addWidget(self.filters, 1)
        return left

    def _connect(self) -> None:
        self.everyone.clicked.connect(lambda _on=False: self._choose_people("all"))
        self.assigned.clicked.connect(lambda _on=False: self._choose_people("assigned"))
        self.numbers.group_chosen.connect(self._list_people)
        self._desk.changed.connect(self._state_changed)

    # What the window calls

    @override
    def initial_focus(self) -> QWidget | None:
        """Start where a filter is added."""
        return self.add

    @override
    def on_enter(self) -> None:
        """Show filters and numbers of now."""
        self._managed = None
        self._show_filters()
        self._recount()
        self.what_if.begin()

    @override
    def on_leave(self) -> None:
        """Stop counting and comparing."""
        self.what_if.rest()
        self._timer.stop()
        self.tasks.cancel()

    @override
    def missing(self) -> Message | None:
        """Name the first filter that can't work, or an assignment nobody can know."""
        scope = self._desk.profile.scope
        if scope.people == "assigned" and self._desk.profile.source.kind == "csv":
            return Message(
                MessageKind.WARNING,
                "A file does not say who is assigned.",
                "Choose everyone who was read, and narrow it down with filters.",
            )
        if groups_missing(self._desk.profile):
            return Message(
                MessageKind.WARNING,
                "No group is chosen, so nobody is assigned.",
                "Choose at least one group, or everyone who was read.",
            )
        fault = next((f for f in check_scope(scope.filters) if f.is_error), None)
        if fault is None:
            return None
        name = scope.filters[fault.filter].name or f"Filter {fault.filter + 1}"
        return Message(MessageKind.DANGER, f"{name}: {fault.reason.text}", fault.fix)

    # What a person does

    def add_filter(self) -> None:
        """Open the editor for a new filter."""
        self._open_editor(None)

    def edit_filter(self, at: int) -> None:
        """Open the editor for a filter."""
        self._open_editor(at)

    def delete_filter(self, at: int) -> None:
        """Take a filter away; without any, everybody is in scope."""
        filters = self._desk.profile.scope.filters
        self._keep((*filters[:at], *filters[at + 1 :]))
        announce(self, f"The filter {filters[at].name} was deleted.")
        self.add.setFocus()

    def _open_editor(self, at: int | None) -> None:
        population = self._desk.state.population
        filters = self._desk.profile.scope.filters
        editor = FilterEditor(
            None if at is None else filters[at],
            self._counter,
            population.columns if population else (),
            self,
        )
        editor.saved.connect(lambda one: self._put(at, one))
        editor.open()

    def _put(self, at: int | None, one: Filter) -> None:
        filters = self._desk.profile.scope.filters
        if at is None:
            self._keep((*filters, one))
        else:
            self._keep((*filters[:at], one, *filters[at + 1 :]))

    def _keep(self, filters: tuple[Filter, ...]) -> None:
        self.clear_message()
        self._desk.change_profile(
            lambda profile: replace(profile, scope=replace(profile.scope, filters=filters))
        )

    def _choose_people(self, people: Literal["all", "assigned"]) -> None:
        self.clear_message()
        self.assignment.choose(people)

    def _list_people(self, group: OutGroup) -> None:
        number = len(group.people)
        words = f"{number:,} {'person' if number == 1 else 'people'} out of scope: {group.text}"
        scope = compile_scope(self._desk.profile.scope.filters)
        PeopleDialog(
            words, group.people, lambda person: _why(scope, person), self, self._explain
        ).open()

    def _explain(self, person: Person, parent: QWidget) -> None:
        ask_why(self._desk, person.source_id, person.label, parent)

    # What is shown

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        changed = old.profile.scope != new.profile.scope or old.population is not new.population
        if changed and self.isVisible():  # else on_enter does it
            self._show_filters()
            self._recount()

    def _show_filters(self) -> None:
        scope = self._desk.profile.scope
        self.everyone.setChecked(scope.people == "all")
        self.assigned.setChecked(scope.people == "assigned")
        self.assigned.setEnabled(self.assignment.possible)
        words = "" if self.assignment.possible else _NO_ASSIGNMENTS
        self.assigned.setAccessibleDescription(words)
        self.no_assignments.setVisible(bool(words))
        self.assignment.show()
        self.heading.setText(
            "Who match at least one filter" if scope.filters else "No filter: everybody is in scope"
        )
        column = self.filters.column
        column.removeWidget(self.add)
        clear_layout(column)
        self._cards = []
        for at, one in enumerate(scope.filters):
            if at:
                column.addWidget(OrLine())
            column.addWidget(self._card(one, at))
        if not scope.filters:
            words = "Add a filter to leave people out, for example by department or country."
            column.addWidget(WrapLabel(words, tone=Tone.MUTED))
        column.addWidget(self.add)
        column.addStretch(1)

    def _card(self, one: Filter, at: int) -> FilterCard:
        card = FilterCard(one, at)
        card.edit_wanted.connect(lambda: self.edit_filter(at))
        card.delete_wanted.connect(lambda: self.delete_filter(at))
        self._cards.append(card)
        return card

    def _recount(self) -> None:
        population = self._desk.state.population
        people = population.people if population else ()
        if people is not self._counter.people:
            self._counter = ScopeCounter(people)
        if population is None:
            self.counts = None
            self._timer.stop()
            self.numbers.show_nothing("Read the people first, on the page People.")
        else:
            self._timer.start()

    def _begin_count(self) -> None:
        if not self.isComplete():
            return  # people are being read, and counted after that
        if self._counting is not None:
            self._counting.cancel()
        self.busy.start("Counting", cancellable=False)
        self._counting = self.tasks.start(self._count())

    async def _count(self) -> None:
        filters = self._desk.profile.scope.filters
        if self._managed is None:
            self._managed = await run_blocking(self._managed_people)
        try:
            counts = await run_blocking(self._counter.count, filters, self._managed)
        except SparkWizardError as error:
            self.numbers.show_nothing(error.message)
            raise
        finally:
            self.busy.stop()
        self.counts = counts
        self.numbers.show_counts(counts)
        for card, number in zip(self._cards, counts.per_filter, strict=False):
            card.show_count(number)

    def _managed_people(self) -> frozenset[str]:
        profile = self._desk.profile
        try:
            links = self._desk.services.journal.links(profile.id, profile.webex.organization_id)
        except SparkWizardError:  # no journal, no removals: the preview says so
            return frozenset()
        return frozenset(key for key, link in links.items() if link.disabled_at is None)


def _why(scope: Scope, person: Person) -> str:
    """Return why somebody is outside, without the words that are the same for all."""
    return scope.decide(person).reason.text.removeprefix("No filter lets this person in. ")
