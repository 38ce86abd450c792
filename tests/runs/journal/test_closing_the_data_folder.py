"""Threads of a window that is left come late to a journal that is closed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.secrets import MemoryStore


def test_a_thread_that_comes_late_does_not_open_the_journal_again(tmp_path: Path) -> None:
    services = Services(
        places=Places.in_folder(tmp_path),
        secrets=MemoryStore(),
        environ={},
        clock=lambda: datetime.now(UTC),
    )
    with ThreadPoolExecutor(1) as threads:
        assert len(threads.submit(lambda: services.journal).result().runs()) == 0
        services.close()
        services.places.journal_path.unlink()
        with pytest.raises(StorageError, match="closed meanwhile"):
            threads.submit(lambda: services.journal).result()
    assert not services.places.journal_path.exists()
    assert services.journal.runs() == []
    services.close()


# a window is left while a thread of it, which came first to the journal, is reading or writing
_LEFT = """
import sys, threading, time
from datetime import UTC, datetime
from pathlib import Path
from sparkwizard.errors import StorageError
from sparkwizard.runs.journal import Journal

at_it, opened = threading.Event(), []

def work():
    opened.append(Journal(Path(sys.argv[1]), lambda: datetime.now(UTC)))

    def slowly():
        at_it.set()
        time.sleep(0.1)

    opened[0]._db.set_progress_handler(slowly, 1)
    try:
        print(opened[0].runs() if sys.argv[2] == "reads" else opened[0].release_sync("p", "o"))
    except StorageError as error:
        print(error.message)

threading.Thread(target=work).start()
at_it.wait()
opened[0].close()
"""


@pytest.mark.parametrize("what", ["reads", "writes"])
def test_a_journal_is_not_closed_under_who_is_at_it(tmp_path: Path, what: str) -> None:
    path = tmp_path / "journal.sqlite3"
    Journal(path, lambda: datetime.now(UTC)).close()
    left = subprocess.run(
        [sys.executable, "-c", _LEFT, str(path), what], capture_output=True, text=True, check=False
    )
    assert (left.returncode, left.stderr) == (0, "")
    assert left.stdout.strip() in ("[]", "None", "The journal was closed meanwhile.")
