"""Building expressions without typing: the tree, its places, and back to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import FUNCTIONS, compile_expression
from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Comparison,
    Constant,
    Node,
    Omitted,
)
from sparkwizard.wizard.mapping.expression_builder import (
    SlotKind,
    crumbs,
    kind_of_node,
    new_call,
    node_at,
    number_of,
    open_in_builder,
    places,
    with_node,
    with_operator,
    with_places,
    without_places,
    wrapped,
    written,
)


def test_a_join_is_built_argument_by_argument() -> None:
    root: Node = new_call("Join")
    root = with_places(with_node(root, (0,), Constant(" ")), ())
    root = with_node(root, (1,), Attribute("givenName"))
    root = with_node(root, (2,), new_call("ToUpper"))
    root = with_node(root, (2, 0), Attribute("surname"))
    assert written(root) == 'Join(" ", [givenName], ToUpper([surname]))'
    compile_expression(written(root))


def test_arguments_left_out_at_the_end_are_not_written_those_between_are() -> None:
    root = with_node(new_call("ToLower"), (1,), Constant("tr-TR"))
    assert written(with_node(root, (0,), Attribute("mail"))) == 'ToLower([mail], "tr-TR")'
    emptied = with_node(with_node(root, (0,), Attribute("mail")), (1,), Omitted())
    assert written(emptied) == "ToLower([mail])"
    switch = with_node(new_call("Switch"), (0,), Attribute("x"))
    assert written(switch) == "Switch([x], , , )"


def test_repeated_arguments_are_numbered_added_and_taken_away_together() -> None:
    opened = open_in_builder('Switch([c], , "US", "1", "GB", "44")')
    assert opened.node is not None
    labels = [place.label for place in places(opened.node)]
    assert labels == ["source", "defaultValue", "key 1", "value 1", "key 2", "value 2"]
    more = with_places(opened.node, ())
    assert [place.label for place in places(more)][-2:] == ["key 3", "value 3"]
    fewer = without_places(opened.node, (), 3)
    assert written(fewer) == 'Switch([c], , "GB", "44")'
    assert not any(place.removable for place in places(fewer))


def test_a_condition_is_built_from_two_sides_and_an_operator_in_words() -> None:
    root = with_node(new_call("IIF"), (0,), Comparison("=", Omitted(), Omitted()))
    root = with_node(root, (0, 0), Attribute("country"))
    root = with_node(root, (0, 1), Constant("US"))
    root = with_operator(root, (0,), "<>")
    root = with_node(with_node(root, (1,), Constant("a")), (2,), Constant("b"))
    assert written(root) == 'IIF([country] <> "US", "a", "b")'
    assert [name for name, _path in crumbs(root, (0,))] == ["IIF", "Comparison"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('InStr([a], "b", 1, vbTextCompare)', "can't show the word vbTextCompare"),
        ('Join(" "', "once it has no fault. A round bracket is never closed."),
        ("Jion([a])", "does not know the function Jion"),
        ("Left([a], 1, 2)", "can't show Left with 3 arguments"),
    ],
)
def test_what_the_builder_cannot_show_stays_text_and_it_says_why(text: str, why: str) -> None:
    opened = open_in_builder(text)
    assert opened.node is None
    assert why in opened.reason


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_place_for_each_argument_and_a_likely_kind(name: str) -> None:
    node = new_call(name)
    assert len(places(node)) == len(FUNCTIONS[name].parameters)
    assert all(place.likely in place.kinds for place in places(node))
    assert all(kind_of_node(Omitted(), place) in place.kinds for place in places(node))


atoms = st.builds(Attribute, st.sampled_from(["mail", "city"])) | st.builds(
    Constant, st.text('ab"\\ ,', max_size=5) | st.integers(0, 99)
)


@given(atoms, atoms)
def test_what_was_built_opens_again_as_the_same_tree(one: object, two: object) -> None:
    root = with_node(with_node(new_call("Append"), (0,), one), (1,), two)  # type: ignore[arg-type]  # any node
    assert open_in_builder(written(root)).node == root


def test_numbers_are_read_as_the_language_writes_them() -> None:
    assert [number_of(text) for text in ("3", " -2 ", "1.5", "", "3a", "1e5")] == [
        3,
        -2,
        1.5,
        None,
        None,
        None,
    ]


def test_nothing_written_yet_opens_as_one_empty_place() -> None:
    opened = open_in_builder("  ")
    assert opened.node == Omitted()
    assert kind_of_node(Omitted()) is SlotKind.ATTRIBUTE
    assert node_at(Omitted(), (3,)) == Omitted()


def test_choosing_a_function_for_a_filled_place_keeps_what_stood_there() -> None:
    assert written(wrapped(Attribute("mail"), "ToLower")) == "ToLower([mail])"
    assert written(wrapped(Attribute("mail"), "Join")) == "Join(, [mail])"
    append = wrapped(wrapped(Attribute("mail"), "Append"), "Left")
    assert written(append) == "Left([mail], )"
    assert written(wrapped(append, "ToUpper")) == "ToUpper([mail])"
    assert written(wrapped(Omitted(), "Now")) == "Now()"
