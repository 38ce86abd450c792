"""What holds for every test.

Properties see the same examples each time, unless a search is asked for (``examples``). Whatever is
asked of a Graph is held to Microsoft's description of it.
"""

from collections.abc import Iterator

import pytest

from tests.examples import register_profiles
from tests.graph_contract.watching import faults_so_far, watching

register_profiles()


@pytest.fixture(scope="session", autouse=True)
def _every_graph_is_watched() -> Iterator[None]:
    with watching():
        yield


@pytest.fixture(autouse=True)
def _graph_is_asked_as_microsoft_describes_it() -> Iterator[None]:
    yield
    assert faults_so_far() == []
