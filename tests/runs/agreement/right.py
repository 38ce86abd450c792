"""What must hold of any run: it did what its plan says, and nothing that nobody may do."""

from datetime import timedelta
from typing import Any

from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.types import NOT_REACHED
from tests.runs.agreement.both_sides import BothSides
from tests.runs.agreement.records import Ran, Users
from tests.runs.agreement.world import ENTERPRISE
from tests.runs.tenant import Person

__all__ = ["FIELDS", "field_of", "hold_right"]

type User = dict[str, Any]

FIELDS = ("userName", "externalId", "active", "displayName", "title", "manager")
MANAGER = f"{ENTERPRISE}:manager.value"
DELETE_AFTER = timedelta(days=30)
LEFT_OUT = ("ring-stopped", NOT_REACHED[0])
NEVER = frozenset(("drift", "value-not-kept", "not-there", NOT_REACHED[0]))
"""What becomes of no action while nothing goes wrong and nobody else edits."""


def hold_right(both: BothSides, ran: Ran) -> None:
    """Hold all of it, and remember who is off by whom."""
    _Right(both, ran).hold()


def field_of(user: User, name: str) -> object:
    """Return a field of a user; an empty one is one that is not there."""
    if name == "manager":
        manager = (user.get(ENTERPRISE) or {}).get("manager") or {}
        return manager.get("value") or None
    return user.get(name) if name == "active" else user.get(name) or None


class _Right:
    def __init__(self, both: BothSides, ran: Ran) -> None:
        self.both, self.ran, self.kept, self.plan = both, ran, ran.kept, ran.kept.plan
        self.linked = {link.webex_id: link for link in self.kept.links.values()}
        self.removed = 0
        self.planned: dict[str, list[Action]] = {}
        # the second pass finds users whom the first has made by their person
        users = {u.get("externalId"): one for one, u in ran.before.items() if u.get("externalId")}
        for action in self.plan.actions:
            webex_id = action.webex_id or (users.get(action.source_id) if action.refers_to else "")
            if webex_id:
                self.planned.setdefault(webex_id, []).append(action)

    def hold(self) -> None:
        for webex_id, user in self.ran.before.items():
            now = self.ran.after.get(webex_id)
            if now != user:
                self._changed(webex_id, user, now)
        self._within_the_limit()
        self._nobody_twice()
        self._as_previewed()
        self._as_told()

    def _changed(self, webex_id: str, user: User, now: User | None) -> None:
        actions = [one for one in self.planned.get(webex_id, ()) if one.kind.writes]
        assert actions, ("nobody planned this", user, now)
        assert self._may_touch(user), ("a stranger was changed", user, now, actions)
        self._not_overwritten(actions, user, now)
        if not self.plan.is_undo:
            self._nobody_elses(webex_id, user, now)
        if now is None or (user["active"] and not now["active"]):
            self._removed(webex_id, user, actions, deleted=now is None)
        elif now["active"] and not user["active"]:
            self.both.turned(webex_id, "us", on=True)
            off = self.ran.off.get(webex_id)
            assert self.plan.is_undo or (off and off.who == "us"), ("on again", user)
        if now and self.kept.run:
            self._taken_back(webex_id, user, now, *self.kept.run)

    def _may_touch(self, user: User) -> bool:
        """Return whether the setup had anything to do with a user when the plan was made."""
        then = self.kept.users.get(user["id"], {})
        names = {person.user_name.casefold() for person in self.kept.people.values()}
        ids = {person.object_id for person in self.kept.people.values()}
        return (
            user["id"] in self.linked
            or then.get("userName", "").casefold() in names
            or then.get("externalId") in ids
        )

    def _nobody_elses(self, webex_id: str, user: User, now: User | None) -> None:
        """A managed user stays with their person; to whom two have a claim nobody gets."""
        people = self.kept.people.values()
        present = {person.object_id for person in people}
        if webex_id in self.linked:
            owner = self.linked[webex_id].source_id
            given = field_of(now, "externalId") if now else None
            kept = given in (None, owner, field_of(user, "externalId"))
            assert kept or owner not in present, ("given to somebody else", user, now)
        else:
            name = user["userName"].casefold()
            claims = {one.object_id for one in people if one.user_name.casefold() == name}
            claims |= {str(user.get("externalId"))} & present
            assert len(claims) < 2, ("two have a claim to it", user, now)

    def _not_overwritten(self, actions: list[Action], user: User, now: User | None) -> None:
        """What somebody else changed after the preview was left alone."""
        for name in FIELDS:
            key = MANAGER if name == "manager" else name
            knowing = [one for one in actions if key in one.before]
            if not knowing or (name == "manager" and any(one.refers_to for one in actions)):
                continue  # whom the second pass names is known only then
            values = [one.before[key] for one in knowing]
            values += [c.after for one in actions for c in one.changes if c.attribute == key]
            known = values if name == "active" else [value or None for value in values]
            held = field_of(user, name)
            assert held in known, ("changed since the preview, and written over", name, user, now)

    # -- who lost access --------------------------------------------------------------------------

    def _removed(self, webex_id: str, user: User, actions: list[Action], *, deleted: bool) -> None:
        self.removed += 1
        self.both.turned(webex_id, "us", on=False)
        assert any(one.kind.removes for one in actions), ("no removal was planned", user, actions)
        assert webex_id != self.both.operator, "the operator"
        assert not self.kept.incomplete, ("removed after an incomplete read", user, actions)
        assert webex_id in self.linked, ("not ours", user)
        assert webex_id not in self.ran.elsewhere, ("another setup's", user)
        assert not self.ran.superseded, ("another run was in between", user, actions)
        if self.plan.is_undo:
            assert not deleted
            return
        present = {person.object_id: person for person in self.kept.people.values()}
        person = present.get(self.linked[webex_id].source_id)
        assert person is None or not person.enabled, ("somebody who is there", user, actions)
        if deleted:
            self._deleted(webex_id, person, actions)

    def _deleted(self, webex_id: str, person: Person | None, actions: list[Action]) -> None:
        self.both.deleted.add(webex_id)
        assert any(one.kind is ActionKind.DELETE for one in actions)
        assert self.both.company.profile.actions.delete, "nobody asked for deletes"
        assert person is None, ("deleted, but still in the source", actions)
        off = self.ran.off.get(webex_id)
        assert off, ("deleted while it was on", actions)
        assert off.who == "us", ("deleted, but turned off by somebody else", actions)
        assert self.both.now - off.since >= DELETE_AFTER, ("deleted too soon", off, actions)

    def _within_the_limit(self) -> None:
        limit = self.both.company.profile.safeguards.max_removals
        if self.plan.is_undo:
            return  # of these stories: confirmed
        managed = sum(1 for one in self.linked if self.kept.users.get(one, {}).get("active"))
        # an incremental cycle counts who was not turned off by this setup, active or not
        most = max(managed, len(self.linked)) if self.plan.is_incremental else managed
        assert self.removed <= limit.allowed(most), ("over the limit", self.removed, limit)

    # -- everybody --------------------------------------------------------------------------------

    def _nobody_twice(self) -> None:
        before = self.ran.before
        made = [user for one, user in self.ran.after.items() if one not in before]
        ids = [user.get("externalId") for user in made]
        assert len(ids) == len(set(ids)), ("one person, two users", made)
        # Webex can't be asked who has an external id: what others set since is not known
        then = {one: user.get("externalId") for one, user in self.kept.users.items()}
        listed = self.both.listed if self.plan.is_incremental else then
        had = {
            user.get("externalId")
            for one, user in before.items()
            if listed.get(one) == user.get("externalId") or one in self.linked
        }
        assert not had & set(ids), ("a second user for somebody", made)

    def _as_previewed(self) -> None:
        if not self.ran.quiet:
            return
        strange = [one for one in self.ran.left if one.code in NEVER]
        assert not strange, ("nothing went wrong, and yet", strange)

    def _as_told(self) -> None:
        """What a run says it did is done, and it left nobody out."""
        if self.ran.result is None or self.ran.again:
            return
        if not self.ran.in_rings:
            out = [one for one in self.ran.left if one.code in LEFT_OUT]
            assert not out, ("a run came to its end without them", out)
        left = {(one.action.source_id, one.action.kind) for one in self.ran.left}
        for action in self.plan.to_write:
            if (action.source_id, action.kind) not in left and not action.refers_to:
                self._is_done(action)

    def _is_done(self, action: Action) -> None:
        users = self.ran.after
        found = [one for one in users.values() if one.get("externalId") == action.source_id]
        made = iter(sorted(found, key=lambda one: one["id"] in self.ran.before))
        user = users.get(action.webex_id) if action.webex_id else next(made, None)
        if action.kind is ActionKind.DELETE:
            assert user is None, ("told to be deleted", action)
            return
        for change in action.changes:
            if change.attribute in FIELDS:
                assert user, ("told to be written", action)
                held = field_of(user, change.attribute)
                assert held == (
                    change.after if change.attribute == "active" else change.after or None
                ), ("told to be written", change, user)

    # -- undo -------------------------------------------------------------------------------------

    def _taken_back(
        self, webex_id: str, user: User, now: User, run_before: Users, run_after: Users
    ) -> None:
        """Only what still held the run's value was put back, and to what it was before."""
        assert webex_id in run_after, ("not of the run", user)
        was, did = run_before.get(webex_id), run_after[webex_id]
        for name in FIELDS:
            held, holds = field_of(user, name), field_of(now, name)
            if held == holds:
                continue
            assert held == field_of(did, name), ("changed since, and taken back", name, user, now)
            to = field_of(was, name) if was else False
            assert was or name == "active", ("a new user loses more than access", name, now)
            assert holds == to, ("not as before the run", name, was, now)
