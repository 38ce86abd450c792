"""Write tables as TOML into a text that is already there, keeping its comments and order."""

import tomllib
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from sparkwizard.setup.wire import Toml

__all__ = ["with_comments_of"]

# What tells the entries of a list of sections apart, first that is there.
_NAMES = ("target", "name", "attribute")


def with_comments_of(before: str, content: Mapping[str, Toml]) -> str:
    """Return ``content`` as TOML text that keeps what it can of the text before.

    What the text says is checked by reading it back: rather than wrong, it comes without comments.
    """
    try:
        document = tomlkit.parse(before)
        _update(document, content)
        text = tomlkit.dumps(document)
        if before and tomllib.loads(text) == content:
            return text
    except (TOMLKitError, ValueError, LookupError, TypeError, RecursionError):
        pass  # the file is damaged, or edited in a way tomlkit can't follow
    return _fresh(content)


def _fresh(content: Mapping[str, Toml]) -> str:
    document = tomlkit.document()
    _update(document, content)
    return tomlkit.dumps(document)


# tomlkit's containers are typed as holding Any: the reading back above is what vouches for them.
def _update(target: MutableMapping[str, Any], content: Mapping[str, Toml]) -> None:
    for key in [key for key in target if key not in content]:
        del target[key]
    for key, value in content.items():
        old = target.get(key)
        if old is not None and _plain(old) == value and type(_plain(old)) is type(value):
            continue
        if isinstance(value, dict) and isinstance(old, Table):
            _update(old, value)
        elif _is_sections(value):
            target[key] = _sections(old, cast("list[dict[str, Toml]]", value))
        else:
            target[key] = _item(value)


def _sections(old: object, entries: list[dict[str, Toml]]) -> AoT:
    """Return a list of sections, each taken over with its comments from the old one if it can."""
    left = list(old.body) if isinstance(old, AoT) else []
    sections = tomlkit.aot()
    for entry in entries:
        found = next((table for table in left if _same(table, entry)), None)
        if found is None:
            sections.append(_item(entry))
        else:
            left.remove(found)
            _update(found, entry)
            sections.append(found)
    return sections


def _same(table: Table, entry: Mapping[str, Toml]) -> bool:
    return any(name in entry and table.get(name) == entry[name] for name in _NAMES)


def _is_sections(value: Toml) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _item(value: Toml) -> Any:
    if isinstance(value, dict):
        table = tomlkit.table()
        _update(table, value)
        return table
    return tomlkit.item(value)


def _plain(item: Any) -> object:
    return item.unwrap() if hasattr(item, "unwrap") else item
