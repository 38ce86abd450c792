"""Choose the application in Entra: from the gallery, one that is there, or one of one's own."""

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from sparkwizard.entra.provisioning_job.types import Application, Choice
from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    Message,
    MessageKind,
    SearchField,
    SectionLabel,
    Select,
    WrapLabel,
)
from sparkwizard.setup.profile import CloudSettings
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.set_up_words import APPLICATION_WORDS

__all__ = ["LABEL_WIDTH", "ApplicationChoice"]

LABEL_WIDTH = 120


class ApplicationChoice(Card):
    """Hold which application is set up; ``changed`` comes when another one is chosen."""

    changed = Signal()

    def __init__(self, cloud: CloudDesk, tasks: TaskScope) -> None:
        super().__init__()
        self._cloud, self._tasks = cloud, tasks
        self.kind = Select("Application")
        for key, (words, _about) in APPLICATION_WORDS.items():
            self.kind.addItem(words, key)
        self.about = WrapLabel(tone=Tone.MUTED)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the new application")
        self.name.setPlaceholderText("Name of the new application")
        self.search = SearchField("How its name starts", name="Search the applications")
        self.found = Select("Applications found")
        head, below = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(SPACE.m)
        below.setSpacing(SPACE.s)
        label = SectionLabel("&Application", buddy=self.kind)
        label.setMinimumWidth(LABEL_WIDTH)
        head.addWidget(label)
        head.addWidget(self.kind, 1)
        below.addWidget(self.name, 1)
        below.addWidget(self.search, 1)
        below.addWidget(self.found, 2)
        self.body.addLayout(head)
        self.body.addWidget(self.about)
        self.body.addLayout(below)
        self.kind.currentIndexChanged.connect(self._chosen)
        self.found.currentIndexChanged.connect(self.changed)
        self.name.textChanged.connect(self.changed)
        self.search.searched.connect(self._look)

    def show_profile(self) -> None:
        """Show what the setup says."""
        cloud = self._cloud.desk.profile.cloud
        for field in (self.kind, self.name):
            field.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(cloud.application))
        self.name.setText(cloud.name)
        for field in (self.kind, self.name):
            field.blockSignals(False)
        self._show()
        if cloud.application == "existing":
            self._look(self.search.text())

    def missing(self) -> Message | None:
        """Say what has to be chosen first."""
        if self._kind() == "existing" and not self.found.currentData():
            return Message(
                MessageKind.WARNING,
                "No application is chosen.",
                "Search by how its name starts, and choose it.",
            )
        if self._kind() == "non-gallery" and not self.name.text().strip():
            return Message(MessageKind.WARNING, "The new application has no name.", "Give it one.")
        return None

    def settings(self) -> CloudSettings:
        """Return the setup's section with what is chosen; ids of another application are left."""
        before, kind = self._cloud.desk.profile.cloud, self._kind()
        chosen = str(self.found.currentData() or "") if kind == "existing" else ""
        name = self.name.text().strip() if kind == "non-gallery" else before.name
        same = before.application == kind and (
            kind != "existing" or chosen == before.application_id
        )
        if same and (kind != "non-gallery" or name == before.name):
            return before
        return replace(before, application=kind, application_id=chosen, job_id="", name=name)

    def _kind(self) -> Choice:
        return cast("Choice", self.kind.currentData())

    def _chosen(self) -> None:
        self._show()
        if self._kind() == "existing":
            self._look(self.search.text())
        self.changed.emit()

    def _show(self) -> None:
        kind = self._kind()
        self.about.setText(APPLICATION_WORDS[kind][1])
        self.name.setVisible(kind == "non-gallery")
        self.search.setVisible(kind == "existing")
        self.found.setVisible(kind == "existing")

    def _look(self, start: str) -> None:
        self._tasks.start(self._found(start.strip()))

    async def _found(self, start: str) -> None:
        cloud = self._cloud
        self._fill(await cloud.services.applications_to_choose(cloud.profile, start))

    def _fill(self, applications: tuple[Application, ...]) -> None:
        before = self.found.currentData() or self._cloud.desk.profile.cloud.application_id
        self.found.blockSignals(True)
        self.found.clear()
        for one in applications:
            self.found.addItem(one.name, one.id)
        at = self.found.findData(before)
        self.found.setCurrentIndex(at if at >= 0 else 0 if applications else -1)
        self.found.blockSignals(False)
        self.changed.emit()
