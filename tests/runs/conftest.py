"""What the tests of the runs room share: a journal on disk and a clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.runs.journal import Journal

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOW


@pytest.fixture
def journal(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite3", clock) as opened:
        yield opened
