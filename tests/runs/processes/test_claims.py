"""One window for each setup, whatever becomes of the process that shows it."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sparkwizard.runs.processes.claims import WIZARD, Claims, setup_key
from sparkwizard.setup.places import Places

_HOLDER = """
import sys, time
from pathlib import Path
from sparkwizard.runs.processes.claims import Claims
from sparkwizard.setup.places import Places
claims = Claims(Places.in_folder(Path(sys.argv[1])))
print(claims.take(sys.argv[2]), flush=True)
while sys.argv[3] == "answers":
    if claims.calls():
        print("called", flush=True)
    time.sleep(0.01)
time.sleep(60)
"""


@contextmanager
def another_process(
    folder: Path, key: str, how: str = "answers"
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _HOLDER, str(folder), key, how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "True\n"
            yield process
        finally:
            process.kill()


def here(folder: Path) -> Claims:
    return Claims(Places.in_folder(folder))


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_what_another_process_shows_is_not_shown_twice_but_called(tmp_path: Path) -> None:
    key = setup_key("contoso")
    with another_process(tmp_path, key) as other:
        claims = here(tmp_path)
        assert not claims.take(key)
        assert claims.call(key)
        assert other.stdout is not None
        assert other.stdout.readline() == "called\n"


def test_another_setup_is_shown_beside_it(tmp_path: Path) -> None:
    with another_process(tmp_path, setup_key("contoso")):
        claims = here(tmp_path)
        assert claims.take(setup_key("fabrikam"))
        assert claims.take(WIZARD)
        claims.close()


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    with another_process(tmp_path, WIZARD) as other:
        other.kill()
        other.wait()
        claims = here(tmp_path)
        assert eventually(lambda: claims.take(WIZARD))
        claims.close()


def test_a_window_that_hangs_is_not_waited_for_and_no_note_stays(tmp_path: Path) -> None:
    with another_process(tmp_path, WIZARD, "hangs"):
        claims = here(tmp_path)
        assert not claims.take(WIZARD)
        assert not claims.call(WIZARD, within=0.1)
        assert not list(claims.folder.glob("*.call"))


def test_what_is_given_back_is_free(tmp_path: Path) -> None:
    first, second = here(tmp_path), here(tmp_path)
    assert first.take(WIZARD)
    assert not second.take(WIZARD)
    first.give_back(WIZARD)
    assert second.take(WIZARD)
    second.close()


def test_a_call_is_heard_once(tmp_path: Path) -> None:
    claims = here(tmp_path)
    claims.take(WIZARD)
    heard: list[str] = []
    caller = threading.Thread(target=here(tmp_path).call, args=(WIZARD,))
    caller.start()

    def listening() -> bool:
        heard.extend(claims.calls())
        return bool(heard)

    assert eventually(listening)
    caller.join()
    assert heard == [WIZARD]
    assert claims.calls() == []
    claims.close()


def test_a_folder_that_cant_be_written_keeps_no_window_from_opening(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert here(tmp_path / "file").take(WIZARD)
