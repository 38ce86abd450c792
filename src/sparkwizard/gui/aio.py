"""Run asyncio on Qt's event loop; the only module that knows qasync.

qasync prefers any other Qt binding it finds, so the binding is named and imported before it.
Its slot decorators lose tasks, and a modal ``exec()`` inside a task loses others: neither is used
anywhere. Background work runs in a ``TaskScope``; blocking calls run in ``run_blocking``.
"""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

os.environ["QT_API"] = "pyside6"
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

# isort: split
import qasync  # type: ignore[import-untyped]  # it ships no types

__all__ = [
    "ErrorSink",
    "StallGauge",
    "TaskScope",
    "detach",
    "is_running",
    "run",
    "run_blocking",
    "until",
]

_log = logging.getLogger(__name__)
_STALL_SECONDS = 0.1
_SWITCH_SECONDS = 0.0005
"""After how long a thread gives up Python's lock. A paint asks for it many times: at Python's own
5 ms each the window stands still for hundreds of milliseconds beside a busy thread."""


type ErrorSink = Callable[[BaseException], None]


def run[T](
    app: QApplication,
    main: Callable[[], Coroutine[Any, Any, T]],
    *,
    on_error: ErrorSink | None = None,
) -> T:
    """Run ``main`` to its end on Qt's loop; a failure nobody awaited goes to ``on_error``.

    Meanwhile threads give the window its turn ten times as often as Python would have them.
    """
    app.setQuitOnLastWindowClosed(False)
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)

    async def guarded() -> T:
        asyncio.get_running_loop().set_exception_handler(_handler(on_error))
        try:
            return await main()
        finally:
            await _all_ended()

    try:
        return asyncio.run(guarded(), loop_factory=lambda: qasync.QEventLoop(app))
    finally:
        sys.setswitchinterval(before)


async def _all_ended() -> None:
    """End all other tasks; qasync lets them go one step further once its loop has stopped.

    Such a step can start nothing: there is no running loop then.
    """
    me = asyncio.current_task()
    while others := [task for task in asyncio.all_tasks() if task is not me]:
        for task in others:
            task.cancel()
        await asyncio.wait(others)


def _handler(
    on_error: ErrorSink | None,
) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.error("Unhandled in the event loop: %s", context.get("message", ""), exc_info=error)
        if on_error is not None and isinstance(error, BaseException):
            on_error(error)

    return handle


def is_running() -> bool:
    """Tell whether the loop runs; while the program ends, a timer may still fire without it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class TaskScope:
    """Hold the tasks of one page or window, and send their failures to one place.

    The loop keeps only weak references to tasks, so the scope keeps the strong ones.
    """

    def __init__(self, on_error: ErrorSink) -> None:
        self._on_error = on_error
        self._tasks: set[asyncio.Task[Any]] = set()
        self._aside: set[asyncio.Task[Any]] = set()

    @property
    def idle(self) -> bool:
        """Tell whether nothing runs."""
        return not self._tasks

    def start[T](
        self,
        work: Coroutine[Any, Any, T],
        *,
        on_error: ErrorSink | None = None,
        name: str = "",
        aside: bool = False,
    ) -> asyncio.Task[T]:
        """Start a task; its failure goes to ``on_error``, else to the scope's sink, once.

        What runs ``aside`` nobody waits for: ``stop`` leaves it alone, ``cancel`` does not.
        """
        task = asyncio.get_running_loop().create_task(work, name=name or None)
        self._tasks.add(task)
        if aside:
            self._aside.add(task)
        task.add_done_callback(lambda done: self._finish(done, on_error or self._on_error))
        return task

    def cancel(self) -> bool:
        """Ask every task to stop; tell whether there was one."""
        return self._cancel(self._tasks)

    def stop(self) -> bool:
        """Ask what somebody waits for to stop; tell whether there was anything."""
        return self._cancel(self._tasks - self._aside)

    def _cancel(self, tasks: Iterable[asyncio.Task[Any]]) -> bool:
        running = [task for task in tasks if not task.done()]
        for task in running:
            task.cancel()
        return bool(running)

    async def drained(self) -> None:
        """Wait until every task has ended, however it ends, and new ones they started too."""
        me = asyncio.current_task()
        while waiting := [task for task in self._tasks if task is not me]:
            await asyncio.wait(waiting)
            await asyncio.sleep(0)  # lets the done callbacks run

    def _finish(self, task: asyncio.Task[Any], sink: ErrorSink) -> None:
        self._tasks.discard(task)
        self._aside.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            sink(error)


async def run_blocking[T](func: Callable[..., T], *args: object) -> T:
    """Run a blocking call (keyring, file) on a daemon thread of its own and await its result.

    The loop's executor would hold up closing until the call returns; a daemon thread does not.
    Cancelling stops the waiting, not the call.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only if T allows it

    def work() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = func(*args)
        except BaseException as error:  # noqa: BLE001  handed to the one who awaits
            failure = error
        try:
            loop.call_soon_threadsafe(settle, result, failure)
        except RuntimeError:  # the loop was closed while the call ran: nobody waits any more
            _log.debug("A blocking call ended after the loop was closed")

    threading.Thread(target=work, name=f"blocking-{func!r}"[:60], daemon=True).start()
    return await future


async def until(predicate: Callable[[], bool], *, within: float = 30.0) -> None:
    """Wait until ``predicate`` holds; raise ``TimeoutError`` after ``within`` seconds."""
    async with asyncio.timeout(within):
        while not predicate():  # noqa: ASYNC110  any predicate, not an event
            await asyncio.sleep(0.005)


def detach(work: Awaitable[object]) -> asyncio.Future[object]:
    """Start work that outlives every scope, such as closing the window; the caller keeps it."""
    return asyncio.ensure_future(work)


class StallGauge(QObject):
    """Measure how long the GUI thread was kept from answering; log stalls over 100 ms."""

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = 10) -> None:
        super().__init__(parent)
        self.worst = 0.0
        self.stalls: list[float] = []
        self._interval = interval_ms / 1000
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0

    def start(self) -> None:
        """Start measuring afresh."""
        self.worst, self.stalls = 0.0, []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        """Stop and return the worst gap in seconds, beyond the interval itself."""
        self._tick()
        self._timer.stop()
        return self.worst

    def _tick(self) -> None:
        now = time.perf_counter()
        gap = max(0.0, now - self._last - self._interval)
        self._last = now
        self.worst = max(self.worst, gap)
        if gap > _STALL_SECONDS:
            self.stalls.append(gap)
            _log.warning("The window did not answer for %.0f ms", gap * 1000)
