"""Values of one user by target, without a dict of their own.

A plan holds the state that it rests on for everybody. A dict takes four times the memory, and most
of the time that making, sealing and freeing an unchanged person's action takes.
"""

import re
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from functools import cache
from typing import Any, ClassVar, cast

import msgspec
from msgspec import UNSET

from sparkwizard.provisioning.types import Json

__all__ = ["ValueRow", "value_rows"]


class ValueRow(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Look values up by target as in a dict, and be encoded as one; an unset one is not there."""

    _field_of: ClassVar[Mapping[str, str]] = {}

    def __getitem__(self, target: str) -> Json:
        value = getattr(self, self._field_of[target])
        if value is UNSET:
            raise KeyError(target)
        return cast("Json", value)

    def __iter__(self) -> Iterator[str]:
        return (
            target for target, name in self._field_of.items() if getattr(self, name) is not UNSET
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, target: object) -> bool:
        return any(target == one for one in self)

    def get(self, target: str, default: Any = None) -> Any:
        """Return the value at a target, ``default`` where there is none."""
        name = self._field_of.get(target)
        value = UNSET if name is None else getattr(self, name)
        return default if value is UNSET else value

    def keys(self) -> KeysView[str]:
        """Return the targets."""
        return KeysView(self)

    def items(self) -> ItemsView[str, Json]:
        """Return targets and values."""
        return ItemsView(self)

    def values(self) -> ValuesView[Json]:
        """Return the values."""
        return ValuesView(self)

    __hash__ = None  # type: ignore[assignment]  # equal to dicts

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == other if isinstance(other, Mapping) else NotImplemented


Mapping.register(ValueRow)


def value_rows(columns: Mapping[str, Sequence[object]]) -> Iterator[Mapping[str, Json]]:
    """Return the values at each place of these columns, by target; UNSET for no value.

    Targets come in the order of ``columns``, but are encoded sorted, as those of a dict are where
    a digest is made. Names with a quote, which no field can have, are those of dicts.
    """
    if any(map(_ODD.search, columns)):
        rows = zip(*columns.values(), strict=True)
        return (_without_gaps(dict(zip(columns, row, strict=True))) for row in rows)
    return map(_row_type(tuple(columns)), *(columns[target] for target in sorted(columns)))


_ODD = re.compile(r'["\\\x00-\x1f]')


def _without_gaps(values: dict[str, object]) -> dict[str, Json]:
    kept = {target: value for target, value in values.items() if value is not UNSET}
    return cast("dict[str, Json]", kept)


@cache
def _row_type(targets: tuple[str, ...]) -> Callable[..., Mapping[str, Json]]:
    """Return what makes a row of values, given in the order of the sorted targets."""
    names = {target: f"value_{place}" for place, target in enumerate(sorted(targets))}
    made = msgspec.defstruct(
        "ValueRow",
        [(name, Any) for name in names.values()],
        bases=(ValueRow,),
        namespace={"_field_of": {target: names[target] for target in targets}},
        rename={name: target for target, name in names.items()},
        frozen=True,
        eq=False,
        gc=False,
    )
    return cast("Callable[..., Mapping[str, Json]]", made)
