"""Say in words why a person is or is not provisioned: the steps of Entra's provision on demand."""

from collections.abc import Iterator
from enum import Enum

import msgspec

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
from sparkwizard.provisioning.expressions import DROP
from sparkwizard.provisioning.scoping.scope import sentence
from sparkwizard.provisioning.source.attributes import describe_source
from sparkwizard.provisioning.types import ActionKind, User
from sparkwizard.wizard.mapping.rule_text import RuleKind, kind_of
from sparkwizard.wizard.plan.changes import attribute_words, headline, value_words, why

__all__ = ["ExplainedLine", "ExplainedStep", "Standing", "as_text", "explained"]


class Standing(Enum):
    """Say how a step or a line came out."""

    GOOD = "good"
    QUIET = "quiet"
    DOUBT = "doubt"
    BAD = "bad"


class ExplainedLine(msgspec.Struct, frozen=True):
    """Hold one line: a name, a value, and the intermediate results below it."""

    name: str
    value: str
    standing: Standing = Standing.QUIET
    results: tuple[str, ...] = ()


class ExplainedStep(msgspec.Struct, frozen=True):
    """Hold one step with its outcome in a sentence, and what it rests on."""

    title: str
    summary: str
    standing: Standing
    lines: tuple[ExplainedLine, ...] = ()


def explained(
    found: Explanation, trouble: SparkWizardError | None = None
) -> tuple[ExplainedStep, ...]:
    """Return the four steps; those that were not reached say why not."""
    steps = [_import(found.imported), _scope(found)]
    if trouble is not None:
        words = f"Webex could not be read, so it ends here. {trouble}"
        return (*steps, ExplainedStep("Match", words, Standing.BAD))
    steps += [_match(found.match), _action(found.action)]
    notes = tuple(ExplainedLine("Note", one.text, Standing.DOUBT) for one in found.findings)
    last = steps[-1]
    steps[-1] = ExplainedStep(last.title, last.summary, last.standing, (*last.lines, *notes))
    return tuple(steps)


def as_text(label: str, steps: tuple[ExplainedStep, ...]) -> str:
    """Return all of it as plain text, for a message to a colleague."""
    return "\n".join((f"Why: {label}", *_text_lines(steps)))


def _text_lines(steps: tuple[ExplainedStep, ...]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        yield ""
        yield f"{number}. {step.title}: {step.summary}"
        for line in step.lines:
            yield f"   {line.name}: {line.value}" if line.name else f"   {line.value}"
            yield from (f"      {one}" for one in line.results)


# -- the steps ---------------------------------------------------------------------------------


def _import(step: ImportStep | None) -> ExplainedStep:
    if step is None:
        return ExplainedStep("Import", "No longer in the source.", Standing.DOUBT)
    where = f"Found in row {step.row:,}." if step.row else "Found in the source."
    lines = tuple(
        ExplainedLine(_source_name(name), _shown(value)) for name, value in step.attributes.items()
    )
    if step.problem:
        return ExplainedStep("Import", f"{where} {step.problem.text}", Standing.BAD, lines)
    return ExplainedStep("Import", where, Standing.GOOD, lines)


def _scope(found: Explanation) -> ExplainedStep:
    step = found.scope
    if step is None:
        gone = "Nobody is in scope who is not in the source."
        wrong = "Not looked at, since the row has a problem."
        return ExplainedStep("Scope", gone if found.imported is None else wrong, Standing.QUIET)
    decision = step.decision
    if not decision.evaluable:
        words, standing = "Undecided", Standing.BAD
    elif decision.in_scope:
        words, standing = "In scope", Standing.GOOD
    else:
        words, standing = "Not in scope", Standing.DOUBT
    return ExplainedStep("Scope", f"{words}: {decision.reason.text}", standing, _filters(step))


def _filters(step: ScopeStep) -> tuple[ExplainedLine, ...]:
    lines = []
    for one in step.filters:
        for clause in one.clauses:
            told = clause.why if not clause.verdict else _holds(clause.value)
            name, standing = one.name or "Filter", _verdict(clause.verdict)
            lines.append(ExplainedLine(name, f"{sentence(clause.clause)}: {told}", standing))
    return tuple(lines)


def _holds(value: object) -> str:
    return "holds" if value is None else f"holds, it is {_shown(value)}"


def _verdict(verdict: bool | None) -> Standing:
    if verdict is None:
        return Standing.BAD
    return Standing.GOOD if verdict else Standing.DOUBT


def _match(step: MatchStep | None) -> ExplainedStep:
    if step is None:
        return ExplainedStep("Match", "Nobody was looked for.", Standing.QUIET)
    match = step.match
    lines = tuple(
        ExplainedLine(
            one.label,
            "no value to look for" if one.value is None else f"{one.value}: {_names(one.users)}",
            Standing.GOOD if one.users else Standing.QUIET,
        )
        for one in step.tries
    )
    if match.problem:
        return ExplainedStep("Match", match.problem.text, Standing.BAD, lines)
    if match.user is None:
        return ExplainedStep("Match", "Nobody in Webex yet.", Standing.GOOD, lines)
    name = match.user.user_name or match.user.id
    by_link = f"{name}, whom this setup already manages."
    by_attribute = f"{name}, found by {attribute_words(match.by)}."
    words = by_link if match.by == "link" else by_attribute
    return ExplainedStep("Match", words, Standing.GOOD, lines)


def _names(users: tuple[User, ...]) -> str:
    names = [user.user_name or user.id for user in users[:3]]
    more = f" and {len(users) - 3} more" if len(users) > 3 else ""
    return f"{', '.join(names)}{more}" if names else "nobody"


_ACTION_STANDING = {
    ActionKind.CREATE: Standing.GOOD,
    ActionKind.UPDATE: Standing.GOOD,
    ActionKind.UNCHANGED: Standing.GOOD,
    ActionKind.SKIPPED: Standing.QUIET,
    ActionKind.DISABLE: Standing.DOUBT,
    ActionKind.DELETE: Standing.BAD,
    ActionKind.PROBLEM: Standing.BAD,
}


def _action(step: ActionStep | None) -> ExplainedStep:
    if step is None:
        return ExplainedStep("Action", "None.", Standing.QUIET)
    action = step.action
    lines = [_attribute(one) for one in step.attributes]
    if not lines:
        lines = [
            ExplainedLine(attribute_words(one.attribute), _old_and_new(one.before, one.after))
            for one in action.changes
        ]
    if step.stop:
        lines.insert(0, ExplainedLine("Held back", step.stop.reason.text, Standing.BAD))
    words = f"{headline(action)}. {why(action)}".strip()
    return ExplainedStep("Action", words, _ACTION_STANDING[action.kind], tuple(lines))


def _attribute(one: AttributeStep) -> ExplainedLine:
    wanted = value_words(one.wanted)
    match one.outcome:
        case AttributeOutcome.PROBLEM:
            words, standing = one.problem.text if one.problem else "problem", Standing.BAD
        case AttributeOutcome.CHANGES:
            words, standing = _old_and_new(one.current, one.wanted), Standing.GOOD
        case AttributeOutcome.HELD:
            words = f"{_old_and_new(one.current, one.wanted)}, but it is left as it is"
            standing = Standing.DOUBT
        case AttributeOutcome.NO_VALUE:
            words, standing = "no value, so it is left as it is", Standing.QUIET
        case AttributeOutcome.ONLY_ON_CREATE:
            words, standing = "only set when a user is created", Standing.QUIET
        case AttributeOutcome.SAME:
            words, standing = f"{wanted}, as Webex has it", Standing.QUIET
    return ExplainedLine(one.label, words, standing, tuple(_results(one)))


def _results(one: AttributeStep) -> Iterator[str]:
    """Yield the expression's intermediate results, innermost first; what reads plain has none."""
    expression = one.rule.expression.strip()
    if kind_of(expression) is RuleKind.DIRECT:
        yield f"{expression} = {_shown(one.sources[0][1]) if one.sources else 'no value'}"
        return
    told: set[str] = set()
    for step in one.steps:
        if step.kind != "constant" and step.text not in told:
            told.add(step.text)
            yield f"{step.text} = {step.error or _shown(step.value)}"


def _old_and_new(before: object, after: object) -> str:
    old, new = value_words(before), value_words(after)  # type: ignore[arg-type]  # JSON of a plan
    return f"{old} → {new or 'empty'}" if old else new or "empty"


def _source_name(name: str) -> str:
    known = describe_source(name)
    return known.name if known else name


def _shown(value: object) -> str:
    if value is None:
        return "no value"
    if value is DROP:
        return "left as it is"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "no value"
    text = str(value)
    return f"“{text}”" if text != text.strip() or not text else text
