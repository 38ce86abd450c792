"""Speak to the practice Graph as the tenant's administrator."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from sparkwizard.practice import PracticeServer, serve_in_thread
from tests.graph_contract.checking import FILE, contract
from tests.practice.graph.setting_up import Cloud

type Get = Callable[..., dict[str, Any]]


@pytest.fixture
def practice() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        server.entra_faults.application_lag = 0
        server.entra_faults.cycle_seconds = 0
        yield server
        if FILE.is_file():  # where this clone stands alone, tests/graph_contract says so
            assert contract().faults_of_answers(server.graph_log) == []


@pytest.fixture
def graph(practice: PracticeServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=practice.graph_url,
        headers={"Authorization": f"Bearer {practice.graph_token}"},
        trust_env=False,
    ) as client:
        yield client


@pytest.fixture
def get(graph: httpx.Client) -> Get:
    """Return what reads one address and hands on its JSON, having checked the status."""

    def read(path: str, status: int = 200, **headers: str) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = graph.get(path, headers=named)
        assert answer.status_code == status, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return read


@pytest.fixture
def cloud(practice: PracticeServer, graph: httpx.Client) -> Cloud:
    """Return an application with a job, its secrets saved, everybody in scope, not started."""
    made = Cloud(practice, graph)
    made.save_secrets(SyncAll="true")
    return made


@pytest.fixture
def running(cloud: Cloud) -> Cloud:
    """Return a job behind its initial cycle, with everybody in scope."""
    cloud.start()
    cloud.cycle()
    return cloud
