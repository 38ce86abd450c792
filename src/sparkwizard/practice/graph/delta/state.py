"""Write into the links of a delta query how far it came."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import msgspec

from sparkwizard.practice.graph.answers import bad_request
from sparkwizard.practice.graph.odata.filters import read_filter
from sparkwizard.practice.graph.odata.query import pack, read_select, unpack

_IDS_AT_MOST = 50


class DeltaState(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Hold what a link remembers.

    ``since`` None is the first round, which tells everything; else it is the number of the first
    change to tell of, and ``until`` that of the first one not to. ``position`` is where the next
    page begins.
    """

    kind: str
    epoch: str = ""
    select: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    since: int | None = None
    until: int = 0
    position: int = 0
    empty_pages: int = 0
    repeat: dict[str, Any] | None = None

    @classmethod
    def fresh(
        cls, given: Mapping[str, str], *, known: Iterable[str], kind: str, until: int
    ) -> Self:
        """Return the state of a query that begins; raises GraphRefusal (400)."""
        for name in given:
            if name in ("$top", "$expand", "$orderby", "$search", "$count", "$skip"):
                raise bad_request(f"'{name}' is not supported with delta queries.")
        select = read_select(given.get("$select", ""), known, kind)
        return cls(kind=kind, select=select, ids=_ids(given.get("$filter", "")), until=until)

    def skip_everything(self) -> None:
        """Tell nothing but the link from which changes count (``$deltatoken=latest``)."""
        self.since, self.empty_pages = self.until, 0

    def after_empty_page(self) -> Self:
        """Return the state behind a page that told nothing."""
        return msgspec.structs.replace(self, empty_pages=self.empty_pages - 1)

    def at(self, position: int | None, empty_pages: int) -> Self:
        """Return the state at the beginning of the next page."""
        return msgspec.structs.replace(self, position=position or 0, empty_pages=empty_pages)

    def next_round(self) -> Self:
        """Return the state from which the next round tells what changed."""
        return msgspec.structs.replace(
            self, since=self.until, position=0, empty_pages=0, repeat=None
        )

    def wants(self, identifier: str) -> bool:
        """Tell whether an object is asked for."""
        return not self.ids or identifier in self.ids

    def word(self) -> str:
        """Return the state as one opaque word."""
        return pack(msgspec.to_builtins(self))


def read_state(word: str) -> DeltaState:
    """Return the state behind a word; raises GraphRefusal (400) for one that was made up."""
    try:
        return msgspec.convert(unpack(word), DeltaState)
    except msgspec.ValidationError as error:
        raise bad_request("The token in the link is not valid.", "Request_BadRequest") from error


def _ids(text: str) -> tuple[str, ...]:
    """Return the ids of ``id eq 'a' or id eq 'b'``, the only filter of a delta query."""
    if not text:
        return ()
    read_filter(text)
    parts = [one.strip() for one in text.split(" or ")]
    ids = [one.removeprefix("id eq ").strip("'") for one in parts if one.startswith("id eq ")]
    if len(ids) != len(parts) or len(ids) > _IDS_AT_MOST:
        raise bad_request("A delta query is filtered by at most 50 ids.")
    return tuple(ids)
