"""Keep people, groups and who belongs where, and remember every change for delta queries."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sparkwizard.practice.entra.people import COMPANY, NOBODY, PROPERTIES, Row
from sparkwizard.practice.entra.users import Users
from sparkwizard.practice.json_values import JsonObject

type Kind = Literal["user", "group"]

GROUP_PROPERTIES = (
    *("id", "deletedDateTime", "classification", "createdDateTime", "description"),
    *("displayName", "expirationDateTime", "groupTypes", "isAssignableToRole", "mail"),
    *("mailEnabled", "mailNickname", "membershipRule", "membershipRuleProcessingState"),
    *("onPremisesLastSyncDateTime", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled"),
    *("preferredDataLocation", "preferredLanguage", "proxyAddresses", "renewedDateTime"),
    *("securityEnabled", "securityIdentifier", "theme", "visibility"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """Record one change; ``member`` is who came into or left a group, or became a manager."""

    kind: Kind
    id: str
    properties: frozenset[str]
    member: str = ""
    gone: Literal["", "changed", "deleted"] = ""
    joined: bool = True


class Directory:
    """Hold the directory of the practice tenant; every edit is a method of its own.

    Edits may come from another thread than the server's.
    """

    def __init__(self, clock: Callable[[], float], new_id: Callable[[], str], domain: str) -> None:
        self.users = Users()
        self.groups: dict[str, JsonObject] = {}
        self.deleted: dict[str, JsonObject] = {}
        self.managers: dict[str, str] = {}
        self.domain = domain
        self.changes: list[Change] = []
        self._members: dict[str, dict[str, None]] = {}
        self._groups_of: dict[str, dict[str, None]] = {}
        # links of another process lead nowhere here
        self.epoch = str(clock())
        self._clock = clock
        self._new_id = new_id
        self._lock = threading.RLock()

    @property
    def revision(self) -> int:
        """Return a number that grows with every change."""
        return len(self.changes)

    def add_row(self, row: Row) -> str:
        """Add a person of the company's file, as something that has always been there."""
        return self.users.add_row(row)

    def add_person(self, **properties: Any) -> JsonObject:
        """Add a person; ``userPrincipalName`` is needed, everything else has a default."""
        name: str = properties["userPrincipalName"]
        user: JsonObject = dict.fromkeys(PROPERTIES)
        user |= {name: [] for name in PROPERTIES if isinstance(_SAMPLE[name], list)}
        user |= {
            "id": self._new_id(),
            "accountEnabled": True,
            "companyName": COMPANY,
            "createdDateTime": self.now(),
            "displayName": name.partition("@")[0],
            "mailNickname": name.partition("@")[0],
            "onPremisesExtensionAttributes": dict(_SAMPLE["onPremisesExtensionAttributes"]),
            "userType": "Member",
        }
        user |= _known(properties)
        with self._lock:
            if self.users.find(name) is not None:
                raise ValueError(f"{name} is taken.")
            self.users.add(user)
            self._note("user", user["id"], PROPERTIES)
        return user

    def change_person(self, id_or_name: str, **properties: Any) -> JsonObject:
        """Change properties of a person under their Graph names; ``manager`` takes an id or name.

        Raises KeyError for an unknown person or property, ValueError for a name that is taken.
        """
        with self._lock:
            identifier = self.person_id(id_or_name)
            name = str(properties.get("userPrincipalName", ""))
            if self.users.find(name) not in (None, identifier):
                raise ValueError(f"{name} is taken.")
            if "manager" in properties:
                self.set_manager(identifier, properties.pop("manager"))
            before = self.users.get(identifier)
            user = before | _known(properties)
            self.users.replace(user)
            if changed := {name for name in user if user[name] != before[name]}:
                self._note("user", identifier, changed)
            return user

    def set_manager(self, id_or_name: str, manager: str | None) -> None:
        """Give a person another manager, or none."""
        with self._lock:
            identifier = self.person_id(id_or_name)
            old = self.managers.pop(identifier, None)
            if old is not None:
                self._note("user", identifier, ("manager",), member=old, joined=False)
            if manager is not None:
                self.managers[identifier] = self.person_id(manager)
                self._note("user", identifier, ("manager",), member=self.managers[identifier])

    def delete_person(self, id_or_name: str) -> None:
        """Move a person to the recycle bin; their memberships and manager go."""
        with self._lock:
            identifier = self.person_id(id_or_name)
            for group in list(self._groups_of.get(identifier, ())):
                self.remove_member(group, identifier)
            self.managers.pop(identifier, None)
            for report in [one for one, manager in self.managers.items() if manager == identifier]:
                del self.managers[report]
                self._note("user", report, ("manager",), member=identifier, joined=False)
            user = self.users.remove(identifier)
            self.deleted[identifier] = user | {
                "deletedDateTime": self.now(),
                "userPrincipalName": _freed_mark(identifier) + user["userPrincipalName"],
            }
            self._note("user", identifier, PROPERTIES, gone="changed")

    def purge_person(self, id_or_name: str) -> None:
        """Delete a person for good, from the directory or from the recycle bin."""
        with self._lock:
            if id_or_name not in self.deleted:
                identifier = self.person_id(id_or_name)
                self.delete_person(identifier)
            else:
                identifier = id_or_name
            del self.deleted[identifier]
            self._note("user", identifier, PROPERTIES, gone="deleted")

    def restore_person(self, identifier: str) -> JsonObject:
        """Bring a person back from the recycle bin; raises KeyError, ValueError for a taken name.

        Memberships come back by themselves in Entra; here they have to be added again.
        """
        with self._lock:
            user = self.deleted[identifier]
            name = user["userPrincipalName"].removeprefix(_freed_mark(identifier))
            if self.users.find(name) is not None:
                raise ValueError(f"{name} is taken.")
            del self.deleted[identifier]
            user = user | {"deletedDateTime": None, "userPrincipalName": name}
            self.users.add(user)
            self._note("user", identifier, PROPERTIES)
            return user

    def person_id(self, id_or_name: str) -> str:
        """Return the id of a person; raises KeyError."""
        found = self.users.find(id_or_name)
        if found is None:
            raise KeyError(id_or_name)
        return found

    def add_group(self, display_name: str, members: Iterable[str] = (), **more: Any) -> JsonObject:
        """Add a security group with members, known by id (people and groups) or name (people)."""
        group: JsonObject = dict.fromkeys(GROUP_PROPERTIES)
        group |= {
            "id": self._new_id(),
            "createdDateTime": self.now(),
            "displayName": display_name,
            "groupTypes": [],
            "mailEnabled": False,
            "mailNickname": "".join(one for one in display_name if one.isalnum()),
            "proxyAddresses": [],
            "renewedDateTime": self.now(),
            "securityEnabled": True,
            **more,
        }
        with self._lock:
            self.groups[group["id"]] = group
            self._members[group["id"]] = {}
            self._note("group", group["id"], GROUP_PROPERTIES)
            for member in members:
                self.add_member(group["id"], member)
        return group

    def change_group(self, identifier: str, **properties: Any) -> JsonObject:
        """Change properties of a group; raises KeyError."""
        with self._lock:
            group = self.groups[identifier] | properties
            if unknown := set(properties) - set(GROUP_PROPERTIES):
                raise KeyError(unknown.pop())
            self.groups[identifier] = group
            self._note("group", identifier, properties)
            return group

    def delete_group(self, identifier: str) -> None:
        """Delete a group; raises KeyError."""
        with self._lock:
            for member in list(self._members[identifier]):
                self._groups_of[member].pop(identifier, None)
            for parent in list(self._groups_of.get(identifier, ())):
                self.remove_member(parent, identifier)
            del self._members[identifier]
            self.deleted[identifier] = self.groups.pop(identifier)
            self._note("group", identifier, GROUP_PROPERTIES, gone="changed")

    def add_member(self, group: str, member: str) -> None:
        """Add a person (id or name) or a group (id) to a group; raises KeyError."""
        with self._lock:
            identifier = member if member in self.groups else self.person_id(member)
            if identifier not in self._members[group]:
                self._members[group][identifier] = None
                self._groups_of.setdefault(identifier, {})[group] = None
                self._note("group", group, ("members",), member=identifier)

    def remove_member(self, group: str, member: str) -> None:
        """Take a person or a group out of a group; raises KeyError."""
        with self._lock:
            identifier = member if member in self.groups else self.person_id(member)
            del self._members[group][identifier]
            del self._groups_of[identifier][group]
            self._note("group", group, ("members",), member=identifier, joined=False)

    def members(self, group: str) -> list[str]:
        """Return the ids of the direct members of a group, people and groups; raises KeyError."""
        with self._lock:
            return list(self._members[group])

    def transitive_members(self, group: str) -> Iterator[str]:
        """Yield everyone in a group and in the groups inside it, each once."""
        seen = {group}
        waiting = [group]
        while waiting:
            for member in self.members(waiting.pop(0)):
                if member not in seen:
                    seen.add(member)
                    yield member
                    if member in self.groups:
                        waiting.append(member)

    def groups_of(self, identifier: str) -> list[str]:
        """Return the ids of the groups that someone is a direct member of."""
        with self._lock:
            return list(self._groups_of.get(identifier, ()))

    def now(self) -> str:
        """Return the current time as Graph writes it."""
        moment = datetime.fromtimestamp(self._clock(), UTC)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

    def settle(self) -> None:
        """Forget the changes so far: what is here now has always been here."""
        self.changes.clear()

    def _note(
        self,
        kind: Kind,
        identifier: str,
        properties: Iterable[str],
        *,
        member: str = "",
        gone: Literal["", "changed", "deleted"] = "",
        joined: bool = True,
    ) -> None:
        change = Change(kind, identifier, frozenset(properties), member, gone, joined)
        self.changes.append(change)


def _freed_mark(identifier: str) -> str:
    """Return what Entra puts in front of a deleted person's name, so that the name is free."""
    return identifier.replace("-", "")


def _known(properties: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(properties) - set(PROPERTIES):
        raise KeyError(unknown.pop())
    return properties


_SAMPLE: dict[str, Any] = {name: read(NOBODY, 0) for name, read in PROPERTIES.items()}
