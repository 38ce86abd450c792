"""A directory and a Webex that others edit too, and what must hold of any run between them."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sparkwizard.errors import SparkWizardError
from sparkwizard.practice import Faults
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Link, RemovalLimit
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.runs.types import Outcome
from sparkwizard.setup.profile import Safeguards
from tests.runs.agreement.cutting import Killed, cut_at
from tests.runs.tenant import NOW, Company, Person

__all__ = ["BothSides", "Trouble"]

OFF = Faults()
EVERYBODY = RemovalLimit(100, percent=True)
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong during one run."""

    faults: dict[str, Any] = field(default_factory=dict)
    damage: str = ""
    """Text that spoils the end of the file."""
    hidden_users: int = 0
    """By how many users Webex's count exceeds its list."""
    cancel_at: int | None = None
    kill_at: int | None = None


@dataclass(slots=True)
class Kept:
    """A plan, with what was true when it was made."""

    plan: Plan
    people: dict[int, Person]
    users: dict[str, dict[str, Any]]
    links: dict[str, Link]
    incomplete: bool
    cycle: Cycle | None = None


class BothSides:
    """Let both sides change, run what the product runs, and hold that it was right."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.people: dict[int, Person] = {99: Person(99)}  # a file without anybody is refused
        self.now = NOW
        self.off_by: dict[str, str] = {}
        """Who turned off a user that is off: "us" or "others"."""
        self.kept: Kept | None = None
        company.services.clock = self._clock
        self.operator = _operator(company)
        world = company.server.world
        for record in [one for one in world.users if one.id != self.operator][2:]:
            world.users.remove(record.id)

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    # -- what is there ----------------------------------------------------------------------------

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        return {user["id"]: user for user in self.company.all_users}

    @property
    def names(self) -> dict[str, list[int]]:
        """Who in the source has which name."""
        found: dict[str, list[int]] = {}
        for number, person in self.people.items():
            found.setdefault(person.user_name.casefold(), []).append(number)
        return found

    def others(self, pick: int) -> str | None:
        """Return the id of some user that is not the administrator."""
        ids = [one for one in self.users if one != self.operator]
        return ids[pick % len(ids)] if ids else None

    # -- what others do in Webex ------------------------------------------------------------------

    async def edited_by_others(self, webex_id: str, values: dict[str, object] | None) -> None:
        """Let somebody else edit a user; no values delete it, a name that is taken does nothing."""
        user = self.users[webex_id]
        name = user["userName"].casefold()
        if values is None:
            await self.company.delete(name)
            return
        if str(values.get("userName", "")) in self.company.users:
            return
        await self.company.patch(name, values)
        if values.get("active", user["active"]) != user["active"]:
            self._turned(webex_id, "others", on=bool(values["active"]))

    async def created_by_others(self, name: str, external_id: str, *, active: bool) -> None:
        if name.casefold() in self.company.users:
            return
        known = set(self.users)
        marked = {"externalId": external_id} if external_id else {}
        await self.company.create(name, displayName="By hand", active=active, **marked)
        (new,) = set(self.users) - known
        self._turned(new, "others", on=active)

    def _turned(self, webex_id: str, who: str, *, on: bool) -> None:
        if on:
            self.off_by.pop(webex_id, None)
        else:
            self.off_by[webex_id] = who

    # -- runs -------------------------------------------------------------------------------------

    def limit_removals(self, limit: RemovalLimit) -> None:
        self.company.profile = replace(self.company.profile, safeguards=Safeguards(limit))

    async def preview(self, trouble: Trouble, *, full: bool | None = None) -> Kept | None:
        """Make a plan of both sides as they are; None where that can't be done.

        With ``full`` it is that of a cycle, an initial or an incremental one.
        """
        company = self.company
        company.employs(list(self.people.values()))
        file = company.folder / "people.csv"
        file.write_bytes(file.read_bytes() + trouble.damage.encode())
        self._switch({**trouble.faults, "total_results_offset": trouble.hidden_users})
        users, links, cycle = self.users, company.links, None
        try:
            if full is None:
                plan = await company.preview()
            else:
                cycle = await company.services.begin_cycle(
                    company.profile, company.folder, company.server.token, full=full
                )
                plan = cycle.preview.plan
        except SparkWizardError:
            return None
        finally:
            self._switch({})
        # an incremental cycle reads no list that could hide anybody
        hidden = trouble.hidden_users and not (cycle and cycle.kind is CycleKind.INCREMENTAL)
        incomplete = bool(trouble.damage or hidden)
        return Kept(plan, dict(self.people), users, links, incomplete, cycle)

    async def sync(self, trouble: Trouble, *, full: bool | None = True) -> None:
        """Run a cycle; without ``full`` a preview and an apply by hand."""
        if kept := await self.preview(trouble, full=full):
            await self.carry_out(kept, trouble)

    async def carry_out(self, kept: Kept, trouble: Trouble) -> None:
        """Apply a plan through whatever trouble, then hold that it did nothing but right."""
        before = self.users
        off_by = dict(self.off_by)
        self._switch(trouble.faults)
        control = RunControl()
        outcomes = 0

        def count(event: object) -> None:
            nonlocal outcomes
            outcomes += isinstance(event, Outcome)
            if trouble.cancel_at is not None and outcomes >= trouble.cancel_at:
                control.cancel()

        if trouble.kill_at is not None:
            cut_at(self.company.services.journal, trouble.kill_at)
        with suppress(SparkWizardError, Killed):
            await self._apply(kept, control, count)
        if trouble.kill_at is not None:
            await asyncio.sleep(0.02)  # what was under way arrives
            self.company.services.close()
        self._switch({})
        self._right(kept, before, off_by)

    async def _apply(
        self, kept: Kept, control: RunControl, count: Callable[[object], None]
    ) -> None:
        company = self.company
        if kept.cycle is None:
            await company.apply(kept.plan, control=control, on_event=count)
            return
        async with aclosing(
            company.services.apply_cycle(
                kept.cycle, company.profile, company.server.token, control=control
            )
        ) as events:
            async for event in events:
                count(event)

    def _switch(self, values: dict[str, Any]) -> None:
        for name in OFF.__struct_fields__:
            setattr(self.company.server.faults, name, values.get(name, getattr(OFF, name)))
        self.company.server.faults.retry_after = 0

    # -- what must hold of every run --------------------------------------------------------------

    def _right(self, kept: Kept, before: dict[str, dict[str, Any]], off_by: dict[str, str]) -> None:
        after = self.users
        planned = {action.webex_id: action for action in kept.plan.actions if action.webex_id}
        removed = 0
        for webex_id, user in before.items():
            now = after.get(webex_id)
            if now == user:
                continue
            action = planned.get(webex_id)
            assert action is not None, ("nobody planned this", user, now)
            assert action.kind.writes, ("nothing was to be done here", user, now, action)
            assert self._may_touch(kept, user), ("a stranger was changed", user, now, action)
            self._not_overwritten(action, user, now)
            if now is None or (user["active"] and not now["active"]):
                removed += 1
                self._removal_is_right(kept, webex_id, user, action)
                self._turned(webex_id, "us", on=False)
            elif now["active"] and not user["active"]:
                self._turned(webex_id, "us", on=True)
                assert kept.plan.is_undo or off_by.get(webex_id) == "us", ("on again", user)
        assert removed <= kept.plan.removals_allowed or kept.plan.is_undo, kept.plan.stops
        self._nobody_twice(before, after)

    def _may_touch(self, kept: Kept, user: dict[str, Any]) -> bool:
        """Return whether the setup had anything to do with a user when the plan was made."""
        linked = {link.webex_id for link in kept.links.values()}
        then = kept.users.get(user["id"], {})
        names = {person.user_name.casefold() for person in kept.people.values()}
        ids = {person.object_id for person in kept.people.values()}
        return (
            user["id"] in linked
            or then.get("userName", "").casefold() in names
            or then.get("externalId") in ids
        )

    def _not_overwritten(
        self, action: Action, user: dict[str, Any], now: dict[str, Any] | None
    ) -> None:
        """What somebody else changed after the preview was left alone."""
        for name in ("title", "displayName", "userName", "externalId", "active"):
            wanted = {change.attribute: change.after for change in action.changes}
            if name not in action.before or user.get(name) in (
                action.before[name],
                wanted.get(name, action.before[name]),
            ):
                continue
            if not user.get(name) and not action.before[name]:
                continue
            raise AssertionError(("changed since the preview, and written over", action, user, now))

    def _removal_is_right(
        self, kept: Kept, webex_id: str, user: dict[str, Any], action: Action
    ) -> None:
        assert not kept.incomplete, ("removed after an incomplete read", user, action)
        assert webex_id in {link.webex_id for link in kept.links.values()}, ("not ours", user)
        if kept.plan.is_undo:
            return
        owner = next(link for link in kept.links.values() if link.webex_id == webex_id)
        present = {person.object_id: person for person in kept.people.values()}
        person = present.get(owner.source_id)
        assert person is None or not person.enabled, ("somebody who is there", user, action)
        if action.kind is ActionKind.DELETE:
            assert person is None, ("deleted, but still in the source", user, action)

    def _nobody_twice(
        self, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
    ) -> None:
        made = [user for one, user in after.items() if one not in before]
        ids = [user.get("externalId") for user in made]
        assert len(ids) == len(set(ids)), ("one person, two users", made)
        had = {user.get("externalId") for user in before.values()}
        assert not had & set(ids), ("a second user for somebody", made)

    # -- undo -------------------------------------------------------------------------------------

    async def sync_and_undo(self) -> None:
        """Run once more and take it back: all is as before, but that new users are turned off."""
        before = _plain(self.users)
        kept = await self.preview(Trouble())
        if kept is None:
            return
        await self.carry_out(kept, Trouble())
        runs = self.company.services.runs()
        run = next((one for one in runs if one.plan_digest == kept.plan.digest), None)
        if run is None or any(a.kind is ActionKind.DELETE for a in kept.plan.actions):
            return
        links, users = self.company.links, self.users
        company = self.company
        made = await company.services.undo(
            company.profile, run.id, company.server.token, confirm_removals=True
        )
        undo = Kept(made.plan, kept.people, users, links, incomplete=False)
        await self.carry_out(undo, Trouble())
        after = _plain(self.users)
        assert before.keys() <= after.keys()
        for webex_id, user in after.items():
            if webex_id in before:
                assert user == before[webex_id], ("not restored", before[webex_id], user)
            elif webex_id:
                assert not user["active"], ("created, undone and still on", user)

    # -- after a final cycle ----------------------------------------------------------------------

    async def agree(self) -> None:
        """Run an initial cycle without trouble; both sides agree, and a second plans nothing."""
        self.limit_removals(EVERYBODY)
        for _ in range(4):  # a name that one frees another takes the next time
            await self.sync(Trouble(), full=True)
            last = await self.preview(Trouble())
            assert last is not None
            if last.plan.counts.writes == 0:
                break
        assert last
        assert last.plan.counts.writes == 0, ("never at rest", last.plan.to_write)
        soon = await self.preview(Trouble(), full=False)
        assert soon
        assert soon.cycle
        assert soon.cycle.kind is CycleKind.INCREMENTAL, soon.cycle.why
        assert soon.plan.counts.writes == 0, ("an initial cycle passed by", soon.plan.to_write)
        decided = {action.source_id: action for action in last.plan.actions}
        for person in self.people.values():
            self._agrees(person, decided[person.object_id])
        self._leavers_are_off()

    def _agrees(self, person: Person, action: Action) -> None:
        link = self.company.links.get(person.object_id)
        user = self.users.get(link.webex_id) if link else None
        if self._disputed(person, link):
            return
        if not person.enabled:
            assert user is None or not user["active"], (action, user)
            return
        if user and not user["active"]:
            assert self.off_by.get(user["id"]) == "others", ("ours, and still off", action, user)
            return
        if user is None:
            (found,) = self._claimed(person, link) or {""}
            assert found, ("not there", action)
            assert not self.users[found]["active"], ("not taken on", action)
            assert self.off_by.get(found) == "others", ("ours, off, not linked", action)
            return
        assert user["userName"].casefold() == person.user_name.casefold(), action
        assert user["externalId"] == person.object_id, action
        # an empty value of the source flows nowhere, as in Entra
        assert not person.title or user["title"] == person.title, action
        assert user["displayName"] == f"Person {person.number}"

    def _disputed(self, person: Person, link: Link | None) -> bool:
        """Return whether more than one has a claim, so that somebody has to look at it."""
        name, own = person.user_name.casefold(), person.object_id
        claimed = self._claimed(person, link)
        elsewhere = {one.webex_id for one in self.company.links.values() if one.source_id != own}
        ids = {p.object_id for p in self.people.values() if p is not person}
        foreign = any(
            self.users[one]["userName"].casefold() in self.names.keys() - {name}
            or self.users[one].get("externalId") in ids
            for one in claimed
        )
        return len(claimed) > 1 or len(self.names[name]) > 1 or bool(claimed & elsewhere) or foreign

    def _claimed(self, person: Person, link: Link | None) -> set[str]:
        name, users = person.user_name.casefold(), self.users.values()
        claimed = {u["id"] for u in users if u["userName"].casefold() == name}
        claimed |= {u["id"] for u in users if u.get("externalId") == person.object_id}
        return claimed | ({link.webex_id} & self.users.keys() if link else set())

    def _leavers_are_off(self) -> None:
        present = {person.object_id for person in self.people.values()}
        for source_id, link in self.company.links.items():
            user = self.users.get(link.webex_id)
            if source_id in present or user is None:
                continue
            if link.user_name.casefold() in self.names or user["userName"].casefold() in self.names:
                continue  # somebody else has the name now: for a person to look at
            if user.get("externalId") in present:
                continue
            assert not user["active"], ("left, and still on", link, user)


def _operator(company: Company) -> str:
    """Return the id of the user that the token belongs to."""
    world = company.server.world
    token = world.tokens.find(company.server.token, world.clock())
    assert token
    assert token.user
    return token.user


def _plain(users: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return users but for what Webex itself keeps about them."""
    plain = {one: {k: v for k, v in user.items() if k != "meta"} for one, user in users.items()}
    for user in plain.values():
        user.get(CISCO, {}).pop("accountStatus", None)
        if not user.get("title"):
            user.pop("title", None)
    return plain
