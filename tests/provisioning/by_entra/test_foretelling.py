"""The rules by which Entra's service decides, one by one; each names where it is documented.

How: Microsoft, *How application provisioning works*. Map: *Customize attribute mappings*. Logs:
*How to analyze the provisioning logs*.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from sparkwizard.provisioning.by_entra import (
    EntraRules,
    EntraSituation,
    beside_this_computer,
    foretell,
)
from sparkwizard.provisioning.mapping.filling import compile_mapping
from sparkwizard.provisioning.mapping.references import MANAGER
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Change,
    Clause,
    Filter,
    MappingRule,
    Person,
    Population,
    Reason,
    User,
    UsersRead,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAME = MappingRule("userName", "[userPrincipalName]", matching_precedence=1)
ACTIVE = MappingRule("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")')
SHOWN, ID = MappingRule("displayName", "[displayName]"), MappingRule("externalId", "[objectId]")
RULES = (NAME, ID, ACTIVE, SHOWN)
SALES = (Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),)


def person(name: str = "adele", **values: Any) -> Person:
    attributes = {
        "userPrincipalName": f"{name}@contoso.example",
        "objectId": f"{name}-id",
        "displayName": name.title(),
        "accountEnabled": "True",
        "IsSoftDeleted": "False",
    }
    return Person(f"{name}-id", {**attributes, **values})


def user(name: str = "adele", **values: Any) -> User:
    resource: dict[str, Any] = {
        "userName": f"{name}@contoso.example",
        "externalId": f"{name}-id",
        "active": True,
        "displayName": name.title(),
    }
    return User(f"{name}-webex", {**resource, **values})


def told(
    *people: Person,
    users: tuple[User, ...] = (),
    rules: tuple[MappingRule, ...] = RULES,
    filters: tuple[Filter, ...] = (),
    actions: Actions = Actions(),  # noqa: B008  frozen
    known: dict[str, str] | None = None,
) -> tuple[Action, ...]:
    made = EntraRules(mapping=compile_mapping(rules), scope=compile_scope(filters), actions=actions)
    seen = EntraSituation(
        population=Population(people), users=UsersRead(users), now=NOW, known=known or {}
    )
    return foretell(made, seen)


def outcome(*people: Person, **values: Any) -> tuple[ActionKind, str]:
    """Return what happens to the one person there is, and the code of the last reason."""
    (action,) = told(*people, **values)
    return action.kind, action.reasons[-1].code


@pytest.mark.parametrize(
    ("who", "there", "expected"),
    [
        # How, initial cycle 4 and 5: who is not found is created, who is found is updated
        (person(), (), (ActionKind.CREATE, "not-in-webex")),
        (person(), (user(displayName="Old"),), (ActionKind.UPDATE, "matched")),
        (person(), (user(),), (ActionKind.UNCHANGED, "matched")),
        # an inactive user is updated like any other: active is a mapped attribute
        (person(), (user(active=False),), (ActionKind.UPDATE, "turned-on")),
        # How, known limitations: who is disabled in Entra is not provisioned
        (person(accountEnabled="False"), (), (ActionKind.SKIPPED, "disabled-in-source")),
        (person(accountEnabled="False"), (user(),), (ActionKind.SKIPPED, "stays-active")),
        (person(IsSoftDeleted="True"), (), (ActionKind.SKIPPED, "disabled-in-source")),
        # the search is for the name alone: who has another one is created beside it
        (person(), (user(userName="a@contoso.example"),), (ActionKind.CREATE, "second-user")),
        # the gallery's schema: userName is not case-exact, everything else is
        (person(), (user(userName="Adele@Contoso.example"),), (ActionKind.UNCHANGED, "matched")),
        (person(), (user(displayName="ADELE"),), (ActionKind.UPDATE, "matched")),
        (person(), (user(externalId="ADELE-ID"),), (ActionKind.UPDATE, "matched")),
        # Map: a null is never written, and clears nothing
        (person(displayName=None), (user(),), (ActionKind.UNCHANGED, "matched")),
        # Webex refuses what is no e-mail address, and the service reports it
        (person(userPrincipalName="adele"), (), (ActionKind.PROBLEM, "not-email")),
        (person(userPrincipalName=None), (), (ActionKind.PROBLEM, "missing")),
    ],
)
def test_one_person(who: Person, there: tuple[User, ...], expected: tuple[ActionKind, str]) -> None:
    assert outcome(who, users=there) == expected


def test_somebody_the_source_has_trouble_with_is_a_problem() -> None:
    broken = Person("x", {}, problem=Reason("no-user-principal-name", "No name."))
    assert outcome(broken) == (ActionKind.PROBLEM, "no-user-principal-name")


def test_who_is_out_of_scope_and_was_never_provisioned_is_left_alone() -> None:
    kind, code = outcome(person(department="IT"), users=(user(),), filters=SALES)
    assert (kind, code) == (ActionKind.SKIPPED, "stays-active")


def test_who_was_provisioned_and_left_the_scope_is_turned_off_by_an_update() -> None:
    # How, incremental cycles 7
    known = {"adele-id": "adele-webex"}
    (action,) = told(person(department="IT"), users=(user(),), filters=SALES, known=known)
    assert action.kind is ActionKind.DISABLE
    assert action.changes == (Change("active", True, False),)


def test_who_was_provisioned_and_is_disabled_since_is_turned_off() -> None:
    # How, incremental cycles 8
    known = {"adele-id": "adele-webex"}
    assert outcome(person(accountEnabled="False"), users=(user(),), known=known) == (
        ActionKind.DISABLE,
        "disabled-in-source",
    )


def test_who_was_provisioned_and_is_not_among_the_people_any_more_is_turned_off() -> None:
    (action,) = told(users=(user(),), known={"adele-id": "adele-webex"})
    assert (action.kind, action.reasons[0].code) == (ActionKind.DISABLE, "left-scope")


def test_who_is_known_keeps_their_user_whatever_it_is_called() -> None:
    # How, initial cycle 4: the id is cached and used for all future operations
    known = {"adele-id": "adele-webex"}
    (action,) = told(person(), users=(user(userName="other@contoso.example"),), known=known)
    assert (action.kind, action.webex_id) == (ActionKind.UPDATE, "adele-webex")
    assert [change.attribute for change in action.changes] == ["userName"]


def test_a_new_name_that_somebody_else_has_is_refused() -> None:
    users = (user(userName="old@contoso.example"), user("bert", userName="adele@contoso.example"))
    known = {"adele-id": "adele-webex"}
    assert outcome(person(), users=users, known=known) == (ActionKind.PROBLEM, "name-taken")


def test_a_default_counts_only_for_who_is_created() -> None:
    # Map: default value if null
    rules = (*RULES, MappingRule("title", "[jobTitle]", default="Staff"))
    (created,) = told(person(), rules=rules)
    assert Change("title", None, "Staff") in created.changes
    assert outcome(person(), users=(user(),), rules=rules)[0] is ActionKind.UNCHANGED


def test_a_rule_for_creation_alone_changes_nobody_who_is_there() -> None:
    # Map: apply this mapping only during object creation
    rules = (NAME, MappingRule("displayName", "[displayName]", apply="create"))
    assert outcome(person(), users=(user(displayName="Old"),), rules=rules)[0] is (
        ActionKind.UNCHANGED
    )


@pytest.mark.parametrize(
    ("allowed", "there", "code"),
    [
        (Actions(create=False), (), "create-off"),
        (Actions(update=False), (user(displayName="Old"),), "update-off"),
    ],
)
def test_what_the_target_object_actions_do_not_allow_is_left_out(
    allowed: Actions, there: tuple[User, ...], code: str
) -> None:
    # Map: target object actions
    assert outcome(person(), users=there, actions=allowed) == (ActionKind.SKIPPED, code)


@pytest.mark.parametrize(
    ("allowed", "there", "code"),
    [
        (Actions(create=False), (), "create-off"),
        (Actions(update=False), (user(),), "update-off"),
        (Actions(update=False), (user(active=False),), "update-off"),
    ],
)
@pytest.mark.parametrize("wrong", [{"displayName": "x" * 600}, {"title": "x" * 600}])
def test_what_is_not_allowed_is_never_sent_so_that_webex_refuses_nothing(
    allowed: Actions, there: tuple[User, ...], code: str, wrong: dict[str, str]
) -> None:
    rules = (*RULES, MappingRule("title", "[title]"))
    found = outcome(person(**wrong), users=there, actions=allowed, rules=rules)
    assert found == (ActionKind.SKIPPED, code)


@pytest.mark.parametrize("gone", [{"accountEnabled": "False"}, {"department": "IT"}])
@pytest.mark.parametrize("shown", ["Adele", "x" * 600])
def test_nobody_is_turned_off_where_updates_are_not_allowed(
    gone: dict[str, str], shown: str
) -> None:
    # How, configure your application to disable a user: confirm that updates are selected
    known, allowed = {"adele-id": "adele-webex"}, Actions(update=False)
    who = person(displayName=shown, **{"department": "Sales", **gone})
    found = outcome(who, users=(user(),), known=known, actions=allowed, filters=SALES)
    assert found == (ActionKind.SKIPPED, "update-off")


def test_who_is_not_among_the_people_any_more_stays_active_where_updates_are_not_allowed() -> None:
    known, allowed = {"adele-id": "adele-webex"}, Actions(update=False)
    assert outcome(users=(user(),), known=known, actions=allowed) == (
        ActionKind.SKIPPED,
        "update-off",
    )


def test_who_is_not_among_the_people_any_more_stays_active_where_no_rule_turns_them_off() -> None:
    # How, deprovisioning events: remove isSoftDeleted from the attribute mappings
    known = {"adele-id": "adele-webex"}
    assert outcome(users=(user(),), known=known, rules=(NAME, SHOWN)) == (
        ActionKind.SKIPPED,
        "not-turned-off",
    )


def test_two_people_of_one_name_are_both_reported() -> None:
    # the error is called so in Logs: DuplicateSourceEntries
    twin = person("bert", userPrincipalName="ADELE@contoso.example")
    assert {(a.kind, a.reasons[0].code) for a in told(person(), twin)} == {
        (ActionKind.PROBLEM, "several-people")
    }


def test_two_users_of_one_value_are_reported() -> None:
    # the error is called so in Logs: DuplicateTargetEntries
    rules = (NAME, MappingRule("displayName", "[displayName]", matching_precedence=2))
    twins = (user("b", displayName="Adele"), user("c", displayName="adele"))
    assert outcome(person(), users=twins, rules=rules) == (ActionKind.PROBLEM, "several-users")


def test_the_mapping_may_turn_somebody_off() -> None:
    rules = (NAME, MappingRule("active", '"False"'))
    assert outcome(person(), users=(user(),), rules=rules) == (ActionKind.DISABLE, "turned-off")


def test_a_manager_who_has_a_user_is_linked_and_one_who_gets_one_in_the_second_pass() -> None:
    # How, initial cycle 6
    rules = (*RULES, MappingRule(MANAGER, "[manager]"))
    staff = [person(one, manager=boss) for one, boss in (("a", "boss-id"), ("b", "new-id"))]
    people = (*staff, person("boss"), person("new"), person("c", manager="nobody-id"))
    found = {a.label: a for a in told(*people, users=(user("boss"),), rules=rules)}
    assert Change(MANAGER, None, "boss-webex") in found["A"].changes
    assert found["B"].refers_to == "new-id"
    assert MANAGER not in [change.attribute for change in found["C"].changes]
    assert len(found) == 5


def test_people_on_whom_both_agree_are_not_named() -> None:
    created = told(person())
    assert beside_this_computer(created, created)[1] == {}
    left = (Action(ActionKind.PROBLEM, "adele-id", "", "Adele"),)
    skipped = told(person(accountEnabled="False"))
    assert beside_this_computer(skipped, left)[1] == {}


def test_people_on_whom_they_do_not_are_named_with_what_we_would_do() -> None:
    here = Action(ActionKind.PROBLEM, "adele-id", "", "Adele")
    both, otherwise = beside_this_computer(told(person(), users=(user(active=False),)), (here,))
    assert otherwise == {"adele-id": here}
    assert len(both) == 1


def test_who_only_this_computer_would_turn_off_is_among_them_and_stays() -> None:
    leaver = Action(ActionKind.DISABLE, "gone-id", "gone@contoso.example", "Gone", "gone-webex")
    both, otherwise = beside_this_computer(told(person()), (leaver,))
    assert both[-1].kind is ActionKind.SKIPPED
    assert both[-1].reasons[0].code == "unknown-to-entra"
    assert otherwise["gone-id"] is leaver
