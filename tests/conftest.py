"""What holds for every test.

Speed is for the benchmarks, so no property has a deadline. Whatever is asked of a Graph is held to
Microsoft's description of it.
"""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.graph_contract.watching import faults_so_far, watching

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")


@pytest.fixture(scope="session", autouse=True)
def _every_graph_is_watched() -> Iterator[None]:
    with watching():
        yield


@pytest.fixture(autouse=True)
def _graph_is_asked_as_microsoft_describes_it() -> Iterator[None]:
    yield
    assert faults_so_far() == []
