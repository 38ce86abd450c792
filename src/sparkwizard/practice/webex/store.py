"""Keep resources in memory as the bytes that go over the wire, a hundred thousand of them."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sparkwizard.practice.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Record:
    """Hold one version of a resource; ``key`` is its lower-case name, ``modified`` ISO text."""

    id: str
    key: str
    modified: str
    raw: bytes

    def decode(self) -> JsonObject:
        """Return the resource as a fresh object that the caller may change."""
        content: JsonObject = msgspec.json.decode(self.raw)
        return content


class Store:
    """Keep the records of one kind in the order of their creation, found by id and by key."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._records: dict[str, Record] = {}
        self._ids_by_key: dict[str, str] = {}
        self._order: list[Record] | None = None
        self._changes: deque[tuple[float, str, Record | None]] = deque()

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def get(self, identifier: str) -> Record | None:
        """Return the current version of a record."""
        return self._records.get(identifier)

    def id_of(self, key: str) -> str | None:
        """Return the id of the record with this key, whatever its case."""
        return self._ids_by_key.get(key.casefold())

    def put(self, record: Record, *, remember_for: float = 0) -> None:
        """Add or replace a record; ``remember_for`` keeps the old one for lists that lag."""
        old = self._records.get(record.id)
        self._remember(record.id, old, remember_for)
        if old is not None and old.key != record.key:
            self._ids_by_key.pop(old.key, None)
        self._records[record.id] = record
        self._ids_by_key[record.key] = record.id
        self._order = None

    def remove(self, identifier: str, *, remember_for: float = 0) -> None:
        """Remove a record."""
        old = self._records.pop(identifier)
        self._remember(identifier, old, remember_for)
        if self._ids_by_key.get(old.key) == identifier:
            del self._ids_by_key[old.key]
        self._order = None

    def listed(self, lag: float = 0) -> Sequence[Record]:
        """Return all records as a list answers them, ``lag`` seconds behind the writes."""
        if lag > 0 and (earlier := self._earlier(self._clock() - lag)):
            return self._rewound(earlier)
        if self._order is None:
            self._order = list(self._records.values())
        return self._order

    def lags_behind(self, lag: float) -> bool:
        """Tell whether a list that lags this much differs from the current state."""
        return lag > 0 and bool(self._earlier(self._clock() - lag))

    def _remember(self, identifier: str, old: Record | None, seconds: float) -> None:
        if seconds <= 0:
            return
        now = self._clock()
        self._changes.append((now, identifier, old))
        while self._changes and self._changes[0][0] < now - seconds:
            self._changes.popleft()

    def _earlier(self, moment: float) -> Mapping[str, Record | None]:
        """Return the state at a moment of everything that has changed since."""
        earlier: dict[str, Record | None] = {}
        for when, identifier, old in self._changes:
            if when > moment:
                earlier.setdefault(identifier, old)
        return earlier

    def _rewound(self, earlier: Mapping[str, Record | None]) -> list[Record]:
        shown = [earlier.get(one.id, one) for one in self._records.values()]
        gone = [old for id_, old in earlier.items() if id_ not in self._records]
        return [one for one in (*shown, *gone) if one is not None]
