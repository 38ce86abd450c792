"""Foretell the next cycle of Entra's service, one action for each person.

The rules are those of Microsoft's *How application provisioning works* (initial cycle, known
limitations, deprovisioning) and *Customize attribute mappings*. Where Webex refuses what the
service sends, that is foretold as a problem: it reports a failure and tries again. What the setup
does not allow it to do it does not send, so nobody refuses it, whatever is wrong with a value.
"""

from collections import Counter
from collections.abc import Iterator

from sparkwizard.provisioning.by_entra import words
from sparkwizard.provisioning.by_entra.comparing import entra_changes
from sparkwizard.provisioning.by_entra.managers import with_managers
from sparkwizard.provisioning.by_entra.types import EntraRules, EntraSituation
from sparkwizard.provisioning.mapping.filling import Wanted
from sparkwizard.provisioning.mapping.references import MANAGER
from sparkwizard.provisioning.planning.matching import UserIndex
from sparkwizard.provisioning.source.attributes import IS_SOFT_DELETED
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, Person, Reason, User
from sparkwizard.values import replace

__all__ = ["foretell"]


def foretell(rules: EntraRules, seen: EntraSituation) -> tuple[Action, ...]:
    """Return what the service does with everybody of the source, and with whom it knew before."""
    actions = tuple(_Service(rules, seen).actions())
    return with_managers(actions, rules, seen)


class _Service:
    """Decide as the service does; nothing here knows what this computer did before."""

    def __init__(self, rules: EntraRules, seen: EntraSituation) -> None:
        self.rules, self.seen = rules, seen
        self._searched = tuple(rule.target for rule in rules.mapping.matching)
        self._index = UserIndex((), (*self._searched, "externalId"))
        self._index.add_all(seen.users.users)
        self._names: Counter[tuple[str, str]] = Counter()

    def actions(self) -> Iterator[Action]:
        """Yield one action for each person, then one for each who left."""
        candidates: list[Person] = []
        for person in self.seen.population.people:
            if (decided := self._before_matching(person)) is not None:
                yield decided
            else:
                candidates.append(person)
        self._names.update(key for one in candidates if (key := self._searched_for(one)))
        for person in candidates:
            yield self._decide(person)
        present = {person.source_id for person in self.seen.population.people}
        for source_id in self.seen.known.keys() - present:
            if (action := self._left(source_id)) is not None:
                yield action

    # -- who is not provisioned -----------------------------------------------------------------

    def _before_matching(self, person: Person) -> Action | None:
        if person.problem:
            return _action(ActionKind.PROBLEM, person, person.problem)
        decision = self.rules.scope.decide(person)
        if not decision.evaluable:
            return _action(ActionKind.PROBLEM, person, decision.reason)
        if _disabled(person):
            return self._outside(person, words.DISABLED)
        if not decision.in_scope:
            return self._outside(person, decision.reason)
        return None

    def _outside(self, person: Person, why: Reason) -> Action:
        """Return what happens to who is not provisioned: the service turns off whom it knew."""
        known = self._known(person)
        if known is not None:
            return self._disable(person, known, why)
        user = self._found(person)
        reasons = (why, words.left_active(user)) if user is not None and user.active else (why,)
        action = _action(ActionKind.SKIPPED, person, *reasons)
        return replace(action, user_name=user.user_name) if user is not None else action

    def _disable(self, person: Person, user: User, why: Reason) -> Action:
        gone = {**person.attributes, IS_SOFT_DELETED: "True"}
        wanted = self._wanted(replace(person, attributes=gone), creating=False)
        action = self._written(person, user, wanted, why)
        if action.kind is ActionKind.SKIPPED and user.active:
            return replace(action, reasons=(why, words.STAYS_ACTIVE))
        if not action.kind.writes:
            return action
        changes = tuple(change for change in action.changes if change.attribute != MANAGER)
        kind = ActionKind.DISABLE if changes else ActionKind.UNCHANGED
        return replace(action, kind=kind, changes=changes, reasons=(why,))

    def _left(self, source_id: str) -> Action | None:
        """Return what happens to somebody who is not in the source: no longer assigned.

        They are turned off where updates are allowed and the mapping does it (*How application
        provisioning works*, deprovisioning).
        """
        user = self._index.by_id.get(self.seen.known[source_id])
        if user is None or not user.active:
            return None
        before: dict[str, Json] = {"userName": user.user_name, "active": True}
        action = Action(
            ActionKind.SKIPPED, source_id, user.user_name, user.label, user.id, before=before
        )
        if not self.rules.actions.update:
            return replace(action, reasons=(words.LEFT, words.STAYS_ACTIVE))
        gone = self._wanted(Person(source_id, {IS_SOFT_DELETED: "True"}), creating=False)
        if gone.values.get("active") is not False:
            return replace(action, reasons=(words.LEFT, words.NOT_TURNED_OFF))
        changes = (Change("active", True, False),)
        return replace(action, kind=ActionKind.DISABLE, changes=changes, reasons=(words.LEFT,))

    # -- who is ---------------------------------------------------------------------------------

    def _decide(self, person: Person) -> Action:
        known = self._known(person)
        if known is not None:
            return self._change(person, known, words.KNOWN)
        key = self._searched_for(person)
        if key is not None and self._names[key] > 1:
            return _action(ActionKind.PROBLEM, person, words.several_people(*key))
        for target, value in self._values(person):
            found = self._index.holders(target, value)
            if len(found) > 1:
                return _action(ActionKind.PROBLEM, person, words.several_users(target, value))
            if found:
                return self._change(person, found[0], words.matched(target))
        return self._create(person)

    def _change(self, person: Person, user: User, why: Reason) -> Action:
        return self._written(person, user, self._wanted(person, creating=False), why)

    def _written(self, person: Person, user: User, wanted: Wanted, why: Reason) -> Action:
        changes, current = entra_changes(wanted.values, user.resource)
        action = Action(
            ActionKind.UNCHANGED,
            person.source_id,
            user.user_name,
            person.label,
            user.id,
            before={**current, "userName": user.user_name, "active": user.active},
            reasons=(why,),
            sign_in=person.other_name(user.user_name),
        )
        if not self.rules.actions.update:
            if not changes and not wanted.problems:
                return action
            return replace(action, kind=ActionKind.SKIPPED, reasons=(words.UPDATE_OFF,))
        if wanted.problems:
            problems = map(words.refused, wanted.problems)
            return replace(action, kind=ActionKind.PROBLEM, reasons=tuple(problems))
        if taken := self._name_taken(changes, user):
            return replace(action, kind=ActionKind.PROBLEM, reasons=(taken,))
        return _by_activity(action, changes)

    def _create(self, person: Person) -> Action:
        wanted = self._wanted(person, creating=True)
        name = str(wanted.values.get("userName") or person.user_principal_name)
        action = Action(
            ActionKind.SKIPPED, person.source_id, name, person.label,
            sign_in=person.other_name(name),
        )  # fmt: skip
        if not self.rules.actions.create:
            return replace(action, reasons=(words.CREATE_OFF,))
        if wanted.problems:
            problems = tuple(map(words.refused, wanted.problems))
            return replace(action, kind=ActionKind.PROBLEM, reasons=problems)
        changes = tuple(Change(target, None, value) for target, value in wanted.values.items())
        if taken := self._name_taken(changes, None):
            return replace(action, kind=ActionKind.PROBLEM, reasons=(taken,))
        stray = self._stray(person)
        reasons = (words.NEW, words.beside(stray)) if stray else (words.NEW,)
        return replace(action, kind=ActionKind.CREATE, changes=changes, reasons=reasons)

    # -- looking --------------------------------------------------------------------------------

    def _wanted(self, person: Person, *, creating: bool) -> Wanted:
        return self.rules.mapping.evaluate(person, creating=creating, now=self.seen.now)

    def _values(self, person: Person) -> Iterator[tuple[str, str]]:
        return self.rules.mapping.each_matching_value(person, self.seen.now)

    def _searched_for(self, person: Person) -> tuple[str, str] | None:
        """Return what somebody is searched for by first; nobody is whom the service knows."""
        if self._known(person) is not None:
            return None
        target, value = next(self._values(person), ("", ""))
        return (target, value.casefold()) if target else None

    def _known(self, person: Person) -> User | None:
        return self._index.by_id.get(self.seen.known.get(person.source_id, ""))

    def _found(self, person: Person) -> User | None:
        for target, value in self._values(person):
            if found := self._index.holders(target, value):
                return found[0]
        return None

    def _stray(self, person: Person) -> User | None:
        """Return a user who carries this person's id under a name the service does not look for."""
        found = self._index.holders("externalId", person.source_id)
        return found[0] if found else None

    def _name_taken(self, changes: tuple[Change, ...], own: User | None) -> Reason | None:
        name = next((str(c.after) for c in changes if c.attribute == "userName"), "")
        others = [user for user in self._index.holders("userName", name) if user is not own]
        return words.name_taken(name) if name and others else None


def _by_activity(action: Action, changes: tuple[Change, ...]) -> Action:
    if not changes:
        return action
    active = next((c.after for c in changes if c.attribute == "active"), None)
    if active is False:
        reasons = (*action.reasons, words.TURNED_OFF)
        return replace(action, kind=ActionKind.DISABLE, changes=changes, reasons=reasons)
    reasons = (*action.reasons, words.TURNED_ON) if active is True else action.reasons
    return replace(action, kind=ActionKind.UPDATE, changes=changes, reasons=reasons)


def _disabled(person: Person) -> bool:
    """Return whether the directory says that somebody may not sign in."""
    enabled = str(person.attributes.get("accountEnabled", "True")).lower()
    return person.soft_deleted or enabled == "false"


def _action(kind: ActionKind, person: Person, *reasons: Reason) -> Action:
    return Action(
        kind,
        person.source_id,
        person.user_principal_name,
        person.label,
        reasons=reasons,
        row=person.row,
    )
