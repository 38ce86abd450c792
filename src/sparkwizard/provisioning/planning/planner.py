"""From people and users to actions: who would be created, updated, disabled, and why.

The rules that decide cases are those of the product's design, section 6.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import cast

from sparkwizard.provisioning.mapping.references import maps_managers, settle_managers
from sparkwizard.provisioning.planning.clashes import Clashes, contested
from sparkwizard.provisioning.planning.doubts import enabled_unknown, may_be_hidden
from sparkwizard.provisioning.planning.drafts import Candidate, Draft, Rules
from sparkwizard.provisioning.planning.ground import Ground, Situation
from sparkwizard.provisioning.planning.leavers import decide_leaver, unsure_leaver
from sparkwizard.provisioning.planning.matching import Match, how_matched
from sparkwizard.provisioning.planning.safeguards import (
    Bars,
    NeverTouched,
    keep_an_administrator,
    removal_stops,
)
from sparkwizard.provisioning.planning.soft_deleted import why_inactive
from sparkwizard.provisioning.planning.unchanged import Unchanged, there
from sparkwizard.provisioning.portions import set_of
from sparkwizard.provisioning.scoping.scope import ScopeDecision, unread
from sparkwizard.provisioning.source.attributes import IS_SOFT_DELETED, canonical
from sparkwizard.provisioning.target.comparison import Comparison, compare, state_before
from sparkwizard.provisioning.types import Action, ActionKind, Link, Person, Reason, User
from sparkwizard.values import replace

__all__ = ["Candidate", "Draft", "Ground", "Planner", "Rules", "Situation", "draft_plan"]


type _Decided = Callable[..., Action]
"""Make the action of one matched person, given its kind, reasons and changes."""


def draft_plan(rules: Rules, situation: Situation) -> Draft:
    """Decide one action for every person, and one for every managed user who left the source."""
    planner = Planner(rules, situation)
    decided = tuple(planner.actions())
    if maps_managers(rules.mapping):
        decided = settle_managers(decided, planner.links_to_users(), planner.ground.others.names)
    actions = keep_an_administrator(decided, situation.users.users)
    if (managed := situation.managed_active) is None:
        managed = sum(1 for user in planner.managed_users() if user.active)
    allowed = rules.max_removals.allowed(managed)
    stops = removal_stops(actions, planner.bars, allowed, managed)
    planner.ground.let_go()
    return Draft(actions, stops, managed, allowed)


class Planner:
    """Decide person by person; what several people have to do with each other is in ``clashes``."""

    def __init__(self, rules: Rules, situation: Situation, ground: Ground | None = None) -> None:
        self.rules = rules
        self.seen = situation
        self.bars = Bars(
            source_complete=situation.population.complete,
            users_complete=situation.users_complete,
            source_confirmed=situation.source_confirmed,
        )
        if ground is None:
            ground = Ground(situation, [rule.target for rule in rules.mapping.matching])
            ground.lay_at_once()
        self.ground = ground
        self.index, self.links = ground.index, ground.links
        self.matched: set[str] = set()
        self._names_alone = False
        columns = situation.population.columns
        self._blind = (
            rules.scope.source_attributes - {*columns, IS_SOFT_DELETED} if columns else frozenset()
        )

    def managed_users(self) -> Iterator[User]:
        """Yield the users that this setup manages."""
        for link in self.links.values():
            if user := self.index.by_id.get(link.webex_id):
                yield user

    def links_to_users(self) -> Mapping[str, Link]:
        """Return the links whose users are there; all of them where not everybody was read.

        Webex refuses whoever is given a manager whose user was deleted.
        """
        if self.seen.removed is not None or not self.seen.users_complete:
            return self.links
        there = self.index.by_id
        return {one: link for one, link in self.links.items() if link.webex_id in there}

    def actions(self) -> list[Action]:
        """Return one action for every person, then those for managed users who left the source."""
        sure, people = self._certain(), self.seen.population.people
        candidates: dict[int, Candidate] = {}
        decided: list[Action] = []
        for place in [] if all(sure) else [at for at, one in enumerate(sure) if not one]:
            one = self._before_mapping(people[place])
            if isinstance(one, Candidate):
                candidates[place] = one
            else:
                decided.append(one)
        self._give_up(sure, candidates)
        return [*decided, *self._in_order(sure, candidates), *self.leavers_of_source()]

    def _in_order(
        self, sure: Sequence[Action | None], candidates: Mapping[int, Candidate]
    ) -> Sequence[Action]:
        """Return the actions of those who are sure and of candidates, each in their place."""
        if not candidates:
            return there(sure)
        clashes = self._clashes([candidates[place] for place in sorted(candidates)])
        return [
            action or self.decide(candidates[at], clashes.get(candidates[at].person.source_id))
            for at, action in enumerate(sure)
            if action or at in candidates
        ]

    # -- those who stay as they are, or just get other values -----------------------------------

    def _certain(self) -> list[Action | None]:
        """Return for each person an action that is certain; None for who shares an id."""
        people, rules = self.seen.population.people, self.rules
        usable = [not person.problem for person in people]
        if rules.scope.filters or self._blind or not rules.never_touched.is_nobody:
            pairs = zip(usable, people, strict=True)
            usable = [good and self._is_plain(person) for good, person in pairs]
        search = Unchanged(rules.mapping, self.ground, self.seen.now, updates=rules.actions.update)
        found = search.among(people, usable)
        self._names_alone = search.by_name_alone
        never = self.rules.never_touched
        if never.is_nobody:
            return found
        by_id = self.index.by_id
        return [a if a and not never.covers_user(by_id[a.webex_id]) else None for a in found]

    def _is_plain(self, person: Person) -> bool:
        """Return whether nothing but the mapping decides on somebody."""
        if self._left_alone(person):
            return False
        return self.out_of_scope(person, self.rules.scope.decide(person)) is None

    def _give_up(self, sure: list[Action | None], candidates: dict[int, Candidate]) -> None:
        """Let those whom somebody else gets in the way of be decided with everybody else."""
        actions = there(sure)
        users = set_of([action.webex_id for action in actions])
        others, alone = candidates.values(), self._names_alone
        given_up = contested(actions, users, self.matched, others, self.index, names_alone=alone)
        gone = {action.source_id for action in given_up}
        for place, one in enumerate(self.seen.population.people if gone else ()):
            if one.source_id in gone:
                sure[place] = None
                candidates[place] = cast("Candidate", self._candidate(one))  # no problem in match
        users |= self.matched
        self.matched = users

    # -- before the mapping ---------------------------------------------------------------------

    def _before_mapping(self, person: Person) -> Action | Candidate:
        if person.problem:
            return _problem(person, person.problem)
        decision = self.rules.scope.decide(person)
        return self.out_of_scope(person, decision) or self._candidate(person)

    def unusable(self, person: Person, problem: Reason) -> Action:
        """Return what happens to somebody who can't be written at all."""
        return _problem(person, problem)

    def out_of_scope(self, person: Person, decision: ScopeDecision) -> Action | None:
        """Return what happens to somebody who is not in scope, None for one who is."""
        if not decision.evaluable:
            return _problem(person, decision.reason)
        if self._blind and not (decision.in_scope and self._sees(decision.filter_name)):
            return _problem(person, unread(self._blind))
        if not decision.in_scope:
            return self._leaver_or_skipped(person, decision.reason)
        return None

    def _sees(self, name: str) -> bool:
        """Return whether a filter rests on nothing that the source lacks."""
        return all(
            canonical(clause.attribute) not in self._blind
            for one in self.rules.scope.filters
            if one.name == name
            for clause in one.clauses
        )

    def _leaver_or_skipped(self, person: Person, reason: Reason) -> Action:
        link = self.links.get(person.source_id)
        user = self.index.by_id.get(link.webex_id) if link else None
        if link and user:
            if not self._left_alone(person):
                return self._leaver(link, user, reason, person.row)
            reason = NeverTouched.REASON
        return Action(
            ActionKind.SKIPPED,
            person.source_id,
            person.user_principal_name,
            person.label,
            reasons=(reason,),
            row=person.row,
        )

    def _candidate(self, person: Person) -> Action | Candidate:
        match = self.match(person)
        if match.user:
            # also one that is not theirs beyond doubt: nobody present makes its owner a leaver
            self.matched.add(match.user.id)
        if match.problem:
            return _problem(person, match.problem)
        creating = match.user is None
        wanted = self.rules.mapping.evaluate(person, creating=creating, now=self.seen.now)
        return Candidate(person, match, wanted)

    def match(self, person: Person) -> Match:
        """Find the user that somebody in scope already has."""
        values = self.rules.mapping.each_matching_value(person, self.seen.now)
        link = self.links.get(person.source_id)
        ground = self.ground
        return self.index.match(link, values, ground.others, person.source_id)

    def _clashes(self, candidates: Sequence[Candidate]) -> Mapping[str, Reason]:
        clashes = Clashes(self.index)
        for one in candidates:
            clashes.add(one.person, one.match, str(one.wanted.values.get("userName") or ""))
        return clashes.found()

    # -- one person in scope --------------------------------------------------------------------

    def decide(self, candidate: Candidate, clash: Reason | None) -> Action:
        """Decide on somebody in scope; a ``match`` with a problem and a ``clash`` come first."""
        if candidate.match.problem:
            return _problem(candidate.person, candidate.match.problem)
        if self._left_alone(candidate.person, candidate):
            reason = NeverTouched.REASON
            return replace(_problem(candidate.person, reason), kind=ActionKind.SKIPPED)
        if candidate.match.user is None:
            return self._create_or_skip(candidate, clash)
        return self._change(candidate, candidate.match.user, clash)

    def _create_or_skip(self, candidate: Candidate, clash: Reason | None) -> Action:
        person, wanted = candidate.person, candidate.wanted
        if clash or (clash := may_be_hidden(person, self.seen, self.links)):
            return _problem(person, clash)
        action = Action(
            ActionKind.SKIPPED,
            person.source_id,
            str(wanted.values.get("userName") or person.user_principal_name),
            person.label,
            row=person.row,
            sign_in=person.other_name(str(wanted.values.get("userName") or "")),
        )
        if wanted.values.get("active") is False or person.soft_deleted:
            reason = Reason("disabled-in-source", "Disabled in the source and not in Webex.")
            return replace(action, reasons=(reason,))
        if wanted.problems:
            return replace(action, kind=ActionKind.PROBLEM, reasons=wanted.problems)
        if not self.rules.actions.create:
            reason = Reason("create-off", "Not in Webex, and this setup does not create users.")
            return replace(action, reasons=(reason,))
        return replace(
            action,
            kind=ActionKind.CREATE,
            changes=compare(wanted.values, {}).changes,
            reasons=(Reason("not-in-webex", "In scope and not in Webex yet."),),
        )

    def _change(self, candidate: Candidate, user: User, clash: Reason | None) -> Action:
        person, wanted = candidate.person, candidate.wanted
        # a link may lead to a user who was deleted since: it says nothing about this one
        link = self.links.get(person.source_id) if candidate.match.by == "link" else None
        found = compare(wanted.values, user.resource)
        base = partial(
            Action,
            source_id=person.source_id,
            user_name=user.user_name,
            label=person.label,
            webex_id=user.id,
            before=state_before(user, found),
            linked=link is not None,
            row=person.row,
            sign_in=person.other_name(user.user_name),
        )
        if problems := (clash,) if clash else wanted.problems:
            if link and found.turns_off and self.rules.actions.disable:
                # who may no longer sign in must not keep access because of a value that is wrong
                only = found.only("active")
                action = self._turn_off(base, only, user, link, problems[0])
                return replace(action, reasons=(*action.reasons, *problems))
            return base(ActionKind.PROBLEM, reasons=problems)
        if found.turns_on and (unsure := enabled_unknown(person, self.seen)):
            return base(ActionKind.PROBLEM, reasons=(unsure,))
        return self._by_activity(base, found, user, link, how_matched(candidate.match.by))

    def _by_activity(
        self, base: _Decided, found: Comparison, user: User, link: Link | None, matched: Reason
    ) -> Action:
        if found.turns_off:
            return self._turn_off(base, found, user, link, matched)
        if found.turns_on and not (link and link.disabled_at):
            return base(ActionKind.PROBLEM, reasons=(why_inactive(user, found),))
        return self._update(base, found, matched)

    def _turn_off(
        self, base: _Decided, found: Comparison, user: User, link: Link | None, matched: Reason
    ) -> Action:
        why = Reason("disabled-in-source", "Disabled in the source.")
        if not self.rules.actions.disable:
            kept = Reason("disable-off", "Stays active: this setup does not disable users.")
            return self._update(base, found.without("active"), matched, kept)
        if problem := self._may_not_lose_access(user, managed=link is not None):
            return base(ActionKind.PROBLEM, reasons=(why, problem))
        if bar := self.bars.reason:
            return base(ActionKind.SKIPPED, reasons=(why, bar))
        changes = found.changes if self.rules.actions.update else found.only("active").changes
        return base(ActionKind.DISABLE, changes=changes, reasons=(why,))

    def _update(self, base: _Decided, found: Comparison, *reasons: Reason) -> Action:
        if not found.changes:
            return base(ActionKind.UNCHANGED, reasons=reasons)
        if not self.rules.actions.update:
            off = Reason("update-off", "Differs from Webex, and this setup does not update users.")
            return base(ActionKind.SKIPPED, reasons=(off,))
        return base(ActionKind.UPDATE, changes=found.changes, reasons=reasons)

    # -- people who left ------------------------------------------------------------------------

    def leavers_of_source(self) -> Iterator[Action]:
        """Yield what happens to managed users whose person left; ``matched`` must be complete."""
        gone = Reason("left-source", "No longer in the source.")
        unsure = list(self.ground.unsure)
        for link in self.ground.absent:
            user = self.index.by_id.get(link.webex_id)
            if user and user.id in self.matched:  # somebody else was found to be this user
                unsure.append(link)
            elif user:
                yield self._leaver(link, user, gone, 0)
        for link in unsure:
            user = self.index.by_id.get(link.webex_id)
            if user and user.active:
                yield unsure_leaver(link, user, gone)

    def _leaver(self, link: Link, user: User, why: Reason, row: int) -> Action:
        return decide_leaver(
            link,
            user,
            why,
            allowed=self.rules.actions,
            refusal=self._may_not_lose_access(
                user, managed=True, names=(link.source_id, link.user_name, link.sign_in)
            ),
            bar=self.bars.reason,
            now=self.seen.now,
            row=row,
        )

    def _left_alone(self, person: Person, candidate: Candidate | None = None) -> bool:
        """Return whether somebody is never touched, by source, by Webex or by the name to be."""
        never, match = self.rules.never_touched, candidate.match if candidate else None
        if never.is_nobody:
            return False
        if match and match.user and never.covers_user(match.user):
            return True
        wanted = candidate.wanted.values.get("userName") if candidate else None
        raw = person.attributes.get("originalUserPrincipalName")
        object_id = person.attributes.get("objectId")
        return never.covers(person.user_principal_name, person.source_id, object_id, raw, wanted)

    def _may_not_lose_access(
        self, user: User, *, managed: bool, names: Sequence[str] = ()
    ) -> Reason | None:
        if self.rules.never_touched.covers_user(user) or self.rules.never_touched.covers(*names):
            return NeverTouched.REASON
        if user.id == self.seen.operator_id:
            return Reason("operator", "This is you: the token you use belongs to this user.")
        if user.id in self.seen.owned_elsewhere:
            return Reason("other-profile", "Another setup on this computer manages this user.")
        if not managed:
            return Reason(
                "never-managed",
                "Still active in Webex. SparkWizard turns off only users that it has managed"
                " before; turn this one off in Control Hub if that is what you want.",
            )
        return None


def _problem(person: Person, reason: Reason) -> Action:
    return Action(
        ActionKind.PROBLEM,
        person.source_id,
        person.user_principal_name,
        person.label,
        reasons=(reason,),
        row=person.row,
    )
