"""What goes through everybody in portions gives what a single call would."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning import portions
from sparkwizard.provisioning.portions import all_differ, fill, let_go, set_of, sorted_by

TEXTS = st.lists(st.text("abC", max_size=3), max_size=60)


@pytest.fixture(autouse=True, scope="module")
def _small_portions() -> Iterable[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(portions, "PORTION", 4)
        patched.setattr(portions, "_SAMPLED", 2)
        yield


@given(TEXTS)
def test_they_are_sorted_as_python_sorts_them(texts: list[str]) -> None:
    things = list(enumerate(texts))

    def folded(thing: tuple[int, str]) -> str:
        return thing[1].casefold()

    assert sorted_by(things, folded) == sorted(things, key=folded)


@given(TEXTS)
def test_a_set_holds_each_once_and_tells_whether_all_differ(texts: list[str]) -> None:
    assert set_of(texts) == set(texts)
    assert all_differ(texts) == (len(set(texts)) == len(texts))


@given(TEXTS)
def test_of_several_under_one_key_the_last_stays(texts: list[str]) -> None:
    table: dict[str, int] = {}
    fill(table, texts, range(len(texts)))
    assert table == dict(zip(texts, range(len(texts)), strict=True))


@given(TEXTS)
def test_a_list_is_let_go_to_its_end(texts: list[str]) -> None:
    let_go(texts)
    assert texts == []
