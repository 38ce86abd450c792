"""Go through everybody once, apply the checks, and put the findings in order."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from datetime import datetime

import msgspec

from sparkwizard.provisioning.planning.matching import Match
from sparkwizard.provisioning.planning.planner import Ground, Planner, Rules, Situation
from sparkwizard.provisioning.preflight.checks import PERSON_CHECKS, Looked, domain_of
from sparkwizard.provisioning.preflight.kinds import KINDS, Kind
from sparkwizard.provisioning.preflight.report import Finding, Hit, PreflightReport
from sparkwizard.provisioning.slices import finished
from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import Link, Person, Population, UsersRead
from sparkwizard.provisioning.what_if.columns import ScopeColumn

__all__ = ["preflight", "preflight_in_slices"]

_PACE = 16
_NOBODY = UsersRead(())
_NO_MATCH = Match()


def preflight(
    rules: Rules,
    population: Population,
    users: UsersRead | None,
    links: Mapping[str, Link],
    *,
    now: datetime,
) -> PreflightReport:
    """Return the findings over everybody in scope; ``users`` None leaves Webex out of it."""
    return finished(preflight_in_slices(rules, population, users, links, now=now))


def preflight_in_slices(
    rules: Rules,
    population: Population,
    users: UsersRead | None,
    links: Mapping[str, Link],
    *,
    now: datetime,
) -> Generator[float, None, PreflightReport]:
    """Yield how far it is (0 to 1) after each millisecond's work, and return the report."""
    situation = Situation(population=population, users=users or _NOBODY, links=links, now=now)
    survey = _Survey(rules, situation, users_known=users is not None)
    yield from survey.look()
    return (yield from survey.report())


class _Sharers(msgspec.Struct):
    """Collect who shares a value; nearly nobody does, so that lists are made only for those."""

    first: dict[str, Person] = msgspec.field(default_factory=dict)
    more: dict[str, list[Person]] = msgspec.field(default_factory=dict)

    def add(self, value: str, person: Person) -> None:
        key = value.casefold()
        found = self.first.setdefault(key, person)
        if found is not person:
            self.more.setdefault(key, [found]).append(person)


class _Survey:
    def __init__(self, rules: Rules, situation: Situation, *, users_known: bool) -> None:
        self._rules = rules
        self._seen = situation
        self._users_known = users_known
        mapping = rules.mapping
        self._matching = tuple(rule.target for rule in mapping.matching)
        self._always = tuple(
            rule.target for rule in mapping.rules if rule.apply == "always" and rule.expression
        )
        self._ground = Ground(situation, self._matching)
        self._scopes = ScopeColumn(rules.scope, situation.population.people)
        self._hits: defaultdict[str, list[Hit]] = defaultdict(list)
        self._sharers = {target: _Sharers() for target in self._matching}
        self._domains: defaultdict[str, list[Person]] = defaultdict(list)
        self._looked_at = 0

    def look(self) -> Iterator[float]:
        """Look at everybody once, in slices."""
        seen = self._seen
        total = len(seen.users.users) + len(seen.population.people) + len(seen.links) or 1
        for done, _ in enumerate(self._ground.lay()):
            if done % (4 * _PACE) == 0:
                yield 0.3 * min(1.0, done / total)
        planner = Planner(self._rules, seen, self._ground)
        people = seen.population.people
        for place, person in enumerate(people):
            if place % _PACE == 0:
                yield 0.3 + 0.6 * place / len(people)
            self._look_at(planner, person, place)

    def _look_at(self, planner: Planner, person: Person, place: int) -> None:
        if person.problem:
            self._looked_at += 1
            self._hits["unusable-row"].append(Hit(person, person.problem.text))
            return
        decision = self._scopes[place]
        if not decision.in_scope:
            if not decision.evaluable:
                self._looked_at += 1
                self._hits["scope-unclear"].append(Hit(person, decision.reason.text))
            return
        self._looked_at += 1
        match = planner.match(person) if self._users_known else _NO_MATCH
        wanted = self._rules.mapping.evaluate(
            person, creating=match.user is None, now=self._seen.now
        )
        linked = person.source_id in self._ground.links
        one = Looked(person, wanted, match, self._matching, self._always, linked)
        for check in PERSON_CHECKS:
            for code, value in check(one):
                self._hits[code].append(Hit(person, value))
        self._note_shared(one)

    def _note_shared(self, one: Looked) -> None:
        for target, sharers in self._sharers.items():
            value = one.wanted.values.get(target)
            if isinstance(value, str):
                sharers.add(value, one.person)
        if domain := domain_of(one.wanted.values.get("userName")):
            self._domains[domain].append(one.person)

    def report(self) -> Generator[float, None, PreflightReport]:
        """Add what needs everybody, and put the findings in order."""
        for target, sharers in self._sharers.items():
            for value, people in sharers.more.items():
                shared = f"{label(target)} {value}"
                self._hits["duplicate-match"] += [Hit(person, shared) for person in people]
            yield 0.92
        yield from self._judge_domains()
        findings = []
        for code, kind in KINDS.items():
            if hits := self._hits.get(code):
                findings.append(_finding(code, kind, hits))
            yield 0.98
        return PreflightReport(tuple(findings), self._looked_at, self._users_known)

    def _judge_domains(self) -> Iterator[float]:
        """Tell domains that no Webex user has; without users any may be verified or not."""
        present = {domain_of(user.user_name) for user in self._seen.users.users} - {""}
        for domain, people in sorted(self._domains.items()):
            if domain not in present:
                code = "unverified-domain" if present else "domains"
                for place, person in enumerate(people):
                    if place % (16 * _PACE) == 0:
                        yield 0.95
                    self._hits[code].append(Hit(person, domain))


def _finding(code: str, kind: Kind, hits: list[Hit]) -> Finding:
    number = len({id(hit.person) for hit in hits})
    return Finding(
        code,
        kind.severity,
        kind.title,
        kind.text(number),
        kind.fix,
        kind.owner,
        tuple(hits),
        number,
    )
