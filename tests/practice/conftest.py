"""Run a practice tenant for each test, and speak to it as its administrator."""

from collections.abc import Iterator

import httpx
import pytest

from sparkwizard.practice import PracticeServer, serve_in_thread


@pytest.fixture
def practice() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def webex(practice: PracticeServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=practice.tenant_url,
        headers={"Authorization": f"Bearer {practice.token}"},
        trust_env=False,
        verify=False,
    ) as client:
        yield client
