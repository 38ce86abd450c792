"""Decide who is in scope: clauses are joined with AND, filters with OR; none means everyone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sparkwizard.errors import ScopeError
from sparkwizard.provisioning.scoping.operators import (
    OPERATORS,
    BadValue,
    CantTell,
    Operator,
    Test,
    find_operator,
    similar_operator,
)
from sparkwizard.provisioning.source.attributes import (
    attributes_for_rules,
    canonical,
    describe_source,
    similar_source,
)
from sparkwizard.provisioning.types import Clause, Filter, Person, Reason

__all__ = [
    "OPERATORS",
    "ClauseFinding",
    "ClauseVerdict",
    "FilterVerdict",
    "Operator",
    "Scope",
    "ScopeDecision",
    "check_scope",
    "compile_scope",
    "sentence",
    "unread",
]


class ScopeDecision(msgspec.Struct, frozen=True):
    """Say whether a person is in scope, and why.

    ``evaluable`` is False where a filter can't be decided for this person, and no other filter
    lets the person in: then nobody knows, and nothing may be done. ``filter_name`` is the filter
    that let the person in or could not be decided, or the only one there is.
    """

    in_scope: bool
    evaluable: bool
    reason: Reason
    filter_name: str = ""


class ClauseVerdict(msgspec.Struct, frozen=True):
    """Say how one clause comes out for a person: True, False, or None where nobody can tell.

    ``value`` is what the person has there; ``why`` reads like "department is “Sales”, not “IT”".
    """

    clause: Clause
    value: object
    verdict: bool | None
    why: str


class FilterVerdict(msgspec.Struct, frozen=True):
    """Say how one filter comes out for a person, clause by clause."""

    name: str
    verdict: bool | None
    clauses: tuple[ClauseVerdict, ...]


class ClauseFinding(msgspec.Struct, frozen=True):
    """Hold one finding: which filter and clause (-1 for the filter itself), and what is wrong."""

    filter: int
    clause: int
    part: Literal["attribute", "operator", "values", "filter"]
    reason: Reason
    is_error: bool = True
    fix: str = ""
    suggestion: str = ""


def compile_scope(filters: Sequence[Filter]) -> "Scope":
    """Compile scoping filters; a ``ScopeError`` names the first clause that can't work."""
    for finding in check_scope(filters):
        if finding.is_error:
            name = _name(filters[finding.filter], finding.filter)
            raise ScopeError(f"Filter “{name}”: {finding.reason.text}", fix=finding.fix)
    return Scope(filters)


def sentence(clause: Clause) -> str:
    """Return a clause as one reads it: ``department equals Sales``."""
    operator = find_operator(clause.operator)
    name = operator.label if operator else clause.operator
    values = "" if operator and not operator.takes_value else ", ".join(clause.values)
    return f"{clause.attribute} {name} {values}".rstrip()


class Scope:
    """Hold compiled filters; made by ``compile_scope``.

    ``filters`` are as they were given, ``source_attributes`` what must be read from the source.
    """

    __slots__ = ("_filters", "filters", "source_attributes")

    def __init__(self, filters: Sequence[Filter]) -> None:
        self.filters = tuple(filters)
        self._filters = tuple(
            _CompiledFilter(_name(one, index), tuple(_compile(clause) for clause in one.clauses))
            for index, one in enumerate(filters)
        )
        self.source_attributes: frozenset[str] = frozenset(
            canonical(clause.attribute) for one in filters for clause in one.clauses
        )

    def decide(self, person: Person) -> ScopeDecision:
        """Decide on one person; data never raises."""
        if not self._filters:
            return _EVERYONE
        attributes = attributes_for_rules(person.attributes)
        verdicts = [one.decide(attributes) for one in self._filters]
        for wanted in (_Verdict.holds, _Verdict.open):
            for one, verdict in zip(self._filters, verdicts, strict=True):
                if wanted(verdict):
                    return _decision(one, verdict)
        return _outside(self._filters, verdicts)

    def verdicts(self, person: Person) -> tuple[FilterVerdict, ...]:
        """Return how every filter comes out, clause by clause; data never raises."""
        attributes = attributes_for_rules(person.attributes)
        return tuple(one.verdict(attributes) for one in self._filters)


_EVERYONE = ScopeDecision(
    in_scope=True,
    evaluable=True,
    reason=Reason("no-filters", "There is no scoping filter: everyone is in scope."),
)

# -- deciding ----------------------------------------------------------------------------------


class _Verdict(msgspec.Struct, frozen=True):
    """Hold what one filter says: True, False, or None where it can't tell, and why."""

    value: bool | None
    why: str

    def holds(self) -> bool:
        return self.value is True

    def open(self) -> bool:
        return self.value is None


class _CompiledClause(msgspec.Struct, frozen=True):
    clause: Clause
    name: str
    operator: Operator
    test: Test

    def value(self, attributes: Mapping[str, object]) -> object:
        value = attributes.get(self.name)
        return attributes.get(self.clause.attribute) if value is None else value

    def decide(self, attributes: Mapping[str, object]) -> _Verdict:
        value = self.value(attributes)
        try:
            text = _text(value)
            if self.test(text):
                return _Verdict(True, sentence(self.clause))
            return _Verdict(False, self._failing(text))
        except CantTell as problem:
            return _Verdict(None, f"{self.clause.attribute} is {_shown(value)}, which {problem}")

    def _failing(self, text: str | None) -> str:
        if not text:
            return f"{self.clause.attribute} has no value"
        wanted = _quoted(self.clause.values[0]) if self.operator.takes_value else ""
        failing = self.operator.failing.replace("{value}", wanted)
        return f"{self.clause.attribute} is {_quoted(text)}, {failing}"


class _CompiledFilter(msgspec.Struct, frozen=True):
    name: str
    clauses: tuple[_CompiledClause, ...]

    def decide(self, attributes: Mapping[str, object]) -> _Verdict:
        """Join the clauses with AND: one that fails decides, whatever the others can't tell."""
        verdicts = [clause.decide(attributes) for clause in self.clauses]
        for value in (False, None):
            for verdict in verdicts:
                if verdict.value is value:
                    return verdict
        return _Verdict(True, " and ".join(verdict.why for verdict in verdicts))

    def verdict(self, attributes: Mapping[str, object]) -> FilterVerdict:
        clauses = []
        for one in self.clauses:
            said = one.decide(attributes)
            clauses.append(ClauseVerdict(one.clause, one.value(attributes), said.value, said.why))
        return FilterVerdict(self.name, self.decide(attributes).value, tuple(clauses))


def _decision(one: _CompiledFilter, verdict: _Verdict) -> ScopeDecision:
    if verdict.value:
        reason = Reason("in-scope", f"{verdict.why}.")
        return ScopeDecision(True, True, reason, one.name)
    reason = Reason("cant-tell", f"The filter “{one.name}” can't be decided: {verdict.why}.")
    return ScopeDecision(False, False, reason, one.name)


def _outside(filters: Sequence[_CompiledFilter], verdicts: Sequence[_Verdict]) -> ScopeDecision:
    if len(filters) == 1:
        text, name = verdicts[0].why, filters[0].name
    else:
        shown = [
            f"{one.name}: {verdict.why}"
            for one, verdict in zip(filters[:3], verdicts[:3], strict=True)
        ]
        more = f" and {len(filters) - 3} more" if len(filters) > 3 else ""
        text, name = f"No filter lets this person in. {'; '.join(shown)}{more}", ""
    return ScopeDecision(False, True, Reason("out-of-scope", f"{text}."), name)


def _text(value: object) -> str | None:
    """Return a value as filters see it; several values can't be filtered (facts: entra.md §3)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        if len(value) > 1:
            raise CantTell("are several values; a filter takes one")
        return _text(value[0]) if value else None
    return str(value)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return _quoted(", ".join(map(str, value)))
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= 80 else f"{text[:80]}…"}"'


# -- compiling ---------------------------------------------------------------------------------

_NOT_ALLOWED = {
    "approleassignments": "the roles of an application",
    "usertype": "the user type",
    "manager": "the manager",
    "ismemberof": "membership of groups",
    "members": "the members of a group",
    "employeehiredate": "dates",
    "employeeleavedatetime": "dates",
    "createddatetime": "dates",
    "deleteddatetime": "dates",
    "lastpasswordchangedatetime": "dates",
    "onpremiseslastsyncdatetime": "dates",
}
"""Attributes that Entra's filters can't use (facts: entra.md §3)."""


def _name(one: Filter, index: int) -> str:
    return one.name.strip() or f"Filter {index + 1}"


def _compile(clause: Clause) -> _CompiledClause:
    operator = find_operator(clause.operator)
    assert operator is not None  # compile_scope checked it
    value = clause.values[0] if operator.takes_value else ""
    return _CompiledClause(clause, canonical(clause.attribute), operator, operator.make(value))


def check_scope(filters: Sequence[Filter]) -> tuple[ClauseFinding, ...]:
    """Return all errors and warnings of scoping filters at once."""
    findings: list[ClauseFinding] = []
    for index, one in enumerate(filters):
        if not one.clauses:
            reason = Reason("no-clause", "The filter has no clause.")
            fix = "Add a clause, or take the filter away."
            findings.append(ClauseFinding(index, -1, "filter", reason, fix=fix))
        for position, clause in enumerate(one.clauses):
            findings += _check_attribute(index, position, clause)
            findings += _check_operator(index, position, clause)
    return tuple(findings)


def _check_attribute(index: int, position: int, clause: Clause) -> Iterator[ClauseFinding]:
    def finding(code: str, text: str, fix: str, suggestion: str = "") -> ClauseFinding:
        is_error = code != "unknown-attribute"
        reason = Reason(code, text)
        return ClauseFinding(index, position, "attribute", reason, is_error, fix, suggestion)

    name = canonical(clause.attribute)
    known = describe_source(name)
    if not name:
        yield finding("no-attribute", "A clause has no attribute.", "Choose an attribute.")
    elif name.lower() in _NOT_ALLOWED:
        text = f"Entra's filters can't use {_NOT_ALLOWED[name.lower()]}: {name}."
        yield finding("not-allowed", text, "Choose another attribute.")
    elif known is not None and known.multi_valued:
        text = f"{name} may hold several values, which filters can't use."
        yield finding("not-allowed", text, "Choose an attribute with one value.")
    elif known is None and (suggestion := similar_source(name)):
        text = f"“{name[:200]}” is not one of Entra's own attributes."
        yield finding("unknown-attribute", text, f"Did you mean {suggestion}?", suggestion)


def _check_operator(index: int, position: int, clause: Clause) -> Iterator[ClauseFinding]:
    operator = find_operator(clause.operator)
    if operator is None:
        suggestion = similar_operator(clause.operator)
        names = ", ".join(one.name for one in OPERATORS)
        fix = f"Did you mean {suggestion}?" if suggestion else f"Use one of {names}."
        reason = Reason("unknown-operator", f"Unknown operator “{clause.operator[:60]}”.")
        yield ClauseFinding(index, position, "operator", reason, fix=fix, suggestion=suggestion)
    elif operator.takes_value:
        yield from _check_values(index, position, clause, operator)


def _check_values(
    index: int, position: int, clause: Clause, operator: Operator
) -> Iterator[ClauseFinding]:
    def error(code: str, text: str, fix: str) -> ClauseFinding:
        return ClauseFinding(index, position, "values", Reason(code, text), fix=fix)

    shown = f"{clause.attribute} {operator.label}"
    if not clause.values or not clause.values[0]:
        text = f"“{shown}” needs a value."
        yield error("no-value", text, "Write the value, or use IS NULL for no value.")
    elif len(clause.values) > 1:
        text = f"“{shown}” takes one value, not {len(clause.values)}."
        yield error("several-values", text, "Make a filter for each value: one of them is enough.")
    else:
        try:
            operator.make(clause.values[0])
        except BadValue as problem:
            text = f"“{shown}” can't use its value. {problem}"
            yield error("bad-value", text, "Change the value.")


def unread(attributes: Iterable[str]) -> Reason:
    """Return why nobody can tell who is in scope where the source lacks these attributes."""
    names = ", ".join(sorted(attributes))
    return Reason(
        "cant-tell",
        f"A scoping filter asks for {names}, which the source does not have this time.",
    )
