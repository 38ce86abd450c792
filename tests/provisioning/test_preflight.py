"""The pre-flight: what it finds over everybody, with whom, and that nothing upsets it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Rules
from sparkwizard.provisioning.preflight import (
    PreflightReport,
    Severity,
    fix_list,
    preflight,
    preflight_in_slices,
)
from sparkwizard.provisioning.preflight.kinds import KINDS
from sparkwizard.provisioning.preflight.report import FIX_LIST_HEADER
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    Actions,
    Clause,
    Filter,
    Json,
    Link,
    MappingRule,
    Person,
    Population,
    Reason,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.values import replace
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STAFF = Filter("Staff", (Clause("department", "EQUALS", ("Staff",)),))


def rules(mapping: Sequence[MappingRule] = DEFAULT_MAPPING, *filters: Filter) -> Rules:
    return Rules(
        mapping=compile_mapping(mapping),
        scope=compile_scope(filters),
        actions=Actions(),
        max_removals=RemovalLimit(),
    )


def person(who: str = "ada", /, **more: object) -> Person:
    attributes: dict[str, object] = {
        "userPrincipalName": f"{who}@contoso.example",
        "objectId": f"id-{who}",
        "displayName": who.title(),
        "mail": f"{who}@contoso.example",
        "IsSoftDeleted": "False",
    }
    attributes |= more
    kept = {key: value for key, value in attributes.items() if value is not None}
    return Person(f"id-{who}", kept)


def user(who: str = "ada", **more: Json) -> User:
    resource: dict[str, Json] = {
        "userName": f"{who}@contoso.example",
        "externalId": f"id-{who}",
        "displayName": who.title(),
        "active": True,
    }
    kept = {key: value for key, value in {**resource, **more}.items() if value is not None}
    return User(f"w-{who}", kept)


def look(
    people: Sequence[Person],
    users: Sequence[User] | None = None,
    *links: Link,
    by: Rules | None = None,
) -> PreflightReport:
    return preflight(
        by or rules(),
        Population(tuple(people)),
        None if users is None else UsersRead(tuple(users)),
        {link.source_id: link for link in links},
        now=NOW,
    )


def behind(report: PreflightReport, code: str) -> list[tuple[str, str]]:
    finding = report.finding(code)
    return [(hit.person.label, hit.value) for hit in finding.hits] if finding else []


# -- the findings ------------------------------------------------------------------------------


def test_people_in_order_are_not_found_fault_with() -> None:
    assert look([person("ada"), person("bob")], [user("ada"), user("bob")]).findings == ()


def test_a_sign_in_name_that_is_not_the_mail_address_is_found() -> None:
    report = look([person(mail="ada.l@contoso.example"), person("bob", mail="BOB@Contoso.Example")])
    assert behind(report, "upn-mail-differ") == [
        ("Ada", "ada@contoso.example and ada.l@contoso.example")
    ]


def test_people_who_share_a_matching_value_are_found_together() -> None:
    shared = rules(
        (MappingRule("userName", "[mail]", 1), MappingRule("displayName", "[displayName]"))
    )
    both = [person("ada", mail="all@x.example"), person("bob", mail="ALL@x.example")]
    report = look([*both, person("eve")], by=shared)
    assert [name for name, _ in behind(report, "duplicate-match")] == ["Ada", "Bob"]


def test_a_missing_user_name_is_found() -> None:
    by_mail = rules((MappingRule("userName", "[mail]", 1), MappingRule("externalId", "[objectId]")))
    report = look([person(mail=None)], by=by_mail)
    assert behind(report, "missing-required") == [("Ada", "User name has no value.")]


@pytest.mark.parametrize(
    "more",
    [
        {"userType": "Guest"},
        {"originalUserPrincipalName": "ada_home.example#EXT#@contoso.example"},
        {"userPrincipalName": "ada_home.example#ext#@contoso.example"},
    ],
)
def test_guests_are_found_by_type_and_by_name(more: dict[str, object]) -> None:
    assert look([person(**more)]).counts["guest"] == 1


def test_guests_are_not_told_twice_for_their_other_mail_address() -> None:
    report = look([person(userType="Guest", mail="ada@home.example")])
    assert "upn-mail-differ" not in report.counts


def test_a_user_name_that_is_no_address_is_found() -> None:
    assert look([person(userPrincipalName="ada")]).counts["not-email"] == 1


def test_characters_that_cannot_be_sent_are_found() -> None:
    assert look([person(displayName="A\x00da")]).counts["refused-characters"] == 1


@pytest.mark.parametrize("name", ["ada+x@contoso.example", "o'hara@contoso.example"])
def test_special_characters_in_a_value_that_finds_accounts_are_found(name: str) -> None:
    report = look([person(userPrincipalName=name, mail=name)])
    assert report.counts["special-characters"] == 1


def test_special_characters_elsewhere_are_welcome() -> None:
    assert look([person(displayName="Zoë + Co")], [user(displayName="Zoë")]).findings == ()


def test_a_value_that_is_too_long_is_found_with_its_length() -> None:
    ((_, value),) = behind(look([person(displayName="x" * 600)]), "too-long")
    assert "600 of 512" in value


def test_a_domain_that_no_present_user_has_is_to_be_checked() -> None:
    people = [person("ada"), person("bob", userPrincipalName="bob@new.example", mail=None)]
    report = look(people, [user("ada")])
    assert behind(report, "unverified-domain") == [("Bob", "new.example")]


def test_without_webex_users_the_domains_are_listed_with_their_numbers() -> None:
    report = look([person("ada"), person("bob"), person("eve", userPrincipalName="e@x.example")])
    finding = report.finding("domains")
    assert finding is not None
    assert finding.values == (("contoso.example", 2), ("x.example", 1))
    assert finding.severity is Severity.NOTE


def test_an_account_that_names_somebody_else_is_not_to_be_taken() -> None:
    report = look([person("ada")], [user("ada", externalId="id-other")])
    assert behind(report, "owned-by-another") == [
        ("Ada", "ada@contoso.example belongs to id-other")
    ]


def test_an_account_without_an_owner_may_be_taken() -> None:
    assert "owned-by-another" not in look([person("ada")], [user("ada", externalId=None)]).counts


def test_an_account_that_this_setup_manages_for_another_person_is_told() -> None:
    managed = Link("id-bob", "w-ada", "bob@contoso.example")
    report = look([person("ada"), person("bob")], [user("ada")], managed)
    assert report.counts["owned-by-another"] == 1


def test_several_accounts_for_one_person_are_told() -> None:
    users = [user("ada", userName="a@x.example"), user("bob", externalId="id-ada")]
    assert look([person("ada")], users).counts["several-accounts"] == 1


def test_a_value_that_webex_keeps_though_the_source_has_none_is_found() -> None:
    report = look([person("ada")], [user("ada", name={"givenName": "Adelheid"})])
    assert behind(report, "stale-value") == [("Ada", "Given name: Adelheid")]


def test_an_account_that_is_switched_off_for_an_active_person_is_found() -> None:
    report = look([person("ada")], [user("ada", active=False)])
    assert behind(report, "inactive-match") == [("Ada", "ada@contoso.example")]


def test_somebody_disabled_in_entra_with_an_active_unmanaged_account_is_found() -> None:
    off = person("ada", IsSoftDeleted="True")
    assert look([off], [user("ada")]).counts["disabled-but-active"] == 1
    assert "disabled-but-active" not in look([off], [user("ada")], Link("id-ada", "w-ada")).counts


def test_somebody_new_without_a_display_name_is_found() -> None:
    assert look([person(displayName=None)], []).counts["no-display-name"] == 1


def test_a_row_that_cannot_be_used_is_found_with_its_reason() -> None:
    broken = replace(person(), problem=Reason("row", "The row is short."))
    assert behind(look([broken]), "unusable-row") == [("Ada", "The row is short.")]


def test_a_filter_that_cannot_be_decided_is_found() -> None:
    old = Filter("Old", (Clause("employeeId", "Greater_Than", ("5",)),))
    report = look([person(employeeId="five")], by=rules(DEFAULT_MAPPING, old))
    assert report.counts["scope-unclear"] == 1


# -- the report --------------------------------------------------------------------------------


def test_people_out_of_scope_are_left_out_so_that_a_filter_mends_a_finding() -> None:
    guest = person("eve", userType="Guest", department="Visitors")
    staff = person("ada", department="Staff")
    assert look([guest, staff]).counts["guest"] == 1
    narrowed = look([guest, staff], by=rules(DEFAULT_MAPPING, STAFF))
    assert ("guest" in narrowed.counts, narrowed.people) == (False, 1)


def test_the_gravest_findings_come_first() -> None:
    odd = person("ada", userPrincipalName="ada", userType="Guest")
    severities = [finding.severity for finding in look([odd]).findings]
    order = list(Severity)
    assert severities == sorted(severities, key=order.index)


def test_a_person_with_two_hits_of_a_kind_counts_once() -> None:
    stale = user("ada", name={"givenName": "A", "familyName": "L"})
    finding = look([person("ada")], [stale]).finding("stale-value")
    assert finding is not None
    assert (finding.count, len(finding.hits)) == (1, 2)
    assert finding.text.startswith("1 person has")


def test_the_fix_list_has_a_row_for_each_person_and_finding_with_fix_and_owner() -> None:
    report = look([replace(person(userType="Guest"), row=7)])
    (row,) = (row for row in fix_list(report) if row[0] == "Guests")
    assert len(row) == len(FIX_LIST_HEADER)
    assert row[2:6] == ("Ada", "ada@contoso.example", "id-ada", 7)
    assert "filter" in str(row[7])
    assert "administrator" in str(row[8])


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_finding_says_what_to_do_and_who_does_it(code: str) -> None:
    kind = KINDS[code]
    assert kind.text(1).startswith(("1 ", "A filter"))
    assert "1,234" in kind.text(1234)
    assert kind.fix.endswith(".")
    assert kind.owner


def test_a_pre_flight_of_nobody_finds_nothing() -> None:
    assert look([], []) == PreflightReport((), 0, users_known=True)


# -- what always holds -------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(st.one_of(st.text(max_size=5), st.none()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            *("userPrincipalName", "originalUserPrincipalName", "objectId", "mail", "userType"),
            *("displayName", "givenName", "IsSoftDeleted", "accountEnabled", "department"),
        ]
    ),
    VALUES,
)
RESOURCES = st.dictionaries(
    st.sampled_from(["userName", "externalId", "displayName", "active", "name", "emails"]), VALUES
)


@given(st.lists(ATTRIBUTES, max_size=4), st.none() | st.lists(RESOURCES, max_size=4))
@settings(max_examples=examples(300))
def test_no_attributes_upset_the_pre_flight(
    sources: list[dict[str, object]], resources: list[dict[str, Json]] | None
) -> None:
    people = [Person(f"id-{at}", attributes) for at, attributes in enumerate(sources)]
    users = None if resources is None else [User(f"w{at}", one) for at, one in enumerate(resources)]
    report = look(people, users, by=rules(DEFAULT_MAPPING))
    for finding in report.findings:
        assert 1 <= finding.count <= len(people)
        assert {hit.person.source_id for hit in finding.hits} <= {one.source_id for one in people}
    assert len(list(fix_list(report))) == sum(len(finding.hits) for finding in report.findings)


def test_the_slices_tell_how_far_it_is() -> None:
    people = Population(tuple(person(f"p{number}") for number in range(200)))
    told = list(preflight_in_slices(rules(), people, None, {}, now=NOW))
    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] <= 1
