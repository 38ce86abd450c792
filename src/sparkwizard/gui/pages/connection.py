"""Page 4, Connection: the layers of the diagnosis appear one by one, each with its fix."""

from typing import override

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from sparkwizard import __version__
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.support import SupportedPage, administrator_link
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    CopyButton,
    IconText,
    LayerFix,
    LayerList,
    LayerRow,
    LayerState,
    Message,
    MessageKind,
    SecondaryButton,
    announce,
)
from sparkwizard.net.redact import redact
from sparkwizard.webex.types import Layer, LayerName, Standing
from sparkwizard.wizard.access.clouds import CLOUDS
from sparkwizard.wizard.access.diagnosis_words import (
    TOKEN_LAYERS,
    diagnosis_text,
    layer_label,
    standing_counts,
    standing_words,
    still_to_come,
)
from sparkwizard.wizard.flow import missing
from sparkwizard.wizard.steps import Step

__all__ = ["ConnectionPage"]

_SENTENCES = {
    "running": "Each layer rests on the one above it. Nothing is written.",
    "passed": "Everything that provisioning needs works with this token. Nothing was written.",
    "failed": "Each layer rests on the one above it. One of them needs you before the setup can"
    " go on.",
    "stopped": "The test was stopped before its end. Test again to go on.",
}


class ConnectionPage(SupportedPage):
    """Run the diagnosis on entering, and let nobody past a failed layer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(Step.CONNECTION.text.instruction, Step.CONNECTION.text.sentence)
        self._desk = desk
        self._running = False
        self._layers: tuple[Layer, ...] = ()
        self.counts = {standing: _count(standing) for standing in Standing}
        self.copy = CopyButton(self.diagnosis, what="diagnosis", text="Copy &diagnosis")
        self.again = SecondaryButton("&Test again", icon_name="refresh", on_click=self.test)
        self.layers = LayerList(name="Layers of the connection")
        head = QHBoxLayout()
        head.setSpacing(SPACE.l)
        for count in self.counts.values():
            head.addWidget(count)
        head.addStretch(1)
        head.addWidget(self.copy)
        head.addWidget(self.again)
        head.setSpacing(SPACE.m)
        self.body.addLayout(head)
        self.body.addWidget(self.layers, 1)

    # -- what the base asks ---------------------------------------------------------------------

    @override
    def initial_focus(self) -> QWidget | None:
        """Leave the focus at Next while all is well, else at what mends it."""
        return self.again if self._desk.state.connection_failed else None

    @override
    def on_enter(self) -> None:
        """Test by itself, unless this very token and address passed already."""
        state = self._desk.state
        if state.layers and not state.connection_failed:
            self._layers = state.layers
            self._show()
        else:
            self.test()

    @override
    def on_leave(self) -> None:
        """Stop the test."""
        self.tasks.cancel()

    @override
    def missing(self) -> Message | None:
        """Say which layer keeps a person here."""
        reason = missing(Step.CONNECTION, self._desk.state)
        if reason is None:
            return None
        failed = next((one for one in self._layers if one.standing is Standing.FAIL), None)
        if failed is None:
            return Message(MessageKind.WARNING, reason.text, "Test again to go on.")
        QTimer.singleShot(_SETTLED_MS, self, self._reveal_failed)
        heading = f"{layer_label(failed.name)}: {failed.summary}"
        return Message(MessageKind.DANGER, heading, "What to do is shown in its row.")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the layer that failed in sight."""
        super().resizeEvent(event)
        if not self._running:
            QTimer.singleShot(_SETTLED_MS, self, self._reveal_failed)

    # -- testing --------------------------------------------------------------------------------

    def test(self) -> None:
        """Run the whole diagnosis from its first layer."""
        if self._running:
            return
        self.clear_message()
        self._layers = ()
        self._desk.update(layers=())
        self._running = True
        self._show()
        self.start(self._test(), words="Testing the connection")

    async def _test(self) -> None:
        state, services = self._desk.state, self._desk.services
        try:
            layers = await services.diagnose(state.profile, state.token, self._one_more)
            self._layers = layers
            if self._desk.state.token == state.token:
                self._desk.update(layers=layers)
        finally:
            self._running = False
            self._show()
        self._tell()

    def _one_more(self, layer: Layer) -> None:
        self._layers = (*self._layers, layer)
        self._show()

    def _tell(self) -> None:
        counted = standing_counts(self._layers)
        words = ", ".join(standing_words(one, number) for one, number in counted.items())
        failed = self._desk.state.connection_failed
        announce(self.layers, f"Test finished: {words}.", urgent=failed)
        if failed:
            QTimer.singleShot(_SETTLED_MS, self, self._reveal_failed)

    def _reveal_failed(self) -> None:
        """Scroll to the layer that failed, fix and all, where the window is low."""
        area = self.layers.findChild(QScrollArea)
        for row in self.layers.rows():
            if row.head.row.state is LayerState.FAILED and isinstance(area, QScrollArea):
                area.ensureWidgetVisible(row, 0, 0)
                return

    def diagnosis(self) -> str:
        """Return the diagnosis as plain text without the token."""
        text = diagnosis_text(
            self._layers,
            tenant_url=self._desk.profile.webex.tenant_url,
            at=self._desk.services.clock(),
            version=__version__,
        )
        return redact(text, (self._desk.state.token,))

    # -- showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        rows = [self._row(layer) for layer in self._layers]
        to_come = still_to_come(self._layers) if self._running else ()
        rows += [
            LayerRow(layer_label(name), LayerState.RUNNING if at == 0 else LayerState.WAITING)
            for at, name in enumerate(to_come)
        ]
        self.layers.set_rows(rows)
        counted = standing_counts(self._layers)
        for standing, count in self.counts.items():
            number = counted.get(standing, 0)
            count.setVisible(bool(number))
            count.label.setText(standing_words(standing, number))
        self.again.setEnabled(not self._running)
        self.copy.setEnabled(bool(self._layers) and not self._running)
        self.set_heading(Step.CONNECTION.text.instruction, _SENTENCES[self._state()])

    def _state(self) -> str:
        if self._running:
            return "running"
        if any(layer.standing is Standing.FAIL for layer in self._layers):
            return "failed"
        return "stopped" if not self._layers or still_to_come(self._layers) else "passed"

    def _row(self, layer: Layer) -> LayerRow:
        return LayerRow(
            layer_label(layer.name),
            _STATES[layer.standing],
            layer.summary,
            layer.milliseconds,
            explanation=layer.summary if len(layer.summary) > _LONG else "",
            evidence="\n".join(layer.evidence),
            fix=layer.fix,
            fixes=self._fixes(layer) if layer.standing is Standing.FAIL else (),
            evidence_title="What was asked and answered",
        )

    def _fixes(self, layer: Layer) -> tuple[LayerFix, ...]:
        token = LayerFix("Paste a new token", run=self._to_token, icon="key")
        address = LayerFix("Change the Tenant URL", run=self._to_organization, icon="pencil")
        if layer.name is LayerName.ORGANIZATION:
            return (token, address)
        if layer.name in (LayerName.NAME, LayerName.CONNECTION):
            return (address,)
        if layer.name not in TOKEN_LAYERS:
            return ()
        state = self._desk.state
        if state.practice or not CLOUDS[state.cloud].has_admin_link:
            return (token,)
        return (token, LayerFix("Administrator link", url=administrator_link(self._desk)))

    def _to_token(self) -> None:
        self.leave_to.emit(Step.TOKEN.name)

    def _to_organization(self) -> None:
        self.leave_to.emit(Step.ORGANIZATION.name)


_LONG = 58
_SETTLED_MS = 30  # the list lays itself out once more after a row opened
_STATES = {
    Standing.PASS: LayerState.PASSED,
    Standing.WARN: LayerState.WARNING,
    Standing.FAIL: LayerState.FAILED,
    Standing.SKIPPED: LayerState.SKIPPED,
}
_MARKS = {
    Standing.PASS: ("success", Tone.SUCCESS),
    Standing.WARN: ("warning", Tone.WARNING),
    Standing.FAIL: ("fail", Tone.DANGER),
    Standing.SKIPPED: ("skip", Tone.MUTED),
}


def _count(standing: Standing) -> IconText:
    name, tone = _MARKS[standing]
    role = "strong" if standing is Standing.FAIL else ""
    count = IconText(name, "", tone=tone, role=role)
    count.hide()
    return count
