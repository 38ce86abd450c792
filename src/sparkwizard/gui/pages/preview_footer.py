"""The line under the preview: which licences new users may need, and how long the run takes."""

from PySide6.QtWidgets import QHBoxLayout

from sparkwizard.gui.theme import SPACE, Tone, tooltip_text
from sparkwizard.gui.widgets import IconText
from sparkwizard.runs.types import Preview
from sparkwizard.wizard.changes import people
from sparkwizard.wizard.estimate import estimate_words
from sparkwizard.wizard.licences import licence_need

__all__ = ["PreviewFooter"]


class PreviewFooter(QHBoxLayout):
    """Tell what a plan takes before it is applied."""

    def __init__(self) -> None:
        super().__init__()
        self.estimate = IconText("clock", "", tone=Tone.MUTED)
        self.licences = IconText("key", "", tone=Tone.MUTED)
        self.setSpacing(SPACE.l)
        self.addWidget(self.licences)
        self.addWidget(self.estimate)
        self.addStretch(1)

    def show_preview(self, preview: Preview) -> None:
        """Tell it for this plan; one that writes nothing says what was compared."""
        plan = preview.plan
        self.estimate.label.setText(
            estimate_words(preview.estimate)
            if plan.writes and preview.estimate
            else f"{people(plan.people_read)} and {plan.users_read:,} Webex users compared"
        )
        self._show_licences(preview)

    def _show_licences(self, preview: Preview) -> None:
        need = licence_need(preview.plan, preview.licences)
        words = need.words if need else ""
        enough = need is None or need.enough
        self.licences.set("key", words, Tone.MUTED if enough else Tone.WARNING)
        self.licences.setToolTip(tooltip_text(need.details) if need and words else "")
        self.licences.label.setAccessibleDescription(need.details if need and words else "")
        self.licences.setVisible(bool(words))
