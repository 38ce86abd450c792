"""Make people of whole pages of Graph, column by column, as ``Selection.person`` makes each.

Nearly every page holds nothing but texts and booleans where they belong: it is decoded into structs
of just what is asked for, in little more than half the time that dicts take. Any other page is left
to ``attributes``, user by user, where the rules are told.
"""

import unicodedata
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec.structs import astuple

from sparkwizard.directory.entra_users.attributes import Place, Selection
from sparkwizard.directory.guest_names import presented_user_principal_name
from sparkwizard.provisioning.source.attributes import IS_SOFT_DELETED, describe_source
from sparkwizard.provisioning.source.columns import source_rows
from sparkwizard.provisioning.types import Person

__all__ = ["WholePages"]

_UPN, _ORIGINAL_UPN, _MANAGER = "userPrincipalName", "originalUserPrincipalName", "manager"
_ENABLED = "accountEnabled"
_DELETED = {True: "False", False: "True", None: "False"}
_WORDS = {True: "True", False: "False", None: None}

type _Column = Sequence[Any]
type _Reader = Callable[[_Column], _Column]

_TEXT = str | None
# a page where somebody lacks one, or has something else there, takes a closer look
_FILLED = Annotated[str, msgspec.Meta(min_length=1)]
_NEEDED = ("id", _UPN)
_SWITCHES = frozenset((_ENABLED, "onPremisesSyncEnabled"))


class _Manager(msgspec.Struct, gc=False):
    id: _TEXT = None


class _Identity(msgspec.Struct, gc=False):
    issuer: _TEXT = None


class WholePages:
    """Make the people of pages whose users were decoded as ``user``: no more than is asked for."""

    def __init__(self, selection: Selection) -> None:
        self._seen = selection.seen
        self._places = [(place, _reader(place)) for place in selection.places]
        self.user = _user_type(selection)

    def people(self, users: Sequence[Any]) -> list[Person]:
        """Return the people of one page; nobody where it was decoded as anything else."""
        if set(map(type, users)) != {self.user}:
            return []
        columns = zip(*map(astuple, users), strict=True)
        given = dict(zip(self.user.__struct_fields__, columns, strict=True))
        found = {place.name: read(given[place.graph]) for place, read in self._places}
        self._share(found)
        found[_ORIGINAL_UPN] = found[_UPN]
        found[_UPN] = _presented(found[_UPN])
        found[IS_SOFT_DELETED] = list(map(_DELETED.__getitem__, given[_ENABLED]))
        if _MANAGER in given:
            found[_MANAGER] = list(map(_id_of, given[_MANAGER]))
        return list(map(Person, map(str.lower, given["id"]), source_rows(found)))

    def _share(self, columns: dict[str, _Column]) -> None:
        """Let those who have the same text have one and the same."""
        seen = self._seen
        for place, _ in self._places:
            if place.shared:
                texts = columns[place.name]
                columns[place.name] = list(map(seen.setdefault, texts, texts))


# -- how a user is decoded -------------------------------------------------------------------------


def _user_type(selection: Selection) -> type[msgspec.Struct]:
    by_property: dict[str, list[Place]] = {}
    for place in selection.places:
        by_property.setdefault(place.graph, []).append(place)
    needed = [(name, _FILLED) for name in _NEEDED]
    others = [(g, _type_of(g, here), None) for g, here in by_property.items() if g not in _NEEDED]
    manager = [(_MANAGER, _Manager | None, None)] if selection.managers else []
    return msgspec.defstruct("User", [*needed, *others, *manager], gc=False)


def _type_of(graph: str, here: Sequence[Place]) -> Any:
    """Return the type of one of Graph's properties, as far as something is taken of it."""
    taken = {place.what for place in here}
    if graph in _SWITCHES:
        return bool | None
    if "issuer" in taken:
        return list[_Identity] | None
    if "first" in taken or any(map(_is_list, here)):
        return list[str] | None
    if taken == {""}:
        return str | bool | None if _is_extension(graph) else _TEXT
    return msgspec.defstruct("Part", [(name, _TEXT, None) for name in sorted(taken)]) | None


def _is_list(place: Place) -> bool:
    known = describe_source(place.name)
    return not place.what and known is not None and known.multi_valued


def _is_extension(graph: str) -> bool:
    return describe_source(graph) is None


# -- columns ---------------------------------------------------------------------------------------


def _reader(place: Place) -> _Reader:
    """Return what makes everybody's values of what they have at a place; None for none."""
    if place.graph == "id" or _is_list(place):
        return _as_they_are
    if place.graph in _SWITCHES:
        return lambda given: list(map(_WORDS.__getitem__, given))
    if place.what:
        take = _taker(place.what)
        return lambda given: _composed(take(given))
    if _is_extension(place.graph):
        return lambda given: _composed(_worded(given))
    return _composed


def _taker(what: str) -> _Reader:
    if what == "first":
        return _firsts
    if what == "issuer":
        return lambda given: _parts(_firsts(given), what)
    return lambda given: _parts(given, what)


def _as_they_are(given: _Column) -> _Column:
    return given


def _firsts(given: _Column) -> _Column:
    return [value[0] if value else None for value in given]


def _parts(given: _Column, name: str) -> _Column:
    take = attrgetter(name)
    return [None if value is None else take(value) for value in given]


def _worded(given: _Column) -> _Column:
    return [str(value) if isinstance(value, bool) else value for value in given]


def _composed(texts: _Column) -> _Column:
    """Return texts as Unicode composes them (NFC): of a text that is composed, every part is too.

    Source: Unicode Standard Annex 15, section 1.4, "closed under substringing".
    """
    every = "".join(filter(None, texts))
    if every.isascii() or unicodedata.is_normalized("NFC", every):
        return texts
    return [unicodedata.normalize("NFC", text) if text else text for text in texts]


def _presented(names: Sequence[str]) -> Sequence[str]:
    if "#" not in "".join(names):
        return names
    return [presented_user_principal_name(name) if "#" in name else name for name in names]


def _id_of(manager: _Manager | None) -> str | None:
    return manager.id.lower() if manager is not None and manager.id else None
