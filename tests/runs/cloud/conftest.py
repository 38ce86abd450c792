from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.runs.cloud.set_up import SetUp, open_set_up


@pytest_asyncio.fixture
async def set_up(tmp_path: Path, no_waiting: None) -> AsyncIterator[SetUp]:
    async with open_set_up(tmp_path) as opened:
        yield opened
