"""Taking a mapping over from Entra's schema and handing it there: what would change, in words."""

from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.entra_schema import import_schema
from sparkwizard.provisioning.groups.mapping import DEFAULT_GROUP_MAPPING
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.types import Actions, Clause, Filter, MappingRule
from sparkwizard.setup.profile import GroupSettings, Profile, ScopeSettings
from sparkwizard.values import replace
from sparkwizard.wizard.mapping.parts import parts_of
from sparkwizard.wizard.mapping.schema_exchange import (
    actions_words,
    compare_rules,
    export_profile,
    export_words,
    offers,
    taken_over,
)

TITLE = MappingRule("title", "[jobTitle]", None, "create", "Staff")
SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))
EMPTY = Profile("Contoso")
OWN = replace(
    EMPTY,
    mapping=(*DEFAULT_MAPPING, TITLE),
    scope=ScopeSettings(filters=(SALES,)),
    groups=GroupSettings(provision=True, mapping=DEFAULT_GROUP_MAPPING[:2]),
    actions=Actions(delete=True),
)
ALL = frozenset(("users", "groups", "filters", "actions"))
some_rules = st.lists(
    st.builds(
        MappingRule, st.sampled_from(["userName", "title", "nickName"]), st.sampled_from(["[a]"])
    ),
    unique_by=lambda rule: rule.target,
    max_size=3,
)


def test_what_was_exported_comes_back_whole() -> None:
    imported = import_schema(export_profile(OWN).document)
    assert taken_over(EMPTY, imported, ALL).put_into(EMPTY) == OWN


def test_only_what_is_chosen_is_taken_over_and_it_can_be_taken_back() -> None:
    imported = import_schema(export_profile(OWN).document)
    parts = taken_over(EMPTY, imported, frozenset({"filters"}))
    after = parts.put_into(EMPTY)
    assert after == replace(EMPTY, scope=OWN.scope)
    assert parts_of(EMPTY, parts).put_into(after) == EMPTY


def test_an_edit_of_rules_leaves_filters_alone_when_it_is_taken_back() -> None:
    before = parts_of(EMPTY)
    changed = replace(EMPTY, mapping=OWN.mapping, scope=OWN.scope)
    assert before.put_into(changed) == replace(EMPTY, scope=OWN.scope)


def test_the_default_mapping_is_taken_over_as_no_mapping_at_all() -> None:
    imported = import_schema(export_profile(EMPTY).document)
    assert taken_over(OWN, imported, frozenset({"users"})).users == ()


@given(some_rules, some_rules)
def test_every_rule_of_either_side_is_told_once(
    before: list[MappingRule], after: list[MappingRule]
) -> None:
    changes = compare_rules(before, after)
    assert [one.after for one in changes if one.after] == after
    assert sorted(one.before.target for one in changes if one.before) == sorted(
        rule.target for rule in before
    )


def test_a_rule_that_differs_in_anything_changes_and_spelling_is_nothing() -> None:
    lower = replace(DEFAULT_MAPPING[0], target="username")
    assert [one.word for one in compare_rules(DEFAULT_MAPPING[:1], [lower])] == ["stays"]
    later = replace(lower, apply="create")
    assert [one.word for one in compare_rules(DEFAULT_MAPPING[:1], [later])] == ["changes"]
    assert [one.word for one in compare_rules([TITLE], DEFAULT_MAPPING[:1])] == [
        "new",
        "goes away",
    ]


def test_the_offers_say_how_much_would_be_replaced() -> None:
    words = [one.words for one in offers(EMPTY, import_schema(export_profile(OWN).document))]
    assert words == [
        "7 rules for users in place of 6",
        "2 rules for groups in place of 3; groups are switched on there",
        "1 scoping filter in place of none",
        "What may be done: create, update, delete",
    ]


def test_actions_are_told_with_what_they_leave_out() -> None:
    assert actions_words(Actions()) == "create, update, but not delete"
    assert actions_words(Actions(create=False, update=False)) == (
        "nothing, but not create or update or delete"
    )


def test_an_export_says_that_entra_has_not_read_its_expressions() -> None:
    assert "Entra's own reading of 1 expression is missing" in export_words(export_profile(OWN))
