"""What must hold once an initial cycle ran without trouble: both sides agree."""

from typing import Any

from sparkwizard.provisioning.types import Action, ActionKind, Link
from tests.runs.agreement.both_sides import BothSides
from tests.runs.agreement.happenings import Employee
from tests.runs.agreement.right import field_of

__all__ = ["Rest"]


class Rest:
    """Compare both sides as they are now."""

    def __init__(self, both: BothSides, decided: dict[str, Action]) -> None:
        self.both, self.decided = both, decided
        self.users, self.links = both.users, both.company.links
        self.elsewhere = both.linked_elsewhere
        self.names: dict[str, list[int]] = {}
        for number, person in both.people.items():
            self.names.setdefault(person.user_name.casefold(), []).append(number)

    def hold(self) -> None:
        for person in self.both.people.values():
            self._agrees(person, self.decided[person.object_id])
        self._leavers_are_off()
        self._nobody_is_forgotten()

    def _is_kept(self, webex_id: str) -> bool:
        """Return whether a user loses no access, whoever left."""
        return webex_id == self.both.operator or webex_id in self.elsewhere

    def _off_by(self, webex_id: str) -> str:
        off = self.both.off.get(webex_id)
        return off.who if off else ""

    def _agrees(self, person: Employee, action: Action) -> None:
        link = self.links.get(person.object_id)
        user = self.users.get(link.webex_id) if link else None
        if self._disputed(person, link):
            return
        if not person.enabled:
            assert user is None or not user["active"] or self._is_kept(user["id"]), (action, user)
            return
        if user and not user["active"]:
            assert self._off_by(user["id"]) == "others", ("ours, and still off", action, user)
            return
        if user is None:
            (found,) = self._claimed(person, link) or {""}
            assert found, ("not there", action)
            assert not self.users[found]["active"], ("not taken on", action)
            assert self._off_by(found) == "others", ("ours, off, not linked", action)
            return
        assert user["userName"].casefold() == person.user_name.casefold(), action
        assert user["externalId"] == person.object_id, action
        # an empty value of the source flows nowhere, as in Entra
        assert not person.title or user["title"] == person.title, action
        assert user["displayName"] == f"Person {person.number}"
        self._has_the_manager(person, user["id"], action)

    def _has_the_manager(self, person: Employee, webex_id: str, action: Action) -> None:
        manager = self.both.people.get(person.manager if person.manager is not None else -1)
        if manager is None or not person.manager_id or not manager.enabled:
            return
        link = self.links.get(manager.object_id)
        if link is None or link.webex_id not in self.users or self._disputed(manager, link):
            return
        held = field_of(self.users[webex_id], "manager")
        assert held == link.webex_id, ("another manager", held, link, action)

    def _disputed(self, person: Employee, link: Link | None) -> bool:
        """Return whether more than one has a claim, so that somebody has to look at it."""
        name, own = person.user_name.casefold(), person.object_id
        claimed = self._claimed(person, link)
        elsewhere = {one.webex_id for one in self.links.values() if one.source_id != own}
        ids = {p.object_id for p in self.both.people.values() if p is not person}
        foreign = any(
            self.users[one]["userName"].casefold() in self.names.keys() - {name}
            or self.users[one].get("externalId") in ids
            for one in claimed
        )
        return len(claimed) > 1 or len(self.names[name]) > 1 or bool(claimed & elsewhere) or foreign

    def _claimed(self, person: Employee, link: Link | None) -> set[str]:
        name, users = person.user_name.casefold(), self.users.values()
        claimed = {u["id"] for u in users if u["userName"].casefold() == name}
        claimed |= {u["id"] for u in users if u.get("externalId") == person.object_id}
        return claimed | ({link.webex_id} & self.users.keys() if link else set())

    def _leavers_are_off(self) -> None:
        present = {person.object_id for person in self.both.people.values()}
        for source_id, link in self.links.items():
            assert link.webex_id, ("a link to nobody", link)
            assert link.webex_id not in self.both.deleted, ("still linked, though deleted", link)
            user = self.users.get(link.webex_id)
            if source_id in present or user is None or self._is_kept(user["id"]):
                continue
            if link.user_name.casefold() in self.names or user["userName"].casefold() in self.names:
                assert not user["active"] or self._is_told(user), ("left, on, not told", link, user)
                continue  # somebody else has the name now: for a person to look at
            if user.get("externalId") in present:
                continue
            assert not user["active"], ("left, and still on", link, user)

    def _is_told(self, user: dict[str, Any]) -> bool:
        """Return whether a problem is about a user, or about who has the name of theirs."""
        problems = [a for a in self.decided.values() if a.kind is ActionKind.PROBLEM]
        name = user["userName"].casefold()
        return any(user["id"] == a.webex_id or a.user_name.casefold() == name for a in problems)

    def _nobody_is_forgotten(self) -> None:
        """Whom this setup created it still knows, also where it died before it wrote that down."""
        present = {person.object_id for person in self.both.people.values()}
        theirs = {link.webex_id for one, link in self.links.items() if one in present}
        for webex_id in (self.both.made & self.users.keys()) - theirs:
            user = self.users[webex_id]
            if self._is_kept(webex_id) or user["userName"].casefold() in self.names:
                continue
            if user.get("externalId") not in present:
                off = not user["active"] or self._is_told(user)
                assert off, ("created here, left, and still on", user)
