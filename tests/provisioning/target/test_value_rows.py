"""Rows of values are dicts to whoever reads, compares or encodes them."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from sparkwizard.provisioning.target.value_rows import value_rows

VALUES = st.one_of(st.none(), st.booleans(), st.text(), st.lists(st.text()), st.just(UNSET))
TARGETS = st.sampled_from(
    ["userName", "active", "name.givenName", 'emails[type eq "work"].value', "urn:a:b:c", "é"]
)


@given(st.dictionaries(TARGETS, VALUES, min_size=1))
def test_a_row_is_read_compared_and_encoded_as_a_dict(values: dict[str, object]) -> None:
    (row,) = value_rows({target: [value] for target, value in values.items()})
    known = {target: value for target, value in values.items() if value is not UNSET}
    assert isinstance(row, Mapping)
    assert list(row.items()) == list(known.items())
    assert (len(row), {**row}) == (len(known), known)
    assert row == known
    assert known == row
    for target in ("userName", "active", "nowhere"):
        assert row.get(target, "none") == known.get(target, "none")
        assert (target in row) == (target in known)
    assert msgspec.to_builtins(row) == known
    assert msgspec.json.encode(row, order="deterministic") == msgspec.json.encode(
        known, order="deterministic"
    )


def test_what_is_not_there_is_a_key_error() -> None:
    (row,) = value_rows({"title": [UNSET], "userName": ["a"]})
    with pytest.raises(KeyError, match="title"):
        row["title"]
    with pytest.raises(KeyError, match="nowhere"):
        row["nowhere"]
