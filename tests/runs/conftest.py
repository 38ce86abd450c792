"""What the tests of the runs room share: a journal on disk, a clock, and a company to work on."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from sparkwizard.net.retry import set_waiting
from sparkwizard.runs.journal import Journal
from tests.runs.tenant import NOW, Company, open_company


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOW


@pytest.fixture
def journal(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite3", clock) as opened:
        yield opened


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Retry at once."""
    set_waiting(False)
    yield
    set_waiting(True)


@pytest_asyncio.fixture
async def company(tmp_path: Path, no_waiting: None) -> AsyncIterator[Company]:
    async with open_company(tmp_path) as opened:
        yield opened
