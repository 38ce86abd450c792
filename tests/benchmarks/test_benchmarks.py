"""The benchmarks still work: each on a small size, and the table they end in."""

import importlib

import pytest

from tests.benchmarks.framework import BENCHMARKS, Row, compare, modules, peak_bytes, table

pytestmark = pytest.mark.slow

SMALL = 0.001


@pytest.mark.parametrize("name", modules())
def test_a_module_of_benchmarks_runs_on_a_small_size(name: str) -> None:
    module = importlib.import_module(f"tests.benchmarks.{name}")
    own = [run for run in BENCHMARKS.values() if run.__module__ == module.__name__]
    rows = [row for run in own for row in run(SMALL)]
    assert rows
    assert all(row.value >= 0 for row in rows)


def test_a_ratio_is_judged_by_its_limit() -> None:
    kept = Row("work", 4.0, "s", "by hand", 1.0, limit=5.0)
    assert (kept.ratio, kept.passes) == (4.0, True)
    assert not Row("work", 6.0, "s", "by hand", 1.0, limit=5.0).passes


def test_a_figure_is_judged_by_its_own_limit() -> None:
    assert Row("longest stall", 0.03, limit=0.05).passes
    assert not Row("longest stall", 0.06, limit=0.05).passes


def test_subject_and_baseline_run_in_turns() -> None:
    seen: list[str] = []
    row = compare("a", lambda: seen.append("a"), "b", lambda: seen.append("b"), repeat=3)
    assert seen == ["a", "b"] * 3
    assert row.against == "b"


def test_memory_is_counted_while_it_is_held() -> None:
    assert peak_bytes(lambda: bytes(1_000_000)) > 1_000_000


def test_the_table_names_what_missed_its_limit() -> None:
    lines = list(table([Row("slow", 6.0, "s", "by hand", 1.0, limit=5.0)]))
    assert "6.00x" in lines[1]
    assert "MISSED" in lines[1]
    assert lines[1].endswith("by hand")
