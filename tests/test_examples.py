"""A build that changed nothing about a property sees the examples it saw before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import examples

ROOT = Path(__file__).parents[1]
# prints what a property sees, in a process that has imported a part of the program before
SEEN = """
import sys
from hypothesis import given, settings, strategies as st
from tests.examples import examples, register_profiles

register_profiles()
settings.load_profile(sys.argv[1])
for room in sys.argv[2:]:
    __import__(room)

@given(st.lists(st.text() | st.integers() | st.floats()), st.sampled_from(["a", "b"]))
@settings(max_examples=examples(150))
def held(values, other):
    print(ascii(values), other)

held()
"""


def seen(profile: str, *rooms: str, hashes: str = "0") -> str:
    return subprocess.run(
        [sys.executable, "-c", SEEN, profile, *rooms],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hashes, "SPARKWIZARD_SEARCH": "2"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_examples_are_the_same_whatever_was_imported_before_and_in_any_process() -> None:
    alone = seen("repeatable")
    assert seen("repeatable", "sparkwizard.provisioning.mapping.filling", hashes="1") == alone
    assert alone.count("\n") == 150


def test_a_search_sees_more_and_others_each_time() -> None:
    first, second = seen("search"), seen("search")
    assert first != second
    assert first.count("\n") == 300


def test_this_run_sees_as_many_as_a_property_asks_for(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--hypothesis-profile") == "search":
        assert examples(8) > 8
    else:
        assert examples(8) == 8
