"""``sparkwizard explain``: why one person is or is not provisioned, step by step. No write."""

from collections.abc import Iterator, Mapping

from sparkwizard.commands.arguments import Options
from sparkwizard.commands.output import Output, error_document
from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.explain import (
    ActionStep,
    AttributeOutcome,
    AttributeStep,
    Explanation,
    ImportStep,
    MatchStep,
    ScopeStep,
)
from sparkwizard.provisioning.scoping import sentence
from sparkwizard.provisioning.types import Json, Reason
from sparkwizard.runs.services import Services

__all__ = ["explain"]

_MARKS = {True: "+", False: "-", None: "?"}
_OUTCOMES = {
    AttributeOutcome.CHANGES: "changes",
    AttributeOutcome.SAME: "as it is",
    AttributeOutcome.HELD: "differs, left as it is",
    AttributeOutcome.NO_VALUE: "no value, left as it is",
    AttributeOutcome.ONLY_ON_CREATE: "only when a user is created",
    AttributeOutcome.PROBLEM: "problem",
}
_LONGEST = 200


async def explain(options: Options, services: Services, output: Output) -> int:
    """Explain one person; 0 if every step could be made, 1 if Webex could not be read."""
    loaded = services.load(options.profile or "")
    found, trouble = await services.explain(loaded.profile, loaded.base_dir, options.person)
    output.result(_document(found, trouble), _lines(found, trouble))
    return 1 if trouble else 0


# -- for machines --------------------------------------------------------------------------------


def _document(found: Explanation, trouble: SparkWizardError | None) -> dict[str, object]:
    document: dict[str, object] = {
        "person": found.label,
        "import": _import_document(found.imported),
        "scope": _scope_document(found.scope),
        "match": _match_document(found.match),
        "action": _action_document(found.action),
        "findings": [_reason(finding) for finding in found.findings],
    }
    return document | (error_document(trouble) if trouble else {})


def _import_document(step: ImportStep | None) -> dict[str, object] | None:
    if step is None:
        return None
    return {
        "row": step.row,
        "attributes": {name: _value(value) for name, value in step.attributes.items()},
        "problem": _reason(step.problem),
    }


def _scope_document(step: ScopeStep | None) -> dict[str, object] | None:
    if step is None:
        return None
    return {
        "in_scope": step.decision.in_scope if step.decision.evaluable else None,
        "reason": _reason(step.decision.reason),
        "filters": [
            {
                "name": one.name,
                "holds": one.verdict,
                "clauses": [
                    {
                        "clause": sentence(clause.clause),
                        "value": _value(clause.value),
                        "holds": clause.verdict,
                        "why": clause.why,
                    }
                    for clause in one.clauses
                ],
            }
            for one in step.filters
        ],
    }


def _match_document(step: MatchStep | None) -> dict[str, object] | None:
    if step is None:
        return None
    user = step.match.user
    return {
        "webex_id": user.id if user else None,
        "user_name": user.user_name if user else None,
        "by": step.match.by or None,
        "problem": _reason(step.match.problem),
        "tries": [
            {
                "target": one.target,
                "value": one.value,
                "found": [{"webex_id": user.id, "user_name": user.user_name} for user in one.users],
            }
            for one in step.tries
        ],
    }


def _action_document(step: ActionStep | None) -> dict[str, object] | None:
    if step is None:
        return None
    action = step.action
    return {
        "action": action.kind.value,
        "user_name": action.user_name,
        "webex_id": action.webex_id or None,
        "reasons": [_reason(reason) for reason in action.reasons],
        "held_back": _reason(step.stop.reason if step.stop else None),
        "changes": [
            {"attribute": one.attribute, "before": one.before, "after": one.after}
            for one in action.changes
        ],
        "attributes": [_attribute_document(one) for one in step.attributes],
    }


def _attribute_document(one: AttributeStep) -> dict[str, object]:
    return {
        "target": one.rule.target,
        "expression": one.rule.expression,
        "sources": {name: _value(value) for name, value in one.sources},
        "steps": [
            {
                "start": step.start,
                "end": step.end,
                "text": step.text,
                "value": _value(step.value),
                "error": step.error or None,
            }
            for step in one.steps
        ],
        "wanted": one.wanted,
        "current": one.current,
        "outcome": one.outcome.value,
        "problem": _reason(one.problem),
    }


def _reason(reason: Reason | None) -> dict[str, str] | None:
    return {"code": reason.code, "text": reason.text} if reason else None


def _value(value: object) -> Json:
    """Return what JSON can hold; a flow that is dropped and all else is told as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _value(one) for key, one in value.items()}
    return str(value)


# -- for people ----------------------------------------------------------------------------------


def _lines(found: Explanation, trouble: SparkWizardError | None) -> Iterator[str]:
    yield _shown(found.label)
    yield ""
    yield from _import_lines(found.imported)
    if found.scope:
        yield from _scope_lines(found.scope)
    if found.match:
        yield from _match_lines(found.match)
    if found.action:
        yield from _action_lines(found.action)
    for finding in found.findings:
        yield f"Note: {finding.text}"
    if trouble:
        yield f"3. Match    Webex could not be read. {trouble}"


def _import_lines(step: ImportStep | None) -> Iterator[str]:
    if step is None:
        yield "1. Import   no longer in the source"
        return
    where = f"found in row {step.row}" if step.row else "found in the source"
    yield f"1. Import   {where}"
    if step.problem:
        yield f"   Problem: {step.problem.text}"
    width = max(map(len, step.attributes), default=0)
    for name, value in step.attributes.items():
        yield f"     {_shown(name):<{width}}  {_shown(value)}"


def _scope_lines(step: ScopeStep) -> Iterator[str]:
    decision = step.decision
    verdict = "in scope" if decision.in_scope else "not in scope"
    yield f"2. Scope    {verdict if decision.evaluable else 'undecided'}: {decision.reason.text}"
    for one in step.filters:
        yield f"     {_MARKS[one.verdict]} {_shown(one.name)}"
        for clause in one.clauses:
            why = _shown(clause.value if clause.verdict else clause.why)
            said = "" if clause.verdict and clause.value is None else f"   ({why})"
            yield f"       {_MARKS[clause.verdict]} {_shown(sentence(clause.clause))}{said}"


def _match_lines(step: MatchStep) -> Iterator[str]:
    user, match = step.match.user, step.match
    if match.problem:
        yield f"3. Match    undecided: {match.problem.text}"
    elif user is None:
        yield "3. Match    nobody in Webex"
    elif match.by == "link":
        yield f"3. Match    {_shown(user.user_name)}, whom this setup already manages"
    else:
        yield f"3. Match    {_shown(user.user_name)}, found by {match.by}"
    for one in step.tries:
        if one.value is None:
            yield f"     {one.label}: no value to look for"
        else:
            names = ", ".join(_shown(found.user_name or found.id) for found in one.users[:3])
            more = f" and {len(one.users) - 3} more" if len(one.users) > 3 else ""
            yield f"     {one.label} = {_shown(one.value)}: {names or 'nobody'}{more}"


def _action_lines(step: ActionStep) -> Iterator[str]:
    action = step.action
    yield f"4. Action   {action.kind.value}: {' '.join(reason.text for reason in action.reasons)}"
    if step.stop:
        yield f"   Held back: {step.stop.reason.text}"
    for one in step.attributes:
        yield from _attribute_lines(one)
    if not step.attributes:
        for change in action.changes:
            yield f"     {change.attribute}: {_shown(change.before)} -> {_shown(change.after)}"


def _attribute_lines(one: AttributeStep) -> Iterator[str]:
    yield f"     {one.label} ({one.rule.target}): {_OUTCOMES[one.outcome]}"
    if one.rule.expression.strip():
        yield f"       {_shown(one.rule.expression)}"
    for step in one.steps:
        if step.kind != "constant" and step.text != one.rule.expression.strip():
            yield f"         {_shown(step.text)} = {_shown(step.error or step.value)}"
    if one.problem:
        yield f"       {one.problem.text}"
    elif one.outcome in (AttributeOutcome.CHANGES, AttributeOutcome.HELD):
        yield f"       {_shown(one.current)} -> {_shown(one.wanted)}"
    elif one.wanted is not None:
        yield f"       {_shown(one.wanted)}"


def _shown(value: object) -> str:
    """Return a value on one line; what a terminal could take for a command is left out."""
    if value is None:
        return "(none)"
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    line = "".join(one if one.isprintable() else " " for one in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
