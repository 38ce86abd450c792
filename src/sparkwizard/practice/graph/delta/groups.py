"""Tell of groups in delta queries, and of who came into them and who left."""

from collections.abc import Iterable, Iterator
from typing import Any

from sparkwizard.practice.entra.directory import GROUP_PROPERTIES, Change, Directory
from sparkwizard.practice.graph.delta.state import DeltaState

_PAGE = 50
# a group with more members comes again on the same page or the next, with the rest
_MEMBERS_AT_ONCE = 100


class GroupDelta:
    """Know what there is to tell of groups."""

    kind = "group"
    collection = "groups"

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def known(self) -> Iterable[str]:
        """Return what may be selected."""
        return (*GROUP_PROPERTIES, "members")

    def everything(self, state: DeltaState) -> tuple[list[dict[str, Any]], int | None]:
        """Return a page of the first round, and where the next one begins."""
        entries = [one for group in self._directory.groups for one in self._parts(group, state)]
        end = state.position + _PAGE
        return entries[state.position : end], end if end < len(entries) else None

    def changed(
        self, state: DeltaState, changes: list[Change], *, minimal: bool
    ) -> Iterator[dict[str, Any]]:
        """Yield the groups that changed in something that is selected."""
        selected = frozenset(state.select or (*GROUP_PROPERTIES, "members"))
        latest: dict[str, list[Change]] = {}
        for change in changes:
            if state.wants(change.id):
                latest.setdefault(change.id, []).append(change)
        for identifier, own in latest.items():
            names = frozenset().union(*(one.properties for one in own))
            group = self._directory.groups.get(identifier)
            if group is None:
                yield {"id": identifier, "@removed": {"reason": "changed"}}
            elif names & selected:
                shown = {
                    name: group[name]
                    for name in _names(state)
                    if name == "id" or not minimal or name in names
                }
                yield shown | self._moved(own, selected)

    def _parts(self, identifier: str, state: DeltaState) -> Iterator[dict[str, Any]]:
        if not state.wants(identifier):
            return
        group = self._directory.groups[identifier]
        shown: dict[str, Any] = {name: group[name] for name in _names(state)}
        if state.select and "members" not in state.select:
            yield shown
            return
        members = self._directory.members(identifier)
        for start in range(0, max(len(members), 1), _MEMBERS_AT_ONCE):
            chunk = members[start : start + _MEMBERS_AT_ONCE]
            told = {"members@delta": [self._reference(one) for one in chunk]} if chunk else {}
            yield shown | told
            shown = {"id": identifier}

    def _moved(self, own: list[Change], selected: frozenset[str]) -> dict[str, Any]:
        moved = {one.member: one.joined for one in own if one.member}
        if not moved or "members" not in selected:
            return {}
        return {
            "members@delta": [
                self._reference(member)
                if joined
                else {**self._reference(member), "@removed": {"reason": "deleted"}}
                for member, joined in moved.items()
            ]
        }

    def _reference(self, identifier: str) -> dict[str, Any]:
        kind = "group" if identifier in self._directory.groups else "user"
        return {"@odata.type": f"#microsoft.graph.{kind}", "id": identifier}


def _names(state: DeltaState) -> tuple[str, ...]:
    chosen = state.select or GROUP_PROPERTIES
    return tuple(dict.fromkeys((*(name for name in chosen if name != "members"), "id")))
