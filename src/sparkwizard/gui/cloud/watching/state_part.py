"""How the service stands: numbers of the last cycle, what needs a look, start, pause, restart."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.cloud.watching.part import WatchPart
from sparkwizard.gui.cloud.watching.restart_dialog import RestartDialog
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Bar,
    Card,
    CheckBox,
    IconButton,
    IconText,
    KeyValueRows,
    Message,
    MessageKind,
    ScrollColumn,
    SecondaryButton,
    StatTile,
    StripAction,
    TileRow,
    announce,
)
from sparkwizard.gui.widgets.telling.notices import Notices
from sparkwizard.runs.cloud.types import Watch
from sparkwizard.wizard.cloud.watch_words import RESTART_TITLES, watch_facts
from sparkwizard.wizard.cloud.words import Notice, notices, status_words

__all__ = ["StatePart"]

_TILES = (
    ("imported", "read", "people", Tone.MUTED),
    ("entitled", "in scope", "filter", Tone.MUTED),
    ("exported", "written", "pencil", Tone.SUCCESS),
    ("escrowed", "failed", "fail", Tone.DANGER),
)


_LEAST_FACTS = 44


class StatePart(WatchPart):
    """Show how the job stands; ``wanted`` comes with the part that helps, ``seen`` after a look."""

    wanted = Signal(str)
    seen = Signal()

    def __init__(self, page: CloudFace) -> None:
        super().__init__(page)
        self.watch: Watch | None = None
        self.words = IconText("clock", "Looking", tone=Tone.MUTED, role="strong", wrap=True)
        self.bar = Bar("Progress of the cycle")
        self.bar.hide()
        self.tiles = TileRow()
        for key, words, icon, _tone in _TILES:
            self.tiles.add(key, StatTile("–", words, icon))  # noqa: RUF001  a dash
        self.notices = Notices()
        self.facts = KeyValueRows(name_width=92)
        self.auto = CheckBox("Look again by itself")
        self.auto.setChecked(True)
        card, list_ = Card(), ScrollColumn()
        # what is told of a quarantine goes before
        list_.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        list_.setMinimumHeight(_LEAST_FACTS)
        list_.column.addWidget(self.facts)
        list_.column.addStretch(1)
        card.body.addWidget(list_)
        for widget in (self.words, self.bar, self.tiles, self.notices):
            self.column.addWidget(widget)
        self.column.addWidget(card, 1)
        self.column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.switch = SecondaryButton("&Pause", icon_name="pause", on_click=self._switch)
        self.restart = SecondaryButton("&Restart…", icon_name="undo", on_click=self.ask_restart)
        self.cycle = SecondaryButton("Run a &cycle now", icon_name="flask", on_click=self._cycle)
        self.refresh = IconButton("refresh", "Look again now", on_click=self.look)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        for widget in (self.switch, self.restart, self.cycle):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.auto)
        row.addWidget(self.refresh)
        return row

    def on_show(self) -> None:
        """Look how it stands."""
        self.cycle.setVisible(self.cloud.practice)
        self._enable()
        self.look()

    def look(self, *, quietly: bool = False) -> None:
        """Read how the job stands."""
        if not quietly:
            self.page.clear_message()
        self.page.start(self._look(), words="" if quietly else "Asking Microsoft Entra")

    async def _look(self) -> None:
        self._show(await self.cloud.watch())

    def lost(self) -> None:
        """Offer nothing that rests on what could not be read."""
        self.watch = None
        self.words.set("help", "How it stands is not known", Tone.MUTED)
        self.bar.hide()
        self.notices.show_messages(())
        self._enable()

    # Showing

    def _show(self, watch: Watch) -> None:
        before, self.watch = self.watch, watch
        now = self.cloud.services.clock()
        words = status_words(watch.status, now)
        icon, tone = _mark(watch)
        self.words.set(icon, words, tone)
        self.bar.setVisible(watch.progress is not None)
        if watch.progress is not None:
            self.bar.restart()
            self.bar.set_share(watch.progress)
        self.facts.set_rows(watch_facts(watch, now))
        self.notices.show_messages([self._message(one) for one in notices(watch)][:2])
        last = watch.status.last
        for key, _words, _icon, tone in _TILES:
            number = getattr(last, key) if last is not None else 0
            shown = f"{number:,}" if last is not None else "–"  # noqa: RUF001  a dash
            self.tiles.tile(key).set_number(shown, tone=tone if number else Tone.MUTED)
        self._enable()
        self.seen.emit()
        if before is not None and before.status.code != watch.status.code:
            announce(self, words)

    def _message(self, notice: Notice) -> Message:
        kind = MessageKind.DANGER if notice.tone == "danger" else MessageKind.WARNING
        return Message(kind, notice.text, notice.fix, tuple(self._ways_out(notice)))

    def _ways_out(self, notice: Notice) -> Iterator[StripAction]:
        """Offer what the notice says is to be done, in its order."""
        if "renew" in notice.fix.lower():
            yield StripAction("Renew", lambda: self.wanted.emit("upkeep"), "key")
        elif "logs" in notice.fix:
            yield StripAction("Open the log", lambda: self.wanted.emit("log"))
        if (restart := notice.restart) is not None:
            yield StripAction(RESTART_TITLES[restart], lambda: self.ask_restart(restart))

    def _enable(self) -> None:
        known = self.watch is not None
        on = self.watch is not None and self.watch.status.on
        self.switch.setText("&Pause" if on else "&Start")
        self.switch.set_icon("pause" if on else "play")
        for button in (self.switch, self.restart):
            button.setEnabled(known)
        self.cycle.setEnabled(on)

    # Doing

    def _switch(self) -> None:
        if self.watch is not None:
            on = not self.watch.status.on
            words = "Switching provisioning on" if on else "Switching provisioning off"
            self.page.clear_message()
            self.page.start(self._switched(on=on), words=words)

    async def _switched(self, *, on: bool) -> None:
        if on:
            await self.cloud.keep_foretold(anew=True)
        self._show(await self.cloud.services.switch_cloud(self.cloud.profile, on=on))

    def ask_restart(self, kind: RestartKind = RestartKind.FROM_THE_START) -> None:
        """Open the restart with one kind chosen."""
        dialog = RestartDialog(self, kind)
        dialog.chosen.connect(self._restart)
        dialog.open()

    def _restart(self, kind: RestartKind) -> None:
        self.page.clear_message()
        self.page.start(self._restarted(kind), words="Restarting")

    async def _restarted(self, kind: RestartKind) -> None:
        self._show(await self.cloud.services.restart_cloud(self.cloud.profile, kind))
        self.page.show_message(MessageKind.SUCCESS, "Restarted", RESTART_TITLES[kind] + ".")

    def _cycle(self) -> None:
        self.page.clear_message()
        self.page.start(self._cycled(), words="Running a cycle")

    async def _cycled(self) -> None:
        await self.cloud.desk.practice_cycle()
        self._show(await self.cloud.watch())


def _mark(watch: Watch) -> tuple[str, Tone]:
    if watch.status.quarantine is not None:
        return "fail", Tone.DANGER
    if not watch.status.on:
        return "pause", Tone.MUTED
    return ("refresh", Tone.ACCENT) if watch.status.progress else ("success", Tone.SUCCESS)
