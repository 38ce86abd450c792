"""The hand-off: Entra's schema beside the setup, and what it did beside what was foretold."""

from PySide6.QtWidgets import QHBoxLayout

from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.cloud.watching.part import WatchPart
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.plan.findings_dialog import FindingsDialog
from sparkwizard.gui.widgets import (
    Column,
    DataTable,
    EmptyState,
    RowsModel,
    SecondaryButton,
    StatTile,
    TableCard,
    TileRow,
    WrapLabel,
    announce,
)
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs.cloud.types import HandOff, HandOffKind, HandOffPerson
from sparkwizard.wizard.cloud.watch_words import HAND_OFF_MARKS, HAND_OFF_WORDS, hand_off_lines

__all__ = ["HandOffPart"]

_ABOUT = "Compare: what was foretold for each person, and what Entra's first cycle did."


class HandOffPart(WatchPart):
    """Compare, person by person; the numbers filter the list."""

    def __init__(self, page: CloudFace) -> None:
        super().__init__(page)
        self.found: HandOff | None = None
        self.words = WrapLabel(_ABOUT, tone=Tone.MUTED)
        self.tiles = TileRow()
        for kind, words in HAND_OFF_WORDS.items():
            icon = HAND_OFF_MARKS[kind][0]
            self.tiles.add(kind, StatTile("–", words, icon, checkable=True))  # noqa: RUF001
        self.tiles.chosen.connect(self._filter)
        self.model = RowsModel[HandOffPerson](
            (
                Column("Person or group", lambda p: p.label, icon=_mark, strong=True, width=190),
                Column("What Entra did", lambda p: p.text, stretch=True),
            )
        )
        self.table = DataTable(self.model, name="Predicted against actual", multiple=True)
        self.empty = EmptyState("equals", "Nothing compared yet", _ABOUT)
        self.check = SecondaryButton("&Compare", icon_name="equals", on_click=self.compare)
        self.anew = SecondaryButton(
            "&Foretell anew", icon_name="refresh", on_click=lambda: self.compare(anew=True)
        )
        self.anew.setToolTip(
            "Foretell the next cycle from how both sides are now, and compare with that"
        )
        self.differences = SecondaryButton("Show &differences", on_click=self._show_differences)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        for button in (self.check, self.anew, self.differences):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addWidget(self.words)
        self.column.addWidget(self.tiles)
        self.column.addWidget(TableCard(self.table, empty=self.empty), 1)
        self.column.addLayout(row)
        self.differences.hide()

    def compare(self, *, anew: bool = False) -> None:
        """Compare, or make a new preview for the next cycle."""
        self.page.clear_message()
        words = "Previewing anew" if anew else "Comparing"
        self.page.start(self._compare(anew=anew), words=words)

    async def _compare(self, *, anew: bool) -> None:
        cloud = self.cloud
        token = cloud.desk.state.token
        self._show(
            await cloud.services.check_hand_off(
                cloud.profile, cloud.desk.base_dir, token, anew=anew
            )
        )

    def _show(self, found: HandOff) -> None:
        self.found = found
        lines = " ".join(hand_off_lines(found))
        self.words.setText(lines)
        compared = found.comparison
        told = (*compared.people, *compared.groups) if compared else ()
        for kind in HandOffKind:
            number = sum(one.kind is kind for one in told) if compared else None
            tone = HAND_OFF_MARKS[kind][1] if number else Tone.MUTED
            shown = "–" if number is None else f"{number:,}"  # noqa: RUF001  a dash
            self.tiles.tile(kind).set_number(shown, tone=tone)
        self.tiles.choose(None)
        self.model.keep(None)
        self.model.set_rows(told)
        self.differences.setVisible(bool(found.differences))
        self.empty.set_words("Nobody to compare yet" if found.waiting else "Nobody here", "")
        announce(self, lines)

    def _filter(self, kind: HandOffKind | None) -> None:
        self.model.keep(None if kind is None else lambda person: person.kind is kind)
        self.table.select_first()

    def _show_differences(self) -> None:
        if self.found is not None:
            reasons = tuple(Reason(one.key, one.sentence) for one in self.found.differences)
            FindingsDialog(self, reasons, "Where Entra differs from this setup").open()


def _mark(person: HandOffPerson) -> tuple[str, str]:
    return HAND_OFF_MARKS[person.kind]
