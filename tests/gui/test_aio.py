"""Background work keeps its tasks, tells its failures once, and never holds up closing."""

import asyncio
import gc
import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from sparkwizard.gui.aio import StallGauge, TaskScope, run, run_blocking, until
from sparkwizard.gui.calm import collecting
from sparkwizard.gui.calm.collecting import CollectHere
from sparkwizard.gui.calm.slicing import run_slices
from sparkwizard.runs.collector import collector_at_rest

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


class Sink:
    def __init__(self) -> None:
        self.errors: list[BaseException] = []

    def __call__(self, error: BaseException) -> None:
        self.errors.append(error)


async def fail(words: str) -> None:
    raise ValueError(words)


def test_a_task_survives_garbage_collection(aio: Aio) -> None:
    async def main() -> str:
        done: list[str] = []

        async def work() -> None:
            await asyncio.sleep(0.02)
            done.append("done")

        scope = TaskScope(Sink())
        scope.start(work())
        gc.collect()
        await scope.drained()
        return done[0]

    assert aio(main) == "done"


def test_a_failure_reaches_the_sink_once(aio: Aio) -> None:
    sink = Sink()

    async def main() -> None:
        scope = TaskScope(sink)
        scope.start(fail("broken"))
        await scope.drained()

    aio(main)
    assert [str(error) for error in sink.errors] == ["broken"]


def test_a_failure_can_go_to_its_own_sink(aio: Aio) -> None:
    common, own = Sink(), Sink()

    async def main() -> None:
        scope = TaskScope(common)
        scope.start(fail("broken"), on_error=own)
        await scope.drained()

    aio(main)
    assert len(own.errors) == 1
    assert not common.errors


def test_cancelled_work_is_no_failure_and_leaves_the_scope_idle(aio: Aio) -> None:
    sink = Sink()

    async def main() -> bool:
        scope = TaskScope(sink)
        scope.start(asyncio.sleep(60))
        assert scope.cancel()
        await scope.drained()
        return scope.idle

    assert aio(main)
    assert not sink.errors


def test_work_aside_is_not_what_somebody_stops_and_ends_with_the_scope(aio: Aio) -> None:
    async def look() -> None:
        scope = TaskScope(lambda error: None)
        aside = scope.start(asyncio.sleep(60), aside=True)
        assert not scope.stop()
        scope.start(asyncio.sleep(60))
        assert scope.stop()
        await asyncio.sleep(0)
        assert not aside.done()
        assert scope.cancel()
        await scope.drained()
        assert aside.cancelled()
        assert scope.idle

    aio(look)


def test_no_task_goes_on_once_the_loop_has_ended(aio: Aio) -> None:
    sink, begun = Sink(), []

    async def step_by_step(scope: TaskScope) -> None:
        while True:
            await asyncio.sleep(0)
            begun.append(scope.start(asyncio.sleep(0)))

    async def main() -> None:
        scope = TaskScope(sink)
        scope.start(step_by_step(scope))
        await asyncio.sleep(0.01)

    aio(main)
    assert sink.errors == []
    assert all(task.done() for task in begun)


def test_cancelling_an_idle_scope_says_that_nothing_ran(aio: Aio) -> None:
    async def main() -> bool:
        return TaskScope(Sink()).cancel()

    assert aio(main) is False


def test_a_blocking_call_runs_on_a_daemon_thread_and_hands_back_its_result(aio: Aio) -> None:
    async def main() -> tuple[bool, bool]:
        return await run_blocking(
            lambda: (
                threading.current_thread().daemon,
                threading.current_thread() is not threading.main_thread(),
            )
        )

    assert aio(main) == (True, True)


def test_a_failing_blocking_call_raises_where_it_is_awaited(aio: Aio) -> None:
    def locked() -> None:
        raise OSError("the keyring is locked")

    async def main() -> None:
        await run_blocking(locked)

    with pytest.raises(OSError, match="locked"):
        aio(main)


def test_a_hanging_blocking_call_does_not_hold_up_closing(aio: Aio) -> None:
    release = threading.Event()

    async def main() -> None:
        scope = TaskScope(Sink())
        scope.start(run_blocking(release.wait, 5))
        await asyncio.sleep(0.02)
        scope.cancel()
        await scope.drained()

    started = time.perf_counter()
    aio(main)
    release.set()
    assert time.perf_counter() - started < 10


def test_what_nobody_awaited_reaches_the_log_and_the_sink(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    sink = Sink()

    async def main() -> None:
        asyncio.get_running_loop().call_exception_handler(
            {"message": "lost", "exception": ValueError("lost")}
        )

    with caplog.at_level(logging.CRITICAL, logger="sparkwizard.gui.aio"):
        run(qapp, main, on_error=sink)
    assert [str(error) for error in sink.errors] == ["lost"]


def test_waiting_ends_with_a_time_out_when_nothing_comes(aio: Aio) -> None:
    async def main() -> None:
        await until(lambda: False, within=0.02)

    with pytest.raises(TimeoutError):
        aio(main)


def test_the_gauge_sees_a_stall_of_the_window(aio: Aio, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> float:
        gauge = StallGauge()
        gauge.start()
        await asyncio.sleep(0.03)
        time.sleep(0.15)  # noqa: ASYNC251  the stall itself
        await asyncio.sleep(0.03)
        return gauge.stop()

    with caplog.at_level(logging.CRITICAL, logger="sparkwizard.gui.aio"):
        assert aio(main) > 0.1


def test_a_busy_thread_never_collects_a_widget() -> None:
    died_on: list[int] = []

    def knot() -> None:
        widget = QWidget()
        kept: list[object] = [widget]
        kept.append(kept)  # what only the collector frees
        weakref.finalize(widget, lambda: died_on.append(threading.get_ident()))

    knot()
    thread = threading.Thread(target=lambda: [[] for _ in range(200_000)])
    thread.start()
    thread.join()
    assert died_on == []
    gc.collect()
    assert died_on == [threading.get_ident()]


def test_threads_give_the_window_its_turn_sooner_while_its_loop_runs(aio: Aio) -> None:
    async def main() -> float:
        return sys.getswitchinterval()

    before = sys.getswitchinterval()
    assert aio(main) <= 0.001 < before
    assert sys.getswitchinterval() == before


def test_nothing_is_collected_in_the_window_while_a_large_company_is_read(
    qapp: QApplication,
) -> None:
    collected: list[str] = []
    collector = CollectHere()
    gc.callbacks.append(note := lambda phase, _info: collected.append(phase))
    try:
        with collector_at_rest():
            kept: list[list[int]] = [[] for _ in range(5_000)]
            collector.look()
            assert collected == []
        collector.look()
        assert collected
        assert len(kept) == 5_000
    finally:
        gc.callbacks.remove(note)
        collector.stop()


def test_long_work_in_slices_is_not_taken_for_calm(aio: Aio, qapp: QApplication) -> None:
    def slices(looks: Callable[[], None]) -> Generator[float, None, str]:
        for step in range(50):
            looks()
            yield step / 50
        return "done"

    async def road() -> None:
        generations: list[int] = []
        collector = CollectHere()
        collector._twice = collecting._MANY + 1  # much to look at once nothing happens
        gc.callbacks.append(note := lambda _phase, info: generations.append(info["generation"]))
        try:
            assert await run_slices(slices(collector.look)) == "done"
            assert 2 not in generations
        finally:
            gc.callbacks.remove(note)
            collector.stop()

    aio(road)


def test_the_window_collects_what_is_young_and_everything_only_when_nothing_happens(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "_SOME", 5_000)
    monkeypatch.setattr(collecting, "_MANY", 6_000)
    generations: list[int] = []
    collector = CollectHere()
    kept: list[list[list[int]]] = []
    gc.collect()
    gc.callbacks.append(note := lambda phase, info: generations.append(info["generation"]))
    try:
        for _ in range(3):
            kept.append([[] for _ in range(3_000)])
            collector.look()
        assert set(generations) == {0, 1}
        for _ in range(15):
            collector.look()
        assert generations.count(2) == 2  # it began and ended once
    finally:
        gc.callbacks.remove(note)
        collector.stop()
