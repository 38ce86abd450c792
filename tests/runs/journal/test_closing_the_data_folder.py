"""Threads of a window that is left come late to a journal that is closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.errors import StorageError
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
