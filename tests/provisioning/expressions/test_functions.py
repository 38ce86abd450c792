"""What each function makes of its arguments, beyond the worked examples."""

import re
from datetime import UTC, datetime

import pytest

from sparkwizard.provisioning.expressions import DROP, EvaluationError, compile_expression

NOW = datetime(2021, 8, 25, 17, 41, 18, tzinfo=UTC)


def evaluate(text: str, **attributes: object) -> object:
    return compile_expression(text)(attributes, now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Append([none], "x")', None),
        ('Append("x", [none])', "x"),
        ("BitAnd(&HF, &HF7)", 7),
        ("BitAnd([none], 1)", None),
        ("CBool(0)", "False"),
        ('CBool("12")', "True"),
        ('CBool("False")', "False"),
        ("CBool([none])", "False"),
        ("Coalesce([none], [none])", None),
        ('Coalesce([none], "a", "b")', "a"),
        ('ConvertToBase64("Hello world!")', "SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
        ("Count([none])", 0),
        ('Count("a")', 1),
        ("CStr(12)", "12"),
        ("CStr(IsNull([none]))", "True"),
        ("CStr([none])", None),
        ('InStr("repEated", "e", 3, vbBinaryCompare)', 7),
        ('InStr("repEated", "E", 3, vbTextCompare)', 4),
        ('InStr("abc", "x")', 0),
        ('InStr([none], "x")', 0),
        ('IsString("a")', "True"),
        ("IsString(1)", "False"),
        ("IsString([none])", "False"),
        ('IsPresent("")', "False"),
        ('IsNull("")', "False"),
        ('IsNullOrEmpty("")', "True"),
        ('Join("-", "a", [none], "", "b")', "a-b"),
        ('Join("-", [none])', ""),
        ('Left("ab", 5)', "ab"),
        ('Mid("abc", 2, 9)', "bc"),
        ('Mid("abc", 9, 1)', ""),
        ("Mid([none], 1, 1)", None),
        ('NormalizeDiacritics("Zoë Łukasz Ødegård")', "Zoe Lukasz OEdegard"),
        ('NormalizeDiacritics("œuvre đ")', "œuvre đ"),
        ("Not([none])", "True"),
        ('Not("true")', "False"),
        ('Not("whatever")', "True"),
        ('PCase("PABLO GONSALVES (SECOND)")', "Pablo Gonsalves (Second)"),
        ('PCase("o\'neil-smith", " ")', "O'neil-smith"),
        ('PCase("o\'neil-smith")', "O'neil-Smith"),
        ("PCase([none])", None),
        ('StripSpaces("a b\tc ")', "ab\tc"),
        ('ToUpper("straße")', "STRAßE"),
        ('ToLower("TITLE", "tr-TR")', "t\u0131tle"),
        ('ToUpper("title", "tr-TR")', "TİTLE"),
        ('ToLower("TITLE", "en-US")', "title"),
        ('Word("a,,b", 2, ",")', "b"),
        ('Word("a b", 9, " ")', ""),
        ('Word("a b", 0, " ")', ""),
        ('Word([none], 1, " ")', ""),
        ('Word("a^b]c", 3, "^]")', "c"),
        ('Switch([none], "d", "a", "b")', "d"),
        ('Switch([none], , "a", "b")', None),
        ('Replace([none], "a", , , "b", , )', None),
        ('Replace("<u>", "<u>", , , , , "<u>@x")', "<u>@x"),
        ("IgnoreFlowIfNullOrEmpty([none])", DROP),
        ('IgnoreFlowIfNullOrEmpty("")', DROP),
        ('Append(IgnoreFlowIfNullOrEmpty([none]), "x")', DROP),
        ('IIF("a" = "a", IgnoreFlowIfNullOrEmpty([none]), "x")', DROP),
    ],
)
def test_a_function_gives(text: str, expected: object) -> None:
    assert evaluate(text) == expected


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('[a] = "x"', True),
        ('[a] = "X"', False),
        ('[a] <> "y"', True),
        ('[none] = "x"', False),
        ('[none] <> "x"', False),
        ("[n] > 9", True),
        ('[n] > "9"', True),
        ('[n] = "010"', False),
        ("[n] = 10.0", True),
        ('"b" > "a"', True),
        ("[a] = 1", False),
        ("[a] <> 1", True),
        ('CDate("2021-01-02") > CDate("2021-01-01")', True),
        ('Now() > "2021-01-01"', True),
        ('"True"', True),
        ("[none]", False),
        ('"perhaps"', False),
        ("CBool(1)", True),
    ],
)
def test_a_condition_holds_or_not(condition: str, holds: bool) -> None:
    text = f'IIF({condition}, "yes", "no")'
    assert evaluate(text, a="x", n="10") == ("yes" if holds else "no")


def test_the_branch_that_is_not_taken_is_not_worked_out() -> None:
    assert evaluate('IIF([a] = "x", "fine", CDate("no date"))', a="x") == "fine"
    assert evaluate('Switch([a], CDate("no date"), "x", "fine")', a="x") == "fine"


def test_a_list_is_joined_with_what_stands_beside_it() -> None:
    assert evaluate('Join(";", [mails], "c")', mails=["a", "", "b"]) == "a;b;c"


def test_an_item_beyond_the_end_is_null() -> None:
    assert evaluate("Item([mails], 3)", mails=["a"]) is None
    assert evaluate("Item([mails], 1)", mails=["a"]) == "a"


def test_a_list_of_one_is_its_value() -> None:
    assert evaluate("ToUpper([mails])", mails=["a"]) == "A"


def test_booleans_of_the_source_are_texts() -> None:
    assert evaluate("[accountEnabled]", accountEnabled=True) == "True"
    assert evaluate('Switch([x], , "False", "on")', x=False) == "on"


def test_an_attribute_of_graph_is_found_under_entras_name() -> None:
    assert evaluate("[mobilePhone]", mobile="+1") == "+1"


def test_decomposed_letters_lose_their_marks_too() -> None:
    assert evaluate("NormalizeDiacritics([x])", x="Zoe\u0308") == "Zoe"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('CDate("soon")', "CDate: “soon” is not a date."),
        ('Left("abc", "two")', "Left: “two” is not a number."),
        ("ToLower([list])", "ToLower: There are several values"),
        ('Append("a", Left("abc", "two"))', "Left: “two”"),
        ("Item([list], [zero])", "number 1"),
        ('DateAdd("d", 99999999999, Now())', "outside of the calendar"),
        ('IIF([x] > 5, "a", "b")', "compared by size"),
        ("RandomString(300, 1, 1, 1, 1)", "up to 256"),
        ("RandomString(2, 1, 1, 1, 1)", "as many as its parts"),
        ("DateFromNum(99999999999999999999)", "Active Directory"),
        ("SingleAppRoleAssignment([list])", "several roles"),
    ],
)
def test_values_that_do_not_fit_are_told(text: str, part: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(text, list=["a", "b"], zero=0, x="abc")
    assert part in caught.value.message
    assert caught.value.position >= 0


def test_the_time_must_be_handed_in() -> None:
    with pytest.raises(EvaluationError, match="time is not known"):
        compile_expression("Now()")({})


def test_now_is_the_time_that_was_handed_in() -> None:
    assert evaluate("Now()") == "8/25/2021 5:41:18 PM"


def test_a_guid_is_another_each_time() -> None:
    guid = compile_expression("Guid()")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(guid({})))
    assert guid({}) != guid({})


def test_a_random_text_has_what_was_asked_for() -> None:
    for _ in range(50):
        text = str(evaluate('RandomString(10, 2, 2, 2, 1, "?,")'))
        assert len(text) == 10
        assert sum(one.isdigit() for one in text) >= 2
        assert sum(one.isupper() for one in text) >= 2
        assert sum(one.islower() for one in text) >= 1
        assert sum(not one.isalnum() for one in text) >= 2
        assert not set(text) & set("?,")


def test_a_random_text_without_special_characters_has_none() -> None:
    assert str(evaluate("RandomString(6, 3, 0, 0, 3)")).isalnum()


def test_roles_of_the_application_are_turned_into_webex_roles() -> None:
    role = {"id": "r-1", "value": "admin", "displayName": "Administrator"}
    assert evaluate("SingleAppRoleAssignment([appRoleAssignments])", appRoleAssignments=[role]) == (
        "admin"
    )
    found = evaluate("AppRoleAssignmentsComplex([appRoleAssignments])", appRoleAssignments=[role])
    assert found == [
        {
            "primary": False,
            "type": "WindowsAzureActiveDirectoryRole",
            "display": "Administrator",
            "value": "admin",
        }
    ]
