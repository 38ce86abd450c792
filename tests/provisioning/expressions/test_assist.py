"""Completion and signature help while an expression is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import (
    Completion,
    SignatureHelp,
    compile_expression,
    complete,
    signature_at,
)

COLUMNS = ("userPrincipalName", "givenName", "surname", "extension_abc_Team")


def at(marked: str) -> tuple[str, int]:
    """Split a text at the caret, written as |."""
    position = marked.index("|")
    return marked.replace("|", "", 1), position


def offers(marked: str) -> tuple[Completion, ...]:
    return complete(*at(marked), COLUMNS)


def labels(marked: str) -> list[str]:
    return [one.label for one in offers(marked)]


def taken(marked: str, label: str) -> str:
    """Return the text after choosing an offer, with the caret as |."""
    text, _ = at(marked)
    one = next(one for one in offers(marked) if one.label == label)
    after = text[: one.start] + one.insert + text[one.end :]
    caret = one.start + one.caret
    return f"{after[:caret]}|{after[caret:]}"


def signature(marked: str) -> SignatureHelp:
    found = signature_at(*at(marked))
    assert found is not None
    return found


def test_functions_and_attributes_that_begin_so_are_offered() -> None:
    assert labels("To|")[:2] == ["ToLower", "ToUpper"]
    assert labels("giv|")[0] == "givenName"


def test_in_an_empty_editor_everything_is_offered_the_columns_of_the_source_first() -> None:
    assert labels("|")[:4] == list(COLUMNS)
    assert "Join" in labels("|")
    assert "jobTitle" in labels("|")


def test_in_square_brackets_only_attributes_are_offered() -> None:
    assert labels("Join([s|")[0] == "surname"
    assert "Switch" not in labels("Join([s|")


def test_the_name_of_a_directory_extension_is_offered() -> None:
    assert labels("[ext|")[0] == "extension_abc_Team"


def test_an_attribute_is_found_by_its_meaning() -> None:
    assert "surname" in labels("[family|")


def test_functions_that_can_not_be_used_are_not_offered() -> None:
    assert "SelectUniqueValue" not in labels("Sel|")


def test_inside_a_text_nothing_is_offered() -> None:
    assert offers('Join("a|') == ()
    assert offers('Join("To|", [a])') == ()


def test_choosing_a_function_puts_the_caret_into_its_brackets() -> None:
    assert taken("Join(ToU|", "ToUpper") == "Join(ToUpper(|"
    assert taken("No|", "Now") == "Now()|"


def test_choosing_a_function_keeps_brackets_that_are_there() -> None:
    assert taken("ToL|([a])", "ToLower") == "ToLower|([a])"


def test_choosing_an_attribute_replaces_what_was_begun_with_its_brackets() -> None:
    assert taken("Append([giv|, 1)", "givenName") == "Append([givenName]|, 1)"
    assert taken("Append([giv|en], 1)", "givenName") == "Append([givenName]|, 1)"
    assert taken("Append(giv|", "givenName") == "Append([givenName]|"


def test_the_signature_follows_the_commas() -> None:
    first, second = signature("Left(|"), signature("Left([a], |")
    assert (first.function, first.argument, first.parameter) == ("Left", 0, 0)
    assert (second.argument, second.parameter) == (1, 1)
    assert second.parameters[1] == "NumChars"
    assert second.meaning


def test_commas_and_brackets_in_texts_and_inner_calls_do_not_count() -> None:
    assert signature('Left("a,b(", |').argument == 1
    assert signature("Append(Left([a], 2), |").function == "Append"
    assert signature("Append(Left([a], |").function == "Left"


def test_the_signature_of_the_innermost_open_function_is_shown() -> None:
    help_ = signature("Switch([a], , \n ToUpper(|")
    assert (help_.function, help_.start) == ("ToUpper", 16)


def test_pairs_of_switch_repeat() -> None:
    parameters = [signature(f"Switch([a]{', ' * number}|").parameter for number in range(7)]
    assert parameters == [0, 1, 2, 3, 2, 3, 2]


def test_an_argument_too_many_has_no_parameter() -> None:
    assert signature("Left([a], 2, |").parameter is None


@pytest.mark.parametrize("marked", ["|", "Left([a], 2)|", '"Left(|', "Jion(|", "[a|]"])
def test_outside_of_a_known_function_there_is_no_signature(marked: str) -> None:
    assert signature_at(*at(marked)) is None


def test_brackets_without_a_name_belong_to_the_function_around_them() -> None:
    assert signature('CBool(([a] = "b|') is not None
    assert signature('CBool(([a] = "b"|').function == "CBool"


@given(st.text(), st.integers(-5, 50))
def test_any_text_and_position_get_help_or_none(text: str, position: int) -> None:
    signature_at(text, position)
    for one in complete(text, position, ["mail"]):
        assert 0 <= one.start <= one.end <= len(text)
        assert 0 <= one.caret <= len(one.insert)


@given(st.sampled_from(COLUMNS))
def test_a_chosen_attribute_is_an_expression(name: str) -> None:
    assert compile_expression(taken(f"[{name[:3]}|", name).replace("|", ""))
