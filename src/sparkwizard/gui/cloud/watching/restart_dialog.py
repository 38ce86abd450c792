"""Choose how the service begins anew; each kind says what it does to whom."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.entra.provisioning_job.remedies import RESTARTS
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    CheckBox,
    IconText,
    PrimaryButton,
    RadioButton,
    SecondaryButton,
    TitleLabel,
    WrapLabel,
)
from sparkwizard.wizard.cloud.watch_words import RESTART_TITLES, needs_second_look

__all__ = ["RestartDialog"]


class RestartDialog(QDialog):
    """Explain the kinds; ``chosen`` comes with one of them. Opened, never ``exec``-ed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, kind: RestartKind) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Restart provisioning")
        self.setMinimumSize(540, 400)
        self.radios: dict[RestartKind, RadioButton] = {}
        column, card, foot = QVBoxLayout(self), Card(), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(TitleLabel("Restart provisioning"))
        for one, title in RESTART_TITLES.items():
            self.radios[one] = radio = RadioButton(title)
            radio.toggled.connect(self._show)
            column.addWidget(radio)
        self.about, self.when = WrapLabel(), WrapLabel(tone=Tone.MUTED)
        self.grave = IconText(
            "warning", "What this does can't be taken back.", tone=Tone.WARNING, wrap=True
        )
        self.sure = CheckBox("I have &looked at whom it concerns")
        self.sure.toggled.connect(self._show)
        for widget in (self.about, self.when, self.grave, self.sure):
            card.body.addWidget(widget)
        card.body.addStretch(1)
        column.addWidget(card, 1)
        self.button = PrimaryButton("&Restart", on_click=self._choose)
        foot.addStretch(1)
        foot.addWidget(self.button)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)
        self.radios[kind].setChecked(True)
        self.radios[kind].setFocus()

    def kind(self) -> RestartKind:
        """Return what is chosen."""
        return next(kind for kind, radio in self.radios.items() if radio.isChecked())

    def _show(self) -> None:
        if not any(radio.isChecked() for radio in self.radios.values()):
            return
        kind = self.kind()
        grave = needs_second_look(kind)
        self.about.setText(RESTARTS[kind].text)
        self.when.setText(RESTARTS[kind].fix)
        self.grave.setVisible(grave)
        self.sure.setVisible(grave)
        self.button.setEnabled(not grave or self.sure.isChecked())

    def _choose(self) -> None:
        self.chosen.emit(self.kind())
        self.accept()
