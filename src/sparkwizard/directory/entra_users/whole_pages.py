"""Make people of whole pages of Graph, column by column, as ``Selection.person`` makes each.

Nearly every page holds nothing but texts and booleans where they belong. Any other is left to
``attributes``, user by user, where the rules are told.
"""

import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from sparkwizard.directory.entra_users.attributes import Selection
from sparkwizard.directory.guest_names import presented_user_principal_name
from sparkwizard.provisioning.source_attributes import IS_SOFT_DELETED
from sparkwizard.provisioning.source_columns import SourceRow
from sparkwizard.provisioning.types import Person

__all__ = ["people_of_page"]

_UPN, _ORIGINAL_UPN, _MANAGER = "userPrincipalName", "originalUserPrincipalName", "manager"
_composed = partial(unicodedata.normalize, "NFC")


def people_of_page(selection: Selection, users: Sequence[Any]) -> list[Person]:
    """Return the people of one page; nobody where that takes a closer look."""
    if set(map(type, users)) != {dict}:
        return []
    ids = [user.get("id") for user in users]
    columns = _columns(selection, users)
    if columns is None or set(map(type, ids)) != {str} or "" in ids or "" in columns[_UPN]:
        return []
    columns[_ORIGINAL_UPN] = columns[_UPN]
    if "#" in "".join(columns[_UPN]):
        columns[_UPN] = list(map(presented_user_principal_name, columns[_UPN]))
    columns[IS_SOFT_DELETED] = [_deleted(user.get("accountEnabled")) for user in users]
    managers = [user.get(_MANAGER) for user in users]
    columns[_MANAGER] = list(map(_id_of, managers)) if any(managers) else [""] * len(users)
    header = {name: place for place, name in enumerate(columns)}
    return [
        Person(own.lower(), SourceRow(header, cells))
        for own, cells in zip(ids, zip(*columns.values(), strict=True), strict=True)
    ]


def _columns(selection: Selection, users: Sequence[Any]) -> dict[str, list[str]] | None:
    """Return everybody's texts by Entra's names, empty for none; None where one is no text."""
    found: dict[str, list[str]] = {}
    for graph, name, take, shared in selection.places:
        given = [user.get(graph) for user in users]
        texts = _texts(list(map(take, given)) if take else given)
        if texts is None:
            return None
        seen = selection.seen
        found[name] = list(map(seen.setdefault, texts, texts)) if shared else texts
        seen.pop("", None)  # an empty text is no value
    return found


def _texts(values: list[Any]) -> list[str] | None:
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {bool}:
        return ["" if value is None else str(value) for value in values]
    if not kinds <= {str}:
        return None
    texts = cast("list[str]", ["" if value is None else value for value in values])
    return texts if "".join(texts).isascii() else list(map(_composed, texts))


def _deleted(enabled: object) -> str:
    return "True" if enabled is False else "False"


def _id_of(manager: Any) -> str:
    own = manager.get("id") if isinstance(manager, dict) else None
    return own.lower() if isinstance(own, str) else ""
