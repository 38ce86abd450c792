"""Functions whose value is another each time."""

import secrets
import string
from uuid import uuid4

from sparkwizard.provisioning.expressions.faults import EvaluationError
from sparkwizard.provisioning.expressions.functions.spec import (
    Building,
    Evaluator,
    Frame,
    Function,
    arguments,
)
from sparkwizard.provisioning.expressions.syntax import Call
from sparkwizard.provisioning.expressions.values import Value, as_integer, as_text

__all__ = ["FUNCTIONS", "NOT_REPEATABLE"]

NOT_REPEATABLE = "not-repeatable"
"""The code of the warning that a value is another each time."""

_SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"  # Windows' rule for complex passwords
_LONGEST = 256
_ADVICE = "This gives another value each time: apply the rule only during creation."


def _build_guid(building: Building, call: Call) -> Evaluator:
    building.warn(call.position, NOT_REPEATABLE, _ADVICE)
    return lambda _frame: str(uuid4())


def _build_random(building: Building, call: Call) -> Evaluator:
    building.warn(call.position, NOT_REPEATABLE, _ADVICE)
    numbers = arguments(building, call)

    def random_string(frame: Frame) -> Value:
        counts = [max(as_integer(one(frame)) or 0, 0) for one in numbers[:5]]
        avoid = (as_text(numbers[5](frame)) if len(numbers) > 5 else None) or ""
        return _random(counts, frozenset(avoid))

    return random_string


def _random(counts: list[int], avoid: frozenset[str]) -> str:
    length, *minimums = counts
    if length > _LONGEST or sum(minimums) > length:
        raise EvaluationError(
            f"A random text has up to {_LONGEST} characters, and at least as many as its parts."
        )
    kinds = [
        [one for one in characters if one not in avoid]
        for characters in (string.digits, _SPECIAL, string.ascii_uppercase, string.ascii_lowercase)
    ]
    # Filled up from the kinds that were asked for: without special characters none appear.
    asked = [kind for kind, least in zip(kinds, minimums, strict=True) if least] or kinds
    if not all(asked) or (length and not any(asked)):
        raise EvaluationError("No character is left to choose from.")
    chosen = [
        secrets.choice(kind)
        for kind, least in zip(kinds, minimums, strict=True)
        for _ in range(least)
    ]
    pool = [one for kind in asked for one in kind]
    chosen += [secrets.choice(pool) for _ in range(length - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


FUNCTIONS = (
    Function("Guid", "", "A new random id", builder=_build_guid, by_chance=True),
    Function(
        "RandomString",
        "Length, MinimumNumbers, MinimumSpecialCharacters, MinimumCapital, MinimumLowerCase, "
        "CharactersToAvoid?",
        "A random text, e.g. for a first password",
        builder=_build_random,
        by_chance=True,
    ),
)
