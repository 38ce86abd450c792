"""Whatever schema there is and whatever the setup asks for, merging brings exactly that about."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.planning.schema import (
    expressions_to_parse,
    merged_schema,
    schema_changes,
)
from sparkwizard.entra.provisioning_job.types import Desired
from sparkwizard.provisioning.types import Actions, Clause, Filter, MappingRule
from sparkwizard.setup.profile import GroupSettings, Profile, ScopeSettings, WebexSettings
from tests.examples import examples
from tests.provisioning.entra_schema.documents import mapping, schema, source, users

ORGANIZATION = "4f2b6a10-0d3a-4c5e-9c1f-5b9f7a0c1d2e"
OPERATORS = frozenset(("EQUALS", "IS NOT NULL", "NOT EQUALS", "Greater Than"))

quickly = settings(max_examples=examples(60))

_targets = st.sampled_from(
    ("displayName", "title", "nickName", "name.givenName", "externalId", "locale", "timezone")
)
_expressions = st.sampled_from(
    ("[displayName]", '"constant"', "[givenName]", "", 'Append([mail], "x")', "ToLower([mail],)",
     'Switch([IsSoftDeleted], , "False", "True", "True", "False")', "[mobilePhone]")
)  # fmt: skip
_rules = st.lists(
    st.builds(
        MappingRule,
        _targets,
        _expressions,
        st.sampled_from((None, 2)),
        st.sampled_from(("always", "create")),
        st.sampled_from((None, "a default")),
    ),
    unique_by=lambda rule: rule.target,
    max_size=5,
)
_clauses = st.one_of(
    st.builds(Clause, st.just("department"), st.just("EQUALS"), st.tuples(st.just("Sales"))),
    st.just(Clause("mail", "IS NOT NULL")),
    st.just(Clause("employeeId", "GREATER_THAN", ("5",))),
)
_filters = st.lists(
    st.builds(Filter, st.sampled_from(("One", "Two")), st.lists(_clauses, min_size=1).map(tuple)),
    max_size=2,
)
_actions = st.builds(Actions, st.booleans(), st.booleans(), st.just(True), st.booleans())
USER_NAME = MappingRule("userName", "[userPrincipalName]", 1)


@st.composite
def desires(draw: st.DrawFn) -> Desired:
    profile = Profile(
        "Contoso",
        webex=WebexSettings(f"https://webexapis.com/identity/scim/{ORGANIZATION}/v2"),
        scope=ScopeSettings(filters=tuple(draw(_filters))),
        mapping=(USER_NAME, *draw(_rules)),
        actions=draw(_actions),
        groups=GroupSettings(provision=draw(st.booleans())),
    )
    return desired_of(profile)


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    made = schema()
    people = users(made)
    for rule in draw(_rules):
        found = source(rule.expression) if rule.expression else None
        people["attributeMappings"].append(mapping(rule.target, found, defaultValue=rule.default))
    if draw(st.booleans()):
        people["attributeMappings"].append(mapping("", source("[mail]")))
    if draw(st.booleans()):
        people["scope"] = None
    people["enabled"] = draw(st.booleans())
    made["unknownToUs"] = draw(st.sampled_from((None, [1, {"a": "b"}])))
    return made


def parsed(desired: Desired, there: dict[str, Any]) -> dict[str, Any]:
    return {
        text: source(text, "parsed", "Function", parameters=[{"key": "k", "value": None}])
        for text in expressions_to_parse(desired, there, {})
    }


@quickly
@given(desires(), schemas())
def test_after_a_merge_nothing_is_left_to_change(desired: Desired, there: dict[str, Any]) -> None:
    merged = merged_schema(desired, there, parsed(desired, there), OPERATORS)
    assert schema_changes(desired, merged) == ()


@quickly
@given(desires(), schemas())
def test_a_second_merge_changes_not_one_byte(desired: Desired, there: dict[str, Any]) -> None:
    merged = merged_schema(desired, there, parsed(desired, there), OPERATORS)
    assert merged_schema(desired, merged, {}, OPERATORS) == merged


@quickly
@given(desires(), schemas())
def test_what_is_not_ours_stays_as_it_was(desired: Desired, there: dict[str, Any]) -> None:
    before = copy.deepcopy(there)
    merged = merged_schema(desired, there, parsed(desired, there), OPERATORS)
    assert there == before, "what was read is not touched"
    assert _without_ours(merged, desired) == _without_ours(before, desired)


@quickly
@given(desires(), schemas())
def test_rules_without_a_change_keep_their_source_to_the_letter(
    desired: Desired, there: dict[str, Any]
) -> None:
    changed = {one.key for one in schema_changes(desired, there)}
    merged = merged_schema(desired, there, parsed(desired, there), OPERATORS)
    before = {one["targetAttributeName"]: one for one in users(there)["attributeMappings"]}
    for one in users(merged)["attributeMappings"]:
        target = one["targetAttributeName"]
        if target and not {key for key in changed if target.lower() in key.lower()}:
            assert one == before[target]


def _without_ours(document: dict[str, Any], desired: Desired) -> dict[str, Any]:
    left = copy.deepcopy(document)
    people = users(left)
    for key in ("attributeMappings", "scope", "flowTypes", "enabled"):
        people.pop(key, None)
    groups = left["synchronizationRules"][0]["objectMappings"][0]
    groups.pop("enabled")
    if desired.provision_groups:
        groups.pop("attributeMappings")
        groups.pop("scope")
    return left
