"""Whose user it is, and who is left alone where that is not sure."""

import pytest

from sparkwizard.provisioning.mapping.filling import compile_mapping
from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.types import (
    ActionKind,
    MappingRule,
    Person,
)
from sparkwizard.values import replace
from tests.provisioning.planning.small import (
    RULES,
    SALES_ONLY,
    after,
    codes,
    draft,
    link,
    only,
    person,
    user,
)


def test_a_user_that_two_people_of_the_source_have_a_claim_to_is_nobodys() -> None:
    confused = replace(user("alex"), kept={**user("alex").resource, "externalId": "id-adele"})
    drafted = draft([person(), person("alex")], [confused])
    assert [codes(a) for a in drafted.actions] == [["name-of-another"], ["id-of-another"]]


def test_a_link_decides_whose_user_it_is_and_the_other_has_a_way_once_its_mark_is_put_right() -> (
    None
):
    marked = replace(user("alex"), kept={**user("alex").resource, "externalId": "id-adele"})
    links = [replace(link(), webex_id="w-gone"), link("alex")]
    everybody = [person(), person("alex")]
    adele, alex = draft(everybody, [marked], links).actions
    assert (adele.kind, codes(adele)) == (ActionKind.PROBLEM, ["owned-by-another"])
    assert (alex.kind, alex.webex_id) == (ActionKind.UPDATE, "w-alex")
    assert [change.attribute for change in alex.changes] == ["externalId"]
    adele, alex = draft(everybody, [user("alex")], links).actions
    assert (adele.kind, alex.kind) == (ActionKind.CREATE, ActionKind.UNCHANGED)


def test_a_new_hire_with_a_used_again_name_does_not_take_over_the_account() -> None:
    anna = replace(
        person("anna"),
        attributes={**person("anna").attributes, "userPrincipalName": "anna.new@contoso.example"},
    )
    newcomer = Person(
        "id-b",
        {"userPrincipalName": "anna@contoso.example", "objectId": "id-b", "displayName": "B"},
    )
    drafted = draft([anna, newcomer], [user("anna")])
    assert all(action.kind is ActionKind.PROBLEM for action in drafted.actions)


def test_a_row_without_object_id_never_takes_the_link_of_somebody_who_is_there_too() -> None:
    anna = replace(
        person("anna"),
        attributes={**person("anna").attributes, "userPrincipalName": "anna.new@contoso.example"},
    )
    row = Person("anna@contoso.example", {"userPrincipalName": "anna@contoso.example"})
    for people in ([anna, row], [row, anna]):
        by_label = {a.source_id: a for a in draft(people, [user("anna")], [link("anna")]).actions}
        assert by_label["id-anna"].webex_id == "w-anna"
        assert by_label["anna@contoso.example"].kind is ActionKind.PROBLEM


def test_a_present_person_whose_match_is_in_doubt_is_no_leaver() -> None:
    rules = replace(
        RULES,
        mapping=compile_mapping((MappingRule("userName", "[mail]", matching_precedence=1),)),
    )
    row = Person(
        "adele.upn@contoso.example",
        {"userPrincipalName": "adele.upn@contoso.example", "mail": "adele@contoso.example"},
    )
    claimed, left = draft([row], [user()], [link()], rules=rules).actions
    assert codes(claimed) == ["owned-by-another"]
    assert (left.kind, codes(left)) == (ActionKind.PROBLEM, ["left-source", "name-of-another"])


def test_a_scoping_attribute_missing_from_todays_file_makes_nobody_a_leaver() -> None:
    drafted = draft(
        [person()], [user()], [link()], rules=SALES_ONLY, columns=("userPrincipalName",)
    )
    assert (only(drafted).kind, codes(only(drafted))) == (ActionKind.PROBLEM, ["cant-tell"])


def test_nobody_gets_access_back_where_the_source_does_not_say_who_may_sign_in() -> None:
    drafted = draft(
        [person()],
        [user(active=False)],
        [link(off_days_ago=3)],
        columns=("userPrincipalName", "objectId"),
    )
    assert codes(only(drafted)) == ["enabled-unknown"]


def test_a_managed_person_whom_an_incomplete_list_hides_is_not_created_again() -> None:
    drafted = draft([person()], [user("other")], [link()], users_complete=False)
    assert codes(only(drafted)) == ["user-not-listed"]


def test_an_empty_list_of_users_is_no_answer_where_some_are_managed() -> None:
    assert codes(only(draft([person()], [], [link()]))) == ["user-not-listed"]


def test_somebody_who_may_no_longer_sign_in_loses_access_even_if_another_value_is_wrong() -> None:
    drafted = draft([person(disabled=True, displayName="x" * 600)], [user()], [link()])
    assert (only(drafted).kind, after(only(drafted))) == (ActionKind.DISABLE, {"active": False})
    assert len(codes(only(drafted))) == 2


@pytest.mark.parametrize("name", ["ADELE@contoso.example", "adele#EXT#@contoso.example"])
def test_a_person_never_to_be_touched_is_known_under_every_name_they_have(name: str) -> None:
    rules = replace(RULES, never_touched=NeverTouched((name,)))
    guest = person(originalUserPrincipalName="adele#EXT#@contoso.example", disabled=True)
    assert only(draft([guest], [user()], [link()], rules=rules)).kind is ActionKind.SKIPPED
