"""Compile an expression once into closures, to be called for every person."""

import difflib
from collections.abc import Mapping
from datetime import datetime

from sparkwizard.provisioning.expressions.comparing import compare
from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.functions import FUNCTIONS
from sparkwizard.provisioning.expressions.functions.spec import (
    Evaluator,
    ExpressionWarning,
    Frame,
    Function,
    may_drop,
)
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
from sparkwizard.provisioning.expressions.values import (
    DROP,
    MAX_TEXT,
    Value,
    from_attribute,
    result,
    too_long,
)
from sparkwizard.provisioning.source.attributes import canonical

__all__ = ["Compiler", "Expression", "compile_expression"]


class Expression:
    """Hold a compiled expression: call it with a person's attributes.

    ``text`` is what was compiled, ``attributes`` the source attributes it reads (by Entra's own
    names), ``warnings`` what works unlike one would think. ``only`` is the one attribute that
    decides its value for good, None where there are several or chance has a say; ``plain`` tells
    that it is nothing but that attribute.
    """

    __slots__ = ("_evaluate", "attributes", "only", "plain", "text", "warnings")

    def __init__(
        self,
        text: str,
        evaluate: Evaluator,
        attributes: frozenset[str],
        warnings: tuple[ExpressionWarning, ...],
        *,
        only: str | None = None,
        plain: bool = False,
    ) -> None:
        self.text = text
        self.only = only
        self.plain = plain
        self.attributes = attributes
        self.warnings = warnings
        self._evaluate = evaluate

    def __call__(self, attributes: Mapping[str, object], *, now: datetime | None = None) -> object:
        """Return the value for one person: None for null, ``DROP`` for a flow to be dropped.

        An ``EvaluationError`` says that these values don't fit, e.g. a text that is no date.
        """
        return self.evaluate(Frame(attributes, now))

    def evaluate(self, frame: Frame) -> object:
        """Return the value for one person, whose frame several expressions may share."""
        try:
            value = self._evaluate(frame)
            return value if type(value) is str else result(value)
        except RecursionError:
            raise EvaluationError("The values are nested too deep.", position=0) from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def compile_expression(text: str) -> Expression:
    """Compile an expression; an ``ExpressionError`` says what is wrong and where."""
    compiler = Compiler()
    node = parse(text)
    evaluate = compiler.value(node)
    return Expression(
        text,
        evaluate,
        frozenset(compiler.attributes),
        tuple(sorted(set(compiler.warnings))),
        only=compiler.only,
        plain=isinstance(node, Attribute) and compiler.only is not None,
    )


class Compiler:
    """Turn nodes into closures, and note what they read."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self._written: set[str] = set()
        self._by_chance = False
        self.warnings: list[ExpressionWarning] = []

    @property
    def only(self) -> str | None:
        """Return the one attribute read, under Entra's own name; None for several, or by chance."""
        if self._by_chance or len(self._written) != 1 or self._written != self.attributes:
            return None
        return next(iter(self._written))

    def warn(self, position: int, code: str, text: str) -> None:
        """Note something that works, but not as one would think."""
        self.warnings.append(ExpressionWarning(position, code, text))

    def value(self, node: Node) -> Evaluator:
        """Compile a node that stands for a value; raises ExpressionError."""
        match node:
            case Attribute():
                return self._attribute(node)
            case Constant():
                value = node.value
                return lambda _frame: value
            case Omitted():
                return lambda _frame: None
            case Call():
                return self._call(node)
            case Word():
                raise _bare_word(node)
            case Comparison():
                raise ExpressionError(
                    "A comparison can stand only in the condition of IIF, or in CBool.",
                    position=node.position,
                    fix='Write IIF(…, "True", "False") around it.',
                )

    def condition(self, node: Node) -> Evaluator:
        """Compile a condition, in which a comparison may stand; raises ExpressionError."""
        if not isinstance(node, Comparison):
            return self.value(node)
        operator, left, right = node.operator, self.value(node.left), self.value(node.right)
        return _located(lambda frame: compare(operator, left(frame), right(frame)), node.position)

    def _attribute(self, node: Attribute) -> Evaluator:
        name, known = node.name, canonical(node.name)
        self.attributes.add(known)
        self._written.add(name)

        def read(frame: Frame) -> Value:
            value = frame.attributes.get(name)
            if value is None:
                value = frame.attributes.get(known)
            return value if value is None or type(value) is str else from_attribute(value)

        return read

    def _call(self, node: Call) -> Evaluator:
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise _unknown(node)
        if function.refusal:
            raise ExpressionError(
                function.refusal, position=node.position, fix="Use other functions."
            )
        self._by_chance = self._by_chance or function.by_chance
        _check_arguments(function, node)
        if function.check is not None:
            function.check(node)
        if function.builder is not None:
            return _located(function.builder(self, node), node.position, function.name)
        return self._plain_call(function, node)

    def _plain_call(self, function: Function, node: Call) -> Evaluator:
        arguments = [self.value(argument) for argument in node.arguments]
        work = function.implementation
        assert work is not None  # a function has a builder, an implementation or a refusal

        def call(frame: Frame) -> Value:
            return work(frame, [argument(frame) for argument in arguments])

        def call_unless_dropped(frame: Frame) -> Value:
            values = [argument(frame) for argument in arguments]
            return DROP if DROP in values else work(frame, values)

        evaluate = call_unless_dropped if may_drop(node) else call
        return _located(evaluate, node.position, function.name)


def _located(evaluate: Evaluator, position: int, name: str = "") -> Evaluator:
    """Let an error tell in which function it happened, and where that stands."""

    def located(frame: Frame) -> Value:
        try:
            value = evaluate(frame)
            if type(value) is str and len(value) > MAX_TEXT:
                raise too_long()
            return value  # noqa: TRY300 -- the check above belongs to the same call
        except EvaluationError as error:
            if error.position >= 0:
                raise
            message = f"{name}: {error.message}" if name else error.message
            raise EvaluationError(message, position=position, fix=error.fix) from None

    return located


# -- what can be wrong with a call -------------------------------------------------------------


def _check_arguments(function: Function, call: Call) -> None:
    count, most = len(call.arguments), function.most
    if count < function.least or (most is not None and count > most):
        raise ExpressionError(
            f"{function.name} takes {_arity(function)}, not {count}.",
            position=call.position,
            fix=f"It is written {function.signature}.",
        )
    parameters = function.parameters
    for index, argument in enumerate(call.arguments):
        parameter = parameters[min(index, len(parameters) - 1)]
        if isinstance(argument, Omitted) and not parameter.optional:
            raise ExpressionError(
                f"{function.name} needs a value for {parameter.name}.",
                position=argument.position,
                fix=f"It is written {function.signature}.",
            )


def _arity(function: Function) -> str:
    least, most = function.least, function.most
    if most == 0:
        return "no arguments"
    noun = "argument" if most == 1 else "arguments"
    if most is None:
        return f"at least {least} arguments"
    return f"{least} {noun}" if least == most else f"{least} to {most} {noun}"


def _unknown(call: Call) -> ExpressionError:
    suggestion = _closest(call.name, FUNCTIONS)
    message = f'Unknown function "{call.name}".'
    if suggestion.lower() == call.name.lower():
        return ExpressionError(
            message,
            position=call.position,
            suggestion=suggestion,
            fix=f"Did you mean {suggestion}? Entra tells upper and lower case apart.",
        )
    fix = "" if suggestion else "Choose one of the functions of Entra's expression language."
    return ExpressionError(message, position=call.position, suggestion=suggestion, fix=fix)


def _bare_word(node: Word) -> ExpressionError:
    if node.name in FUNCTIONS:
        return ExpressionError(
            f"The function {node.name} has no brackets.",
            position=node.position,
            suggestion=f"{node.name}()",
        )
    return ExpressionError(
        f"“{node.name}” is neither a text nor an attribute.",
        position=node.position,
        suggestion=f'"{node.name}"',
        fix=f'Did you mean the text "{node.name}" or the attribute [{node.name}]?',
    )


def _closest(name: str, names: Mapping[str, object]) -> str:
    """Return the most similar name, first without regard to case, or an empty text."""
    by_lower = {one.lower(): one for one in names}
    same = by_lower.get(name.lower())
    if same:
        return same
    similar = difflib.get_close_matches(name.lower()[:60], by_lower, n=1, cutoff=0.6)
    return by_lower[similar[0]] if similar else ""
