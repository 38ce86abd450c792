"""The what-if over a large company: how long the window is held up, and for how long it works.

The window of the benchmark repaints a table and sixty labels every 16 ms, as one does that is
scrolled, and a gauge of 10 ms measures the gaps. Slices on the window's own thread are compared
with the same work on a thread of its own: there every paint waits for Python's global lock.
"""

import asyncio
import gc
import os
import threading
from collections.abc import Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any

from sparkwizard.values import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from sparkwizard.gui import aio
from sparkwizard.gui.calm.collecting import CollectHere
from sparkwizard.gui.calm.slicing import run_slices, set_aside
from sparkwizard.gui.look.theme import apply_theme
from sparkwizard.gui.models.person_columns import person_columns
from sparkwizard.gui.widgets import DataTable, IconText, RowsModel
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Rules, Situation, draft_plan
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.slices import finished
from sparkwizard.provisioning.types import (
    Actions,
    Clause,
    Filter,
    Json,
    Link,
    MappingRule,
    Person,
    Population,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.provisioning.what_if import WhatIf
from tests.benchmarks.framework import Row, benchmark
from tests.gui.work_gauge import WorkGauge

PEOPLE = 100_000
LIMIT = 0.05
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def rules(mapping: tuple[MappingRule, ...] = DEFAULT_MAPPING, *filters: Filter) -> Rules:
    """Compile rules as a setup would have them."""
    return Rules(
        mapping=compile_mapping(mapping),
        scope=compile_scope(filters),
        actions=Actions(),
        max_removals=RemovalLimit(),
    )


def _edited(target: str, expression: str) -> Rules:
    return rules(
        tuple(
            replace(rule, expression=expression) if rule.target == target else rule
            for rule in DEFAULT_MAPPING
        )
    )


EDITS = {
    "a rule that touches a few": _edited(
        "displayName", 'Replace([displayName], "99", , , "9", , )'
    ),
    "a rule that touches everybody": _edited("displayName", 'Join(" ", [surname], [givenName])'),
    "the rule of the user name": _edited("userName", "[mail]"),
    "a filter": rules(
        DEFAULT_MAPPING, Filter("One", (Clause("department", "EQUALS", ("Department 3",)),))
    ),
}


def company(number: int) -> Situation:
    """Make a company of so many people, with their users, half of them linked."""
    people, users = [], []
    for at in range(number):
        who, name = f"id-{at:08}", f"person{at}@contoso.example"
        attributes = {
            "userPrincipalName": name,
            "objectId": who,
            "displayName": f"Person Number {at}",
            "givenName": "Person",
            "surname": f"Number {at}",
            "mail": name,
            "accountEnabled": "True",
            "IsSoftDeleted": "False",
            "department": f"Department {at % 17}",
        }
        people.append(Person(who, attributes, row=at + 2))
        shown = "Another" if at % 10 == 0 else f"Person Number {at}"
        full: Json = {"givenName": "Person", "familyName": f"Number {at}"}
        found: dict[str, Json] = {"userName": name, "externalId": who, "displayName": shown}
        users.append(User(f"w-{at}", {**found, "name": full, "active": True}))
    links = {p.source_id: Link(p.source_id, f"w-{at}") for at, p in enumerate(people) if at % 2}
    return Situation(
        population=Population(tuple(people)), users=UsersRead(tuple(users)), links=links, now=NOW
    )


class _BusyWindow(QWidget):
    """Repaint a table and many labels all the time."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self._table = DataTable(RowsModel(person_columns(), people[:2000]), name="People")
        column.addWidget(self._table)
        self._labels = [IconText("info", f"Label {number}") for number in range(60)]
        for label in self._labels:
            column.addWidget(label)
        self.resize(960, 2400)
        self._timer = QTimer(self)
        self._timer.setInterval(16)
        self._timer.timeout.connect(self._repaint)
        self._timer.start()

    def _repaint(self) -> None:
        self._table.viewport().update()
        for label in self._labels:
            label.update()


async def on_this_thread(work: Callable[[], Any]) -> None:
    """Run slices between the window's own events, as the wizard does."""
    await run_slices(work(), people=PEOPLE)


async def on_another_thread(work: Callable[[], Any]) -> None:
    """Run the same slices on a thread."""
    await aio.run_blocking(lambda: finished(work()))


type Drive = Callable[[Callable[[], Any]], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class _Held:
    """Hold how long the window stood still at most, and how much of that was its own work."""

    stall: float
    work: float


def _measure(app: QApplication, seen: Situation, drive: Drive) -> dict[str, _Held]:
    """Measure the window while nothing runs, and while each edit is worked out."""
    found: dict[str, _Held] = {}

    async def main() -> None:
        window, collector = _BusyWindow(seen.population.people), CollectHere()
        stalls, works = aio.StallGauge(), WorkGauge()
        window.show()
        await asyncio.sleep(0.3)
        what_if = WhatIf(rules(), seen)
        runs: dict[str, Callable[[], Any]] = {"the state before": what_if.prepare}
        runs |= {name: partial(what_if.evaluate, after) for name, after in EDITS.items()}
        for name, run in {"nothing, for comparison": None, **runs}.items():
            stalls.start()
            works.start()
            await (drive(run) if run else asyncio.sleep(1))
            found[name] = _Held(stalls.stop(), works.stop())
        window.hide()
        collector.stop()

    aio.run(app, main)
    return found


def _application() -> QApplication:
    app = QApplication.instance() or QApplication(["benchmark"])
    assert isinstance(app, QApplication)
    apply_theme(app)
    return app


@benchmark("what-if")
def run(scale: float = 1.0) -> Iterator[Row]:
    """Yield the longest stall of each edit, and the time against a whole plan."""
    assert threading.current_thread() is threading.main_thread()
    number = max(200, round(PEOPLE * scale))
    app, seen = _application(), company(number)
    gc.collect()
    set_aside(number)
    began = perf_counter()
    draft_plan(rules(), seen)
    whole = perf_counter() - began
    gc.collect()
    slices = _measure(app, seen, on_this_thread)
    thread = _measure(app, seen, on_another_thread)
    limit = LIMIT if scale == 1.0 else None
    for name, held in slices.items():
        yield Row(f"longest stall: {name}", held.stall, limit=limit)
    for name, held in slices.items():
        yield Row(f"of it the window's own work: {name}", held.work, limit=limit)
    for name, held in thread.items():
        yield Row(f"stall with a worker thread: {name}", held.stall)
    what_if = WhatIf(rules(), seen)
    yield Row("time: the state before", _seconds(what_if.prepare()), "s", "one whole plan", whole)
    for name, after in EDITS.items():
        seconds = _seconds(what_if.evaluate(after))
        yield Row(f"time: {name}", seconds, "s", "one whole plan", whole)


def _seconds(work: Generator[float, None, object]) -> float:
    began = perf_counter()
    finished(work)
    return perf_counter() - began
