"""The panel beside the mapping of groups: whether groups go to Webex too, and what that takes."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import Card, IconText, SectionLabel, Toggle, WrapLabel

__all__ = ["GroupsPanel"]


class GroupsPanel(QWidget):
    """Offer to provision groups; ``chosen`` says the new choice."""

    chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.toggle = Toggle(
            "&Provision groups too",
            "Webex groups get the name and the direct members of your Entra groups who have a Webex"
            " user of this setup. Others in a group stay, and no group is ever deleted.",
        )
        self.source = IconText("info", "", tone=Tone.MUTED, text_tone=Tone.MUTED, wrap=True)
        card = Card()
        card.body.addWidget(SectionLabel("Groups"))
        card.body.addWidget(
            WrapLabel(
                "This setup brings people to Webex. Groups are left alone unless you say so.",
                tone=Tone.MUTED,
            )
        )
        card.body.addSpacing(SPACE.xs)
        card.body.addWidget(self.toggle)
        card.body.addSpacing(SPACE.xs)
        card.body.addWidget(self.source)
        card.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card, 1)
        self.toggle.toggled.connect(self.chosen)

    def show_choice(self, *, provision: bool, from_file: bool) -> None:
        """Show what is chosen, and what the source has to say to it."""
        blocked = self.toggle.blockSignals(True)
        self.toggle.set_on(provision)
        self.toggle.blockSignals(blocked)
        if not from_file:
            self.source.set(
                "info",
                "Assigned groups, else all security groups, are read from Microsoft Entra. The"
                " preview says how many people would join and leave them.",
                Tone.MUTED,
            )
        elif provision:
            words = "A file holds no groups: none are provisioned until you sign in to Entra."
            self.source.set("warning", words, Tone.WARNING)
        else:
            words = "A file holds no groups. They come with signing in to Microsoft Entra."
            self.source.set("info", words, Tone.MUTED)
