"""Evaluate an expression step by step, for people who want to see why.

The compiled road stays as it is: the same compiler builds a second set of closures that note their
values, only for expressions that are looked at.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

import msgspec

from sparkwizard.provisioning.expressions.compiler import Compiler, Expression
from sparkwizard.provisioning.expressions.faults import EvaluationError
from sparkwizard.provisioning.expressions.functions.spec import Evaluator, Frame
from sparkwizard.provisioning.expressions.parser import parse
from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Node,
    Omitted,
    Word,
)
from sparkwizard.provisioning.expressions.values import Value, result

__all__ = ["TraceStep", "trace"]

type StepKind = Literal["attribute", "constant", "function", "comparison"]


class TraceStep(msgspec.Struct, frozen=True):
    """Hold one sub-expression with its value.

    ``start`` and ``end`` count characters of the expression from 0, ``text`` is what stands there.
    ``value`` is as the whole expression would hand it out: None for null, ``DROP`` for a flow to be
    dropped. A step that went wrong has an ``error`` and no value.
    """

    kind: StepKind
    start: int
    end: int
    text: str
    value: object = None
    error: str = ""


def trace(
    expression: str | Expression, attributes: Mapping[str, object], now: datetime | None = None
) -> tuple[TraceStep, ...]:
    """Return every sub-expression that was evaluated, innermost first, the whole one last.

    A branch that was not taken is absent. Raises ExpressionError where the text can't be compiled;
    values that don't fit are told by the step in which that showed.
    """
    text = expression if isinstance(expression, str) else expression.text
    evaluate = _traced(text)
    frame = _TracingFrame(attributes, now)
    try:
        evaluate(frame)
    except EvaluationError:
        pass  # noted in the steps it went through
    except RecursionError:
        return (TraceStep("constant", 0, len(text), text, error="The values are nested too deep."),)
    found = frame.steps.items()
    return tuple(
        TraceStep(kind, start, end, text[start:end], result(value), error)
        for (start, end, kind), (value, error) in found
    )


class _TracingFrame(Frame, frozen=True):
    """Hold what one evaluation sees, and note the value at each place, in order."""

    steps: dict[tuple[int, int, StepKind], tuple[Value, str]] = msgspec.field(default_factory=dict)


@lru_cache(maxsize=64)
def _traced(text: str) -> Evaluator:
    return _TracingCompiler().value(parse(text))


class _TracingCompiler(Compiler):
    """Compile to closures that note their values."""

    def value(self, node: Node) -> Evaluator:
        return _noting(super().value(node), node)

    def condition(self, node: Node) -> Evaluator:
        evaluate = super().condition(node)
        # what is no comparison was compiled by ``value``, which notes it already
        return _noting(evaluate, node) if isinstance(node, Comparison) else evaluate


def _noting(evaluate: Evaluator, node: Node) -> Evaluator:
    kind = _kind(node)
    if kind is None:
        return evaluate
    place = (_start(node), node.end, kind)

    def noted(frame: Frame) -> Value:
        assert isinstance(frame, _TracingFrame)  # these closures are called by ``trace`` alone
        try:
            value = evaluate(frame)
        except EvaluationError as error:
            _note(frame, place, None, error.message)
            raise
        _note(frame, place, value, "")
        return value

    return noted


def _note(frame: _TracingFrame, place: tuple[int, int, StepKind], value: Value, error: str) -> None:
    frame.steps.pop(place, None)  # a value read twice stands where it was read last
    frame.steps[place] = (value, error)


def _kind(node: Node) -> StepKind | None:
    match node:
        case Attribute():
            return "attribute"
        case Constant():
            return "constant"
        case Call():
            return "function"
        case Comparison():
            return "comparison"
        case Word() | Omitted():
            return None


def _start(node: Node) -> int:
    return node.start if isinstance(node, Comparison) else node.position
