"""Make a support bundle: every text is shown before anything leaves this dialog."""

import os
from pathlib import Path

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.help.about import window_versions
from sparkwizard.gui.help.frame import HelpDialog
from sparkwizard.gui.help.unexpected import TextView
from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.widgets import (
    CheckBox,
    CopyButton,
    Message,
    MessageKind,
    MessageStrip,
    PrimaryButton,
    SecondaryButton,
    WrapLabel,
    announce,
)
from sparkwizard.gui.widgets.entering.file_dialogs import ask_where_to_save
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.net.proxy import proxy_name, route_to
from sparkwizard.runs.support.bundle import BundleEntry, BundleSources, make_bundle, save_bundle
from sparkwizard.setup.secrets import GRAPH_TOKEN_VARIABLE, TOKEN_VARIABLE

__all__ = ["SupportDialog"]

_WHY = (
    "For whoever helps you. Look at each text before you save it: no password and no token is in"
    " it. Nothing is sent anywhere."
)


class SupportDialog(HelpDialog):
    """List the entries with their texts; save them as one ZIP file, or copy them."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, "Support bundle", _WHY)
        self._desk = desk
        self.entries: tuple[BundleEntry, ...] = ()
        self.tasks = TaskScope(self._failed)
        self.resize(780, 560)
        keep_size(self)
        self.people = CheckBox("With &names and e-mail addresses of people")
        self.people.toggled.connect(self._gather)
        self.list = QListWidget()
        self.list.setAccessibleName("Files of the bundle")
        self.list.setSpacing(2)
        self.tells = WrapLabel(tone=Tone.MUTED)
        self.list.currentRowChanged.connect(self._show)
        self.text = TextView("Text of the file")
        self.strip = MessageStrip()
        self.save_button = PrimaryButton("&Save…", on_click=self._ask)
        self.copy_button = CopyButton(self._whole, what="the whole bundle as text")
        self._build()
        self._gather()

    def _build(self) -> None:
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        split.setSizes([190, 550])
        self.body.addWidget(split, 1)
        self.body.addWidget(self.tells)
        self.body.addWidget(self.people)
        self.body.addWidget(self.strip)
        self.foot.addWidget(self.copy_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.save_button)
        self.foot.addWidget(SecondaryButton("&Close", on_click=self.reject))
        self.save_button.setDefault(True)

    def _gather(self) -> None:
        self._ready(False)
        self.tasks.cancel()
        self.tasks.start(self._make(with_people=self.people.isChecked()))

    async def _make(self, *, with_people: bool) -> None:
        sources = self._sources()
        self.entries = await run_blocking(lambda: make_bundle(sources, with_people=with_people))
        at = max(0, self.list.currentRow())
        self.list.clear()
        for entry in self.entries:
            item = QListWidgetItem(entry.name)
            item.setToolTip(entry.tells)
            self.list.addItem(item)
        self.list.setCurrentRow(min(at, len(self.entries) - 1))
        self._ready(True)
        announce(self, f"{len(self.entries)} files are ready")

    def _sources(self) -> BundleSources:
        desk, state = self._desk, self._desk.state
        tokens = (state.token, *(os.environ.get(n, "") for n in _TOKENS))
        return BundleSources(
            places=desk.services.places,
            now=desk.services.clock(),
            environ=dict(os.environ),
            profile=state.profile,
            population=state.population,
            identity=state.identity,
            layers=state.layers,
            secrets=tuple(token for token in tokens if token),
            more_versions=window_versions(),
            proxy=_proxy_words(),
        )

    def _ready(self, ready: bool) -> None:
        self.save_button.setEnabled(ready)
        self.copy_button.setEnabled(ready)

    def _show(self, row: int) -> None:
        entry = self.entries[row] if row >= 0 else None
        self.text.setPlainText(entry.text if entry else "")
        self.tells.setText(f"{entry.name}: {entry.tells}." if entry else "")

    def _whole(self) -> str:
        return "\n".join(f"===== {entry.name}\n{entry.text}" for entry in self.entries)

    def _ask(self) -> None:
        ask_where_to_save(
            self,
            "Save the support bundle",
            suggested=f"sparkwizard-support-{self._desk.services.clock():%Y%m%d-%H%M}.zip",
            suffix="zip",
            kind="ZIP file",
            on_path=lambda path: self.tasks.start(self.save(path)),
        )

    async def save(self, path: Path) -> None:
        """Write what is shown to one ZIP file."""
        await run_blocking(save_bundle, self.entries, path)
        self.strip.show_message(Message(MessageKind.SUCCESS, f"Saved as {path}"))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, SparkWizardError):
            self.strip.show_message(Message(MessageKind.DANGER, error.message, error.fix))
        else:
            self.strip.show_message(
                Message(
                    MessageKind.DANGER,
                    f"The bundle could not be made ({type(error).__name__}).",
                    "Send the log folder's newest file instead.",
                )
            )

    def done(self, code: int) -> None:
        """Stop gathering when the dialog closes."""
        self.tasks.cancel()
        super().done(code)


_TOKENS = (TOKEN_VARIABLE, GRAPH_TOKEN_VARIABLE)


def _proxy_words() -> str:
    try:
        route = route_to("https://webexapis.com")
    except SparkWizardError as error:
        return error.message
    return f"{proxy_name(route.proxy) if route.proxy else 'none'}, {route.source}"
