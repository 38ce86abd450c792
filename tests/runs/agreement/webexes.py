"""Sorts of Webex that a story may be told against."""

from collections.abc import Mapping
from typing import Any

from tests.runs.tenant import Company

__all__ = ["SORTS", "as_it_is"]

SORTS: Mapping[str, Mapping[str, Any]] = {
    "with Bulk": {},
    "without Bulk": {},
    "with a Bulk that partly fails": {"bulk_fails_every": 3},
    "in small pages": {"most_on_a_page": 2},
}


def as_it_is(company: Company, sort: str) -> Mapping[str, Any]:
    """Let the company's Webex be of a sort; return what is always the matter with it."""
    if sort == "without Bulk":
        company.without_bulk()
    return SORTS[sort]
