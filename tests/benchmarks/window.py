"""The window while 100,000 people are previewed and 10,000 are applied: how long it stands still.

The real window with its real pages (offscreen), the real event loop, a server in a process of its
own. A timer of 10 ms gauges every gap between two turns of the window's loop: the longest is the
longest stall, and the 99th hundredth is what the window is like otherwise. Next to the clock stands
the processor time that the window's own thread took at a stretch (``work_gauge``): on a machine
with more to do than it has cores the clock also counts what others do.

What helped, by what stood still: threads give up Python's lock ten times as often (``gui/aio.py``:
a paint asks for it many times); nothing is collected while a company is read, and little at a time
otherwise (``gui/calm/collecting.py``); what goes through everybody on a thread does so in portions
(``provisioning/portions.py``: no interval ends a single call) and what goes through a whole plan is
worked out once; links are read, and old previews let go, on threads; how far a reading is shows ten
times a second; the end of a run reads from the journal what went wrong alone; users are read back
by a few tasks, not by one each. What is left is the first painting of the window and of the plan
(48 ms of the window's own work). A preview of two seconds has some 220 gaps: its last hundredth is
the two longest. The network was read from disk in one of them, 34 ms on the window's thread; now a
thread does that.

To find what else holds the lock: note the stacks of all threads every 2 ms, and look at those
before and after a long gap. The frames must not be kept: a frame that outlives a paint keeps its
painter.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from sparkwizard.values import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWizard

from sparkwizard.gui import aio
from sparkwizard.gui.aio import TaskScope, until
from sparkwizard.gui.calm.collecting import CollectHere
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.look.theme import apply_theme
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.provisioning.types import Actions
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step
from tests.benchmarks._scim_server import HEADER, PAGE, Behaviour, person_row, serving
from tests.benchmarks.framework import Row, benchmark
from tests.benchmarks.preview import profile_for, services_of

PEOPLE = 100_000
LONGEST = 0.05
NEARLY_ALL = 0.016
TICK = 0.01
PATIENCE = 600


@dataclass(slots=True)
class Gaps:
    """Hold how long the loop was away between two ticks, by the clock and by the processor."""

    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def hundredth(self, share: float = 0.99) -> float:
        """Return the gap that this share of all gaps stays under."""
        ordered = sorted(self.clock)
        return ordered[int(len(ordered) * share)] if ordered else 0.0


class _Gauge(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.gaps = Gaps()
        self._clock, self._work = perf_counter(), thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.gaps = Gaps()
        self._clock, self._work = perf_counter(), thread_time()
        self._timer.start()

    def stop(self) -> Gaps:
        self._tick()
        self._timer.stop()
        return self.gaps

    def _tick(self) -> None:
        now, worked = perf_counter(), thread_time()
        self.gaps.clock.append(max(0.0, now - self._clock - TICK))
        self.gaps.work.append(worked - self._work)
        self._clock, self._work = now, worked


@dataclass(slots=True)
class _Way:
    """Hold the window with the two pages that are gauged."""

    desk: Desk
    preview: PreviewPage
    applying: ApplyingPage
    window: SetupWindow

    async def previewed(self) -> None:
        self.window.show()
        self.window.jump_to(Step.PREVIEW)
        await until(self._is_ready, within=PATIENCE)
        # what the table does after it has everything
        await asyncio.sleep(0.5)

    async def previewed_again(self) -> None:
        """Preview with what the first run left: links, and a preview to be put away."""
        self.window.jump_to(Step.PREVIEW)
        await until(self._is_ready, within=PATIENCE)
        await asyncio.sleep(0.5)

    def _is_ready(self) -> bool:
        return self.desk.state.preview is not None and self.preview.isComplete()

    async def applied(self) -> None:
        self.window.button(QWizard.WizardButton.CommitButton).click()
        await until(lambda: self.desk.state.result is not None, within=PATIENCE)
        await asyncio.sleep(0.5)


@contextmanager
def _way(number: int, creates: int) -> Iterator[_Way]:
    """Open the window on a setup of so many people, of whom so many are not in Webex yet."""
    behaviour = Behaviour(users=number - creates, bulk=100)
    with tempfile.TemporaryDirectory() as name, serving(behaviour) as served:
        folder = Path(name)
        lines = (HEADER, *map(person_row, range(number)))
        (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
        # creates alone: so many, and nothing else
        profile = replace(profile_for(served.base_url), actions=Actions(update=False))
        with services_of(folder / "data") as services:
            services.places.create()
            state = WizardState(profile=profile, base_dir=str(folder), pasted=PastedToken("token"))
            desk = Desk(services, state, TaskScope(_raise))
            preview, applying = PreviewPage(desk), ApplyingPage(desk)
            pages = {step: WizardPage(step.text.label) for step in Step}
            pages |= {Step.PREVIEW: preview, Step.APPLYING: applying}
            window = SetupWindow(specs(pages), StepFlow(), profile="Benchmark")
            yield _Way(desk, preview, applying, window)


def _raise(error: BaseException) -> None:
    raise error


def _application() -> QApplication:
    app = QApplication.instance() or QApplication(["benchmark"])
    assert isinstance(app, QApplication)
    apply_theme(app)
    return app


@benchmark("window")
def run(scale: float) -> Iterator[Row]:
    """Yield the longest stall and the 99th hundredth, while previewing and while applying."""
    number = max(round(PEOPLE * scale / PAGE), 1) * PAGE
    gaps: dict[str, Gaps] = {}
    app = _application()
    collector = CollectHere()  # first: on a thread it would take Qt's objects away
    collector.set_aside()
    try:
        with _way(number, number // 10) as way:
            aio.run(app, lambda: _gauged(way, gaps))
    finally:
        collector.stop()
    full = scale >= 1
    for what, found in gaps.items():
        limit = LONGEST if full else None
        yield Row(f"{what}: longest stall", max(found.clock), limit=limit)
        yield Row("  99% of all gaps under", found.hundredth(), limit=NEARLY_ALL if full else None)
        yield Row("  the window's own work at a stretch", max(found.work))


async def _gauged(way: _Way, gaps: dict[str, Gaps]) -> None:
    gauge = _Gauge()
    works: tuple[tuple[str, Callable[[], Coroutine[Any, Any, None]]], ...] = (
        ("preview", way.previewed),
        ("apply", way.applied),
        ("preview again", way.previewed_again),
    )
    try:
        for what, work in works:
            gauge.start()
            await work()
            gaps[what] = gauge.stop()
    finally:
        way.window.hide()
