"""Hold the people of the directory, in the order in which they came."""

from collections.abc import Iterator
from typing import Any

from sparkwizard.practice.entra.people import PROPERTIES, Row, chosen_properties, graph_user
from sparkwizard.practice.json_values import JsonObject


class Users:
    """Keep people by id and by name; those nobody edited stay as the cells they came from."""

    def __init__(self) -> None:
        self._order: list[str | None] = []
        self._places: dict[str, int] = {}
        self._rows: dict[str, tuple[Row, int]] = {}
        self._edited: dict[str, JsonObject] = {}
        self._ids_by_name: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._places

    def __iter__(self) -> Iterator[str]:
        return (one for one in list(self._order) if one is not None)

    @property
    def end(self) -> int:
        """Return the place behind the last person; places never move."""
        return len(self._order)

    def add_row(self, row: Row) -> str:
        """Add a person of the company's file and return the id."""
        number = len(self._rows)
        identifier: str = PROPERTIES["id"](row, number)
        self._rows[identifier] = (row, number)
        self._take_place(identifier, PROPERTIES["userPrincipalName"](row, number))
        return identifier

    def add(self, user: JsonObject) -> None:
        """Add a person with all properties."""
        self._edited[user["id"]] = user
        self._take_place(user["id"], user["userPrincipalName"])

    def replace(self, user: JsonObject) -> None:
        """Put a person's new properties in the place of the old ones."""
        old = self.get(user["id"])
        self._ids_by_name.pop(old["userPrincipalName"].casefold(), None)
        self._ids_by_name[user["userPrincipalName"].casefold()] = user["id"]
        self._edited[user["id"]] = user

    def remove(self, identifier: str) -> JsonObject:
        """Take a person out and return what was known of them."""
        user = self.get(identifier)
        self._order[self._places.pop(identifier)] = None
        self._edited.pop(identifier, None)
        self._ids_by_name.pop(user["userPrincipalName"].casefold(), None)
        return user

    def get(self, identifier: str) -> JsonObject:
        """Return all properties of a person, as a fresh object; raises KeyError."""
        if identifier not in self._places:
            raise KeyError(identifier)
        edited = self._edited.get(identifier)
        return dict(edited) if edited is not None else graph_user(*self._rows[identifier])

    def chosen(self, identifier: str, names: tuple[str, ...]) -> dict[str, Any]:
        """Return only these properties of a person."""
        edited = self._edited.get(identifier)
        if edited is not None:
            return {name: edited[name] for name in names}
        return chosen_properties(*self._rows[identifier], names)

    def find(self, id_or_name: str) -> str | None:
        """Return the id of a person known by id or user principal name, whatever its case."""
        lowered = id_or_name.casefold()
        if lowered in self._places:
            return lowered
        return self._ids_by_name.get(lowered)

    def at(self, place: int) -> str | None:
        """Return who holds a place, None where the person has gone."""
        return self._order[place]

    def _take_place(self, identifier: str, name: str) -> None:
        self._places[identifier] = len(self._order)
        self._order.append(identifier)
        self._ids_by_name[name.casefold()] = identifier
