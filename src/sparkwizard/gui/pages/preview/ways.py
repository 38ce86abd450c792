"""The ways to carry a plan out: all at once, with one person, ring by ring, or by Entra."""

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import ExtraButton, PageButtons, WizardPage
from sparkwizard.gui.pages.preview.fork import PreviewFork
from sparkwizard.gui.pages.preview.rings_dialog import RingsDialog
from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.applying.rings import rings_of
from sparkwizard.wizard.plan.estimate import pilot_of

__all__ = ["PreviewWays"]


class PreviewWays:
    """Offer what fits a plan as buttons of its page, and go that way."""

    def __init__(self, page: WizardPage, desk: Desk, fork: PreviewFork) -> None:
        self._page, self._desk, self._fork = page, desk, fork

    def offer(self, plan: Plan, writes: int) -> None:
        """Put buttons below the page for a plan that writes so much, groups included."""
        entra = () if plan.is_undo else self._fork.hand_over()
        if not writes:
            label = "" if plan.stops else "&Save setup"
            label = "&Let go" if plan.lets_go else label
            self._page.set_buttons(PageButtons(next=label, extras=entra))
            return
        words = "1 change" if writes == 1 else f"{writes:,} changes"
        of_people = len(plan.to_write)
        pilot = of_people > 1 and bool(pilot_of(plan))
        extras = [ExtraButton("Start with &1 person", self._start_with_one)] if pilot else []
        if len(rings_of(of_people)) > 2:
            extras.append(ExtraButton("Apply in &rings…", self._ask_for_rings))
        label = self._fork.apply_words(words)
        self._page.set_buttons(PageButtons(next=label, extras=(*extras, *entra)))

    def _start_with_one(self) -> None:
        preview = self._desk.state.preview
        if preview is not None and self._page.isComplete():
            self._desk.update(pilot=(pilot_of(preview.plan),))
            self._page.go_on()

    def _ask_for_rings(self) -> None:
        preview = self._desk.state.preview
        if preview is None or not self._page.isComplete():
            return
        sizes = rings_of(len(preview.plan.to_write))
        groups = bool(preview.plan.groups_to_write)
        percent = self._desk.state.ring_percent
        dialog = RingsDialog(self._page, sizes, percent, groups=groups)
        dialog.chosen.connect(self._in_rings)
        dialog.open()

    def _in_rings(self, percent: int) -> None:
        if self._desk.state.preview is not None and self._page.isComplete():
            self._desk.update(rings=True, ring_percent=percent)
            self._page.go_on()
