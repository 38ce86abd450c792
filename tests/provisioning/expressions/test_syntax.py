"""What an expression may look like, and what is said of one that can't be read."""

import pytest

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.expressions import ExpressionError, compile_expression

ANA = {"givenName": "Ana", "surname": "Silva", "country": "PT"}


def evaluate(text: str, **attributes: object) -> object:
    return compile_expression(text)({**ANA, **attributes})


def fault(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[givenName]", "Ana"),
        ("[ givenName ]", "Ana"),
        ("  [givenName]\n", "Ana"),
        ('"1"', "1"),
        ('"a \\"b\\" \\\\ c"', 'a "b" \\ c'),
        ('"[no attribute]"', "[no attribute]"),
        ("7", 7),
        ("-7", -7),
        ("1.5", 1.5),
        ("&HF", 15),
        ('Join(" ",\n  [givenName],\n  [surname]\n)', "Ana Silva"),
        ('Append(Left([givenName], 1), Append(".", [surname]))', "A.Silva"),
        ("(Left([givenName], (1)))", "A"),
        ("[missing]", None),
        ('""', ""),
    ],
)
def test_an_expression_is_read(text: str, expected: object) -> None:
    assert evaluate(text) == expected


def test_a_misspelt_function_brings_the_likely_one() -> None:
    error = fault('Append([givenName], Jion("a", "b"))')
    assert str(error) == 'Unknown function "Jion". Did you mean Join?'
    assert (error.position, error.suggestion) == (20, "Join")


def test_a_function_in_another_case_is_unknown_to_entra() -> None:
    error = fault("TOLOWER([surname])")
    assert error.suggestion == "ToLower"
    assert "upper and lower case" in error.fix


def test_an_expression_error_is_a_mapping_error() -> None:
    assert isinstance(fault("Nope("), MappingError)


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("", 0, "is empty"),
        ("   ", 0, "is empty"),
        ('"abc', 0, "closing quotation mark"),
        ("[abc", 0, "closing square bracket"),
        ("[]", 0, "no attribute"),
        ('Join("a" "b")', 9, "comma is missing"),
        ('Join("a", "b"', 4, "never closed"),
        ('Join("a", "b"))', 14, "closing bracket too many"),
        ('[a], "b"', 3, "outside of a function"),
        ("[a] [b]", 4, "follows after the end"),
        ("Not(", 4, "ends too early"),
        ("Not(=)", 4, "not “=”"),
        ("Now", 0, "no brackets"),
        ("Contoso", 0, "neither a text nor an attribute"),
        ("'x'", 0, "straight double quotation marks"),
        ("“x”", 0, "straight double quotation marks"),
        ('"\\d"', 1, "backslash"),
        ('[a] & "b"', 4, "not put together with &"),
        ("[a] + 1", 4, "can't stand here"),
        ('[a] = "b"', 4, "only in the condition"),
        ('Append([a] = "b", "c")', 11, "only in the condition"),
        ('IIF([a] = "b" AND [c] = "d", "1", "2")', 14, "no AND"),
        ('IIF([a] = [b] = [c], "1", "2")', 14, "Two comparisons"),
        ("Left([a])", 0, "takes 2 arguments, not 1"),
        ("Now(1)", 0, "takes no arguments"),
        ('ToLower([a], "x", "y")', 0, "takes 1 to 2 arguments, not 3"),
        ("Join()", 0, "takes at least 2 arguments"),
        ("Left([a], )", 10, "needs a value for NumChars"),
        ('Switch([a], "b", "c", "d", "e")', 0, "a key or its value is missing"),
        ('Switch([a], "b", , "d")', 17, "needs a value for key"),
        ("Item([a], 0)", 10, "number 1"),
        ("Mid([a], 0, 1)", 9, "number 1"),
        ('DateAdd("days", 1, Now())', 8, "not an interval"),
        ('ToLower([a], "english please")', 13, "not a culture"),
        ('FormatDateTime([a], "Sometimes", "yyyy", "yyyy")', 20, "DateTimeStyles"),
        ('FormatDateTime([a], , "j", "yyyy")', 22, "standard date formats"),
        ('InStr([a], "b", 1, "loosely")', 19, "vbTextCompare"),
        ('Replace([a], "b")', 0, "can't tell"),
        ('Replace([a], "", , , "b", , )', 13, "empty text"),
        ('Replace([a], , "(", , "b", , )', 15, "regular expression"),
        ('Replace([a], , "(?<x>a)", "y", "b", , )', 26, "no group called “y”"),
        ("DefaultDomain()", 0, "not documented"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, position: int, part: str) -> None:
    error = fault(text)
    assert part in error.message
    assert error.position == position


def test_an_expression_of_ten_thousand_characters_is_taken_and_no_longer_one() -> None:
    longest = f'"{"x" * 9_998}"'
    assert len(str(evaluate(longest))) == 9_998
    assert "10,000" in fault(f"{longest} ").message


def test_a_hundred_functions_may_stand_inside_one_another_but_no_more() -> None:
    assert evaluate("Not(" * 100 + '"True"' + ")" * 100) == "True"
    assert "inside one another" in fault("Not(" * 101 + '"True"' + ")" * 101).message


def test_brackets_without_end_are_a_fault_and_no_crash() -> None:
    assert "inside one another" in fault("(" * 9_000).message


def test_a_compiled_expression_says_what_it_reads_by_entras_own_names() -> None:
    expression = compile_expression('Join(" ", [mobilePhone], [GIVENNAME], [extension_1_Badge])')
    assert expression.attributes == {"mobile", "givenName", "extension_1_Badge"}
    assert expression.text.startswith("Join")


def test_what_works_unlike_one_thinks_is_a_warning() -> None:
    expression = compile_expression('IIF(IsPresent([mail]), "a", "b")')
    assert [(one.position, one.code) for one in expression.warnings] == [(4, "unlike-one-thinks")]
