"""The second half of the People page: who was read, counted and listed, and what was odd."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.models.filling import GradualFill
from sparkwizard.gui.models.person_columns import person_columns
from sparkwizard.gui.plan.why_button import WhyButton
from sparkwizard.gui.widgets import (
    Card,
    DataTable,
    ElidedLabel,
    EmptyState,
    IconLabel,
    LinkButton,
    RowsModel,
    SearchField,
    SecondaryButton,
    StatTile,
    TableCard,
    TileRow,
    clear_layout,
)
from sparkwizard.provisioning.types import Person, Population, Reason
from sparkwizard.wizard.people.summary import (
    PeopleSummary,
    is_disabled,
    is_guest,
)

__all__ = ["FindingsList", "PeoplePanel"]

_KEPT: dict[str, Callable[[Person], bool]] = {
    "disabled": is_disabled,
    "guests": is_guest,
    "problems": lambda person: person.problem is not None,
}
# tile key -> (word, icon, tone)
_TILES = {
    "people": ("People", "people", Tone.ACCENT),
    "disabled": ("Sign-in off", "person-minus", Tone.MUTED),
    "guests": ("Guests", "person", Tone.MUTED),
    "problems": ("With a problem", "warning", Tone.WARNING),
}
_HARMLESS = frozenset(("guests", "computed-column"))


class FindingsList(QWidget):
    """Show what was odd about a source: two lines, the others on demand."""

    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.xs)

    def show_findings(self, findings: Sequence[Reason]) -> None:
        """Show the first findings; harmless ones come last."""
        clear_layout(self._column)
        self.setVisible(bool(findings))
        ordered = sorted(findings, key=lambda finding: finding.code in _HARMLESS)
        for finding in ordered[:2]:
            self._column.addWidget(_finding_row(finding))
        if len(ordered) > 2:
            words = f"Show all {len(ordered)} findings"
            self._column.addWidget(LinkButton(words, on_click=self.all_wanted.emit))


def _finding_row(finding: Reason) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SPACE.s)
    harmless = finding.code in _HARMLESS
    name, tone = ("info", Tone.MUTED) if harmless else ("warning", Tone.WARNING)
    line.addWidget(IconLabel(name, tone=tone, size=16))
    line.addWidget(ElidedLabel(finding.text), 1)
    return row


class PeoplePanel(QWidget):
    """Show the people of a population: source, counts that filter, search, table, findings."""

    another = Signal()
    again = Signal()
    why_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        self.source_name = ElidedLabel(role="strong")
        self.place = ElidedLabel(tone=Tone.MUTED)
        self.tiles = TileRow()
        for key, (word, icon_name, tone) in _TILES.items():
            tile = StatTile("0", word, icon_name, tone=tone, checkable=key != "people")
            self.tiles.add(key, tile)
        self.tiles.chosen.connect(self._keep)
        self.search = SearchField("Find a person")
        self.model: RowsModel[Person] = RowsModel(person_columns())
        self._fill: GradualFill[Person] = GradualFill(self.model)
        self.table: DataTable[Person] = DataTable(self.model, name="People who were read")
        self.search.searched.connect(self.model.search)
        self.findings = FindingsList()
        empty = EmptyState("search", "Nobody found", "No person who was read fits the search.")
        column.addWidget(self._file_row())
        column.addWidget(self.tiles)
        self.why = WhyButton(self.table, self.why_wanted.emit)
        find = QHBoxLayout()
        find.setSpacing(SPACE.s)
        find.addWidget(self.search, 1)
        find.addWidget(self.why)
        column.addLayout(find)
        column.addWidget(TableCard(self.table, empty=empty), 1)
        column.addWidget(self.findings)

    def add_below(self, widget: QWidget) -> None:
        """Put something under the findings of the source."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(widget)

    def show_population(
        self, population: Population, summary: PeopleSummary, *, name: str, place: str
    ) -> None:
        """Show who was read from where: a file and its folder, or Entra and an organization."""
        self.source_name.set_text(name)
        self.place.set_text(place)
        self._show_counts(summary)
        self.tiles.choose(None)
        self.model.keep(None)
        self._fill.fill(population.people)
        self.findings.show_findings(population.findings)

    def _show_counts(self, summary: PeopleSummary) -> None:
        for key in _TILES:
            number: int = getattr(summary, key)
            self.tiles.tile(key).set_number(f"{number:,}")
            self.tiles.tile(key).setEnabled(key == "people" or number > 0)
        self.search.setPlaceholderText(f"Find one of {summary.people:,} people")

    def _keep(self, key: str | None) -> None:
        self.model.keep(_KEPT[key] if key else None)

    def _file_row(self) -> Card:
        card = Card()
        card.body.setContentsMargins(SPACE.l, SPACE.s, SPACE.s, SPACE.s)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.source_name)
        words.addWidget(self.place)
        self.again_button = SecondaryButton(
            "&Read again", icon_name="refresh", on_click=self.again.emit
        )
        self.another_button = SecondaryButton("&Another source…", on_click=self.another.emit)
        row.addWidget(IconLabel("document", tone=Tone.ACCENT), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.again_button)
        row.addWidget(self.another_button)
        card.body.addLayout(row)
        return card
