"""The worked examples of the expression language, row by row."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.provisioning.expressions import (
    DROP,
    FUNCTIONS,
    ExpressionError,
    compile_expression,
)

DATA = Path(__file__).parent / "data"
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (DATA / "expressions.jsonl").read_text(encoding="utf-8").splitlines()
]
SIGNATURES: list[dict[str, Any]] = json.loads((DATA / "functions.json").read_text(encoding="utf-8"))
REFUSED = "SelectUniqueValue"


def expected(row: dict[str, Any]) -> object:
    """Return what a faithful engine yields where the printed page contradicts itself."""
    value = row.get("strict_expected", row["expected"])
    return DROP if value == {"$drop": True} else value


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.get("deterministic", True) and row["function"] != REFUSED],
    ids=lambda row: f"{row['function']}: {row['expression'][:60]}",
)
def test_a_worked_example_comes_out_as_documented(row: dict[str, Any]) -> None:
    now = datetime.fromisoformat(row["now"]) if "now" in row else None
    assert compile_expression(row["expression"])(row["attributes"], now=now) == expected(row)


@pytest.mark.parametrize("row", [row for row in ROWS if row["function"] == REFUSED])
def test_a_function_of_other_applications_is_refused_with_the_reason(row: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError, match="only from HR systems to Active Directory"):
        compile_expression(row["expression"])


def test_every_documented_function_is_known() -> None:
    assert {signature["name"] for signature in SIGNATURES} <= set(FUNCTIONS)


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda one: str(one["name"]))
def test_a_function_takes_as_many_arguments_as_documented(signature: dict[str, Any]) -> None:
    function = FUNCTIONS[signature["name"]]
    kinds = [kind for _, kind, _ in signature["params"]]
    assert (function.most is None) == ("repeating" in kinds)
    if function.most is not None:
        assert function.most == len(kinds)


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda one: str(one["name"]))
def test_what_may_be_left_out_is_as_documented(signature: dict[str, Any]) -> None:
    function = FUNCTIONS[signature["name"]]
    if function.most is not None:
        documented = [kind == "optional" for _, kind, _ in signature["params"]]
        assert [one.optional for one in function.parameters] == documented


def test_every_documented_character_loses_its_marks() -> None:
    table: dict[str, str] = json.loads(
        (DATA / "normalize_diacritics.json").read_text(encoding="utf-8")
    )
    normalize = compile_expression("NormalizeDiacritics([x])")
    wrong = {
        one: normalize({"x": one})
        for one, plain in table.items()
        if normalize({"x": f"a{one}b"}) != f"a{plain}b"
    }
    assert not wrong
