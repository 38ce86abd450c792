"""The parts of the Start page that know nothing of saved setups.

The window that opens first shows them before the rest of the program is read from disk, so the
widgets are imported one by one and not as the whole toolkit.
"""

from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets.buttons import LinkButton
from sparkwizard.gui.widgets.cards import Card, HLine, Section
from sparkwizard.gui.widgets.labels import IconLabel, WrapLabel
from sparkwizard.gui.widgets.tiles import ChoiceCard, ChoiceGroup

__all__ = [
    "NEEDS",
    "NEW",
    "NEW_TEXT",
    "NONE_SAVED",
    "PRACTICE",
    "SAVED",
    "SUPPORT_LINK",
    "NeedsCard",
    "Standing",
    "WaysIn",
]

NEW, SAVED, PRACTICE = "new", "saved", "practice"
NEW_TEXT = "For your own organization, in nine steps."
NONE_SAVED = "None is saved on this computer yet."
_PRACTICE_TEXT = "With a simulated company. Nothing reaches Webex."

# the tutorial names it for questions about the early field testing of the connector
SUPPORT_LINK = "https://www.webex.co.in/support/support-overview.html"


class Need(NamedTuple):
    """Name one thing to have at hand, and where to find it."""

    icon: str
    what: str
    where: str
    link: str = ""
    url: str = ""


NEEDS = (
    Need(
        "key",
        "A Webex administrator's token",
        "You get one on the next page; signing in as a full administrator is enough.",
        "Webex Control Hub",
        "https://admin.webex.com",
    ),
    Need(
        "people",
        "A sign-in to Microsoft Entra ID, or a file of its people",
        "Without a sign-in: Entra admin centre, Users, All users, Download users.",
        "Entra admin centre",
        "https://entra.microsoft.com",
    ),
    Need(
        "shield",
        "Somebody who may approve it",
        "Whoever answers for accounts in your company. Show the preview before you apply it.",
    ),
)


class WaysIn(ChoiceGroup):
    """Offer the three ways in, side by side; a saved setup once one was found."""

    def __init__(self) -> None:
        super().__init__(beside=True)
        self.new = self.add(NEW, ChoiceCard("plus", "A new setup", NEW_TEXT))
        self.saved = self.add(SAVED, ChoiceCard("folder", "A saved setup", NONE_SAVED))
        self.practice = self.add(PRACTICE, ChoiceCard("flask", "Practise first", _PRACTICE_TEXT))
        for card, letter in ((self.new, "W"), (self.saved, "S"), (self.practice, "P")):
            card.setShortcut(f"Alt+{letter}")
        self.choose(NEW)
        self.saved.setEnabled(False)


class NeedsCard(Section):
    """Say what one will be asked for, and where each thing is found."""

    def __init__(self) -> None:
        super().__init__("What you will need")
        card = Card(flush=True)
        card.setAccessibleName("What you will need")
        for at, need in enumerate(NEEDS):
            if at:
                card.body.addWidget(HLine())
            card.body.addWidget(self._row(need))
        self.body.addWidget(card)
        self.body.addStretch(1)

    @staticmethod
    def _row(need: Need) -> QWidget:
        shown = QWidget()
        row = QHBoxLayout(shown)
        row.setContentsMargins(SPACE.l, SPACE.s, SPACE.l, SPACE.s)
        row.setSpacing(SPACE.m)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrapLabel(need.what))
        words.addWidget(WrapLabel(need.where, tone=Tone.MUTED, role="note"))
        row.addWidget(IconLabel(need.icon, tone=Tone.ACCENT))
        row.addLayout(words, 1)
        if need.url:
            row.addWidget(LinkButton(need.link, need.url))
        return shown


class Standing(QWidget):
    """Say how the connector stands at Cisco, with the link for questions."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        self._words = WrapLabel(
            "Cisco calls provisioning from Microsoft Entra a preview (early field testing).",
            tone=Tone.MUTED,
        )
        row.addWidget(IconLabel("info", tone=Tone.MUTED, size=16))
        row.addWidget(self._words, 1)
        row.addWidget(LinkButton("Cisco's support team", SUPPORT_LINK))
