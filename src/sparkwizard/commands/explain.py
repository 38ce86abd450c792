"""``sparkwizard explain``: why one person is or is not provisioned, step by step. No write."""

from collections.abc import Iterator, Mapping

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output, error_document
from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.explain import (
    ActionStep,
    AttributeStep,
    Explanation,
    ImportStep,
    MatchStep,
    ScopeStep,
)
from sparkwizard.provisioning.scoping.scope import sentence
from sparkwizard.provisioning.types import Json, Reason
from sparkwizard.runs.services import LocalServices
from sparkwizard.wizard.plan.explain_words import Standing, explained

__all__ = ["explain"]

_MARKS = {Standing.GOOD: "+", Standing.BAD: "-", Standing.DOUBT: "?", Standing.QUIET: " "}
_LONGEST = 200


async def explain(options: Options, services: LocalServices, output: Output) -> int:
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
    """Yield what the window shows, in its words."""
    yield _shown(found.label)
    for number, step in enumerate(explained(found, trouble), 1):
        yield ""
        yield f"{number}. {step.title:<8} {_shown(step.summary)}"
        for line in step.lines:
            name = f"{line.name}: " if line.name else ""
            yield f"     {_MARKS[line.standing]} {_shown(name + line.value)}"
            yield from (f"         {_shown(one)}" for one in line.results)


def _shown(text: str) -> str:
    """Return a text on one line; what a terminal could take for a command is left out."""
    line = "".join(one if one.isprintable() else " " for one in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
