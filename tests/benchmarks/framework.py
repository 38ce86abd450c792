"""Measure, compare and show: what a benchmark module needs.

A benchmark is a function under ``@benchmark(name)`` that takes a scale (1.0 is the full size) and
yields rows. A row compares its subject with a named baseline that ran in the same process, turn by
turn with it, so that the ratio holds on any machine; or it is a figure with a limit of its own.
"""

import gc
import importlib
import pkgutil
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

__all__ = [
    "BENCHMARKS",
    "Row",
    "benchmark",
    "compare",
    "discover",
    "median_seconds",
    "modules",
    "peak_bytes",
    "table",
]

REPEAT = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one result.

    ``value`` is in ``unit``. With an ``against`` the ``baseline`` is in the same unit and ``limit``
    is the largest ratio that will do; without one ``limit`` is the largest value.
    """

    what: str
    value: float
    unit: str = "s"
    against: str = ""
    baseline: float = 0.0
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return how often the baseline fits into the value; None without a baseline."""
        return self.value / self.baseline if self.against and self.baseline else None

    @property
    def passes(self) -> bool:
        """Return whether the limit, if there is one, is kept."""
        if self.limit is None:
            return True
        return (self.value if self.ratio is None else self.ratio) <= self.limit


type Run = Callable[[float], Iterable[Row]]

BENCHMARKS: dict[str, Run] = {}


def benchmark(name: str) -> Callable[[Run], Run]:
    """Register a function as a benchmark."""

    def register(run: Run) -> Run:
        BENCHMARKS[name] = run
        return run

    return register


def modules() -> list[str]:
    """Return the names of the modules of this folder, none of them imported yet."""
    package = importlib.import_module("tests.benchmarks")
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in found if not name.startswith(("_", "test_", "framework")))


def discover() -> dict[str, Run]:
    """Import every module of this folder and return the benchmarks by name."""
    for name in modules():
        importlib.import_module(f"tests.benchmarks.{name}")
    return dict(sorted(BENCHMARKS.items()))


def median_seconds(*works: Callable[[], object], repeat: int = REPEAT) -> tuple[float, ...]:
    """Return the median time of each, run in turns so that all meet the same machine."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeat):
        for work, seconds in zip(works, times, strict=True):
            gc.collect()
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    return tuple(map(statistics.median, times))


def compare(
    what: str,
    subject: Callable[[], object],
    against: str,
    baseline: Callable[[], object],
    *,
    limit: float | None = None,
    repeat: int = REPEAT,
) -> Row:
    """Time a subject and a baseline in turns and return their medians as a row."""
    value, base = median_seconds(subject, baseline, repeat=repeat)
    return Row(what, value, "s", against, base, limit)


def peak_bytes(work: Callable[[], object]) -> int:
    """Return how much memory Python holds at most during the work, beyond what it held before."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table of results."""
    lines: list[tuple[str, ...]] = [("", "measured", "baseline", "ratio", "limit", "", "against")]
    lines += [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        first, *rest = (
            cell.ljust(width) if column in (0, 6) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join((first, *rest)).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
    limit = ""
    if row.limit is not None:
        limit = _amount(row.limit, row.unit) if row.ratio is None else f"{row.limit:g}x"
    verdict = "" if row.limit is None else "ok" if row.passes else "MISSED"
    baseline = _amount(row.baseline, row.unit) if row.against else ""
    return (row.what, _amount(row.value, row.unit), baseline, ratio, limit, verdict, row.against)


def _amount(value: float, unit: str) -> str:
    if unit == "B":
        return f"{value / 1024:,.0f} KiB"
    return f"{value:,.3f} {unit}"
