"""Provision one person at once, and see each step of how that came out."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from sparkwizard.entra.provisioning_job.job_types import OnDemandResult, OnDemandStep
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.cloud.watching.part import WatchPart
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    IconText,
    LayerList,
    LayerRow,
    LayerState,
    MessageKind,
    PrimaryButton,
    SectionLabel,
    WrapLabel,
    announce,
)
from sparkwizard.wizard.cloud.watch_words import STATUS_MARKS, step_summary
from sparkwizard.wizard.cloud.words import (
    ON_DEMAND_NAMES,
    ON_DEMAND_STEPS,
    on_demand_words,
)
from sparkwizard.wizard.moments import count_words

__all__ = ["PersonPart"]

_ABOUT = (
    "Entra provisions this one person now, as its next cycle would: they are created, changed or"
    " turned off in Webex."
)
_STATES = {
    "success": LayerState.PASSED,
    "warning": LayerState.WARNING,
    "failure": LayerState.FAILED,
    "skipped": LayerState.SKIPPED,
}


class PersonPart(WatchPart):
    """Ask for a person, and show the steps."""

    def __init__(self, page: CloudFace) -> None:
        super().__init__(page)
        self.who = QLineEdit()
        self.who.setAccessibleName("User principal name or object ID")
        self.who.setPlaceholderText("User principal name or object ID")
        self.who.returnPressed.connect(self._ask)
        self.button = PrimaryButton("Pro&vision now", on_click=self._ask)
        self.outcome = IconText("info", "", tone=Tone.MUTED, role="strong", wrap=True)
        self.outcome.hide()
        self.steps = LayerList(name="Steps")
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        label = SectionLabel("Perso&n", buddy=self.who)
        label.setMinimumWidth(72)
        row.addWidget(label)
        row.addWidget(self.who, 1)
        row.addWidget(self.button)
        self.column.addWidget(WrapLabel(_ABOUT, tone=Tone.MUTED))
        self.column.addLayout(row)
        self.column.addWidget(self.outcome)
        self.column.addWidget(self.steps, 1)

    def on_show(self) -> None:
        """Begin where one types."""
        self.who.setFocus()

    def _ask(self) -> None:
        self.page.clear_message()
        person = self.who.text().strip()
        if not person:
            self.page.show_message(
                MessageKind.WARNING, "Nobody is named.", "Enter a user principal name."
            )
            return
        self.outcome.hide()
        self.steps.set_rows(())
        self.page.start(self._provision(person), words="Entra provisions one person")

    async def _provision(self, person: str) -> None:
        services = self.cloud.services
        self._show(await services.provision_on_demand(self.cloud.profile, person))

    def _show(self, result: OnDemandResult) -> None:
        icon, tone = STATUS_MARKS.get(result.status, ("info", Tone.MUTED))
        words = on_demand_words(result)
        self.outcome.set(icon, words, tone)
        self.outcome.show()
        rows = [_row(number, step) for number, step in enumerate(result.steps, start=1)]
        if rows and result.changes:
            rows.append(_changes(result))
        self.steps.set_rows(rows)
        announce(self, words)


def _row(number: int, step: OnDemandStep) -> LayerRow:
    title = ON_DEMAND_STEPS.get(step.kind, step.name)
    return LayerRow(
        f"{number}. {ON_DEMAND_NAMES.get(step.kind, step.name)}",
        _STATES.get(step.status, LayerState.WARNING),
        step_summary(step),
        explanation=f"{title}. {step.text}",
        evidence="\n".join(f"{name}: {value}" for name, value in step.details),
        evidence_title="What was found",
    )


def _changes(result: OnDemandResult) -> LayerRow:
    lines = (
        f"{name}: {old or 'nothing'} → {new or 'nothing'}" for name, old, new in result.changes
    )
    number = count_words(len(result.changes), "attribute")
    done = result.status in ("success", "warning")
    return LayerRow(
        "Changes",
        LayerState.PASSED if done else LayerState.SKIPPED,
        f"{number} written" if done else f"{number} not written",
        evidence="\n".join(lines),
        evidence_title="Attribute by attribute",
    )
