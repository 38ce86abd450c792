"""The line under the preview: which licences new users may need, and how long the run takes."""

import asyncio

from PySide6.QtWidgets import QHBoxLayout

from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.look.theme import SPACE, Tone, tooltip_text
from sparkwizard.gui.pages.preview.strangers_dialog import StrangersDialog
from sparkwizard.gui.plan.findings_dialog import FindingsDialog
from sparkwizard.gui.widgets import IconText, LinkButton
from sparkwizard.provisioning.strangers import only_in_webex
from sparkwizard.provisioning.types import Reason, User
from sparkwizard.runs.types import Preview
from sparkwizard.wizard.plan.changes import people
from sparkwizard.wizard.plan.estimate import estimate_words
from sparkwizard.wizard.plan.licences import licence_need
from sparkwizard.wizard.plan.preview_notes import remarks

__all__ = ["PreviewFooter"]

_PAINTED = 0.25
"""Seconds after which the page stands: beside a busy thread its first painting takes twice."""


class PreviewFooter(QHBoxLayout):
    """Tell what a plan takes before it is applied."""

    def __init__(self) -> None:
        super().__init__()
        self.estimate = IconText("clock", "", tone=Tone.MUTED)
        self.licences = IconText("key", "", tone=Tone.MUTED)
        self.only_there = LinkButton("", on_click=self._show_strangers)
        self.only_there.hide()
        self._strangers: tuple[User, ...] = ()
        self.remarks = LinkButton("", on_click=self._show_remarks)
        self.remarks.setToolTip("What was odd while reading, and needs nothing to be done")
        self.remarks.hide()
        self._findings: tuple[Reason, ...] = ()
        self.setSpacing(SPACE.l)
        self.addWidget(self.licences)
        self.addWidget(self.estimate)
        self.addStretch(1)
        self.addWidget(self.remarks)
        self.addWidget(self.only_there)

    def show_preview(self, preview: Preview, tasks: TaskScope) -> None:
        """Tell it for this plan; one that writes nothing says what was compared."""
        plan = preview.plan
        self.only_there.hide()
        self._findings, words = plan.findings, remarks(plan)
        self.remarks.setText(words)
        self.remarks.setVisible(bool(words))
        if not plan.is_undo:
            tasks.start(self._look_for_strangers(preview), aside=True)
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

    async def _look_for_strangers(self, preview: Preview) -> None:
        """Tell who is in Webex and not in the source: a thread looks through both."""
        await asyncio.sleep(_PAINTED)
        found = await run_blocking(_strangers_of, preview)
        self._strangers = found
        self.only_there.setText(f"{len(found):,} only in Webex")
        self.only_there.setToolTip(tooltip_text("Users whom the source does not have: left alone"))
        self.only_there.setVisible(bool(found))

    def _show_remarks(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        FindingsDialog(parent, self._findings).open()

    def _show_strangers(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        StrangersDialog(parent, self._strangers).open()


def _strangers_of(preview: Preview) -> tuple[User, ...]:
    return tuple(only_in_webex(preview.plan, preview.users))
