"""Tell of people in delta queries."""

from collections.abc import Iterable, Iterator
from typing import Any

from sparkwizard.practice.entra.directory import Change, Directory
from sparkwizard.practice.entra.people import DEFAULT_PROPERTIES, PROPERTIES
from sparkwizard.practice.graph.delta.state import DeltaState

_PAGE = 200


class UserDelta:
    """Know what there is to tell of people; ``manager`` may be selected like a property."""

    kind = "user"
    collection = "users"

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def known(self) -> Iterable[str]:
        """Return what may be selected."""
        return (*PROPERTIES, "manager")

    def everything(self, state: DeltaState) -> tuple[list[dict[str, Any]], int | None]:
        """Return a page of the first round, and where the next one begins."""
        users = self._directory.users
        end = min(state.position + _PAGE, users.end)
        ids = (users.at(place) for place in range(state.position, end))
        page = [self._whole(one, state) for one in ids if one is not None and state.wants(one)]
        return page, end if end < users.end else None

    def changed(
        self, state: DeltaState, changes: list[Change], *, minimal: bool
    ) -> Iterator[dict[str, Any]]:
        """Yield whoever changed in something that is selected."""
        selected = frozenset(state.select or (*DEFAULT_PROPERTIES, "manager"))
        latest: dict[str, list[Change]] = {}
        for change in changes:
            if state.wants(change.id):
                latest.setdefault(change.id, []).append(change)
        for identifier, own in latest.items():
            names = frozenset().union(*(one.properties for one in own))
            if identifier not in self._directory.users:
                gone = next(one.gone for one in reversed(own) if one.gone)
                yield {"id": identifier, "@removed": {"reason": gone}}
            elif names & selected:
                yield self._shown(identifier, state, own, names if minimal else None)

    def _whole(self, identifier: str, state: DeltaState) -> dict[str, Any]:
        shown = self._directory.users.chosen(identifier, _names(state))
        manager = self._directory.managers.get(identifier)
        if "manager" in state.select and manager is not None:
            shown["manager@delta"] = [_reference(manager)]
        return shown

    def _shown(
        self,
        identifier: str,
        state: DeltaState,
        own: list[Change],
        only: frozenset[str] | None,
    ) -> dict[str, Any]:
        names = _names(state)
        if only is not None:
            names = tuple(name for name in names if name == "id" or name in only)
        shown = self._directory.users.chosen(identifier, names)
        if "manager" in state.select:
            moved = {one.member: one.joined for one in own if one.properties == {"manager"}}
            if moved:
                shown["manager@delta"] = [
                    _reference(member) if joined else _removed(member)
                    for member, joined in moved.items()
                ]
        return shown


def _names(state: DeltaState) -> tuple[str, ...]:
    chosen = state.select or DEFAULT_PROPERTIES
    return tuple(dict.fromkeys((*(name for name in chosen if name != "manager"), "id")))


def _reference(identifier: str) -> dict[str, Any]:
    return {"@odata.type": "#microsoft.graph.user", "id": identifier}


def _removed(identifier: str) -> dict[str, Any]:
    return {**_reference(identifier), "@removed": {"reason": "deleted"}}
