"""The bodies of SCIM writes, made from changes."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.practice.scim.attributes import USER
from sparkwizard.practice.scim.patch import apply_patch
from sparkwizard.provisioning.target.path import read_path, write_path
from sparkwizard.provisioning.types import Change, Json, User
from sparkwizard.webex.scim_write import PATCH_SCHEMA, create_body, filter_text, patch_body

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
OLD_ENTERPRISE = "urn:scim:schemas:extension:enterprise:1.0"
WORK = 'emails[type eq "work"].value'
NAME = Change("userName", None, "m@x.example")


def user(**resource: Json) -> User:
    return User("id-1", {"id": "id-1", "userName": "m@x.example", **resource})


def operations(current: User, *changes: Change) -> list[Json]:
    body = patch_body(changes, current=current)
    assert body is not None
    assert body["schemas"] == [PATCH_SCHEMA]
    listed = body["Operations"]
    assert isinstance(listed, list)
    return listed


# -- creating ----------------------------------------------------------------------------------


def test_only_the_schemas_used_are_declared() -> None:
    assert create_body([NAME])["schemas"] == [CORE]
    department = Change(f"{ENTERPRISE}:department", None, "Sales")
    pronouns = Change(f"{CISCO}:pronouns.value", None, "they")
    assert create_body([NAME, pronouns, department])["schemas"] == [CORE, CISCO, ENTERPRISE]


def test_a_new_user_is_of_type_user_unless_mapped() -> None:
    assert create_body([NAME])["userType"] == "user"
    assert create_body([NAME, Change("userType", None, "room")])["userType"] == "room"
    assert "userType" not in create_body([NAME], user_type=False)


@pytest.mark.parametrize(
    ("value", "sent"), [("True", True), ("False", False), (" false", False), (True, True)]
)
def test_active_is_sent_as_a_boolean(value: Json, sent: bool) -> None:
    assert create_body([NAME, Change("active", None, value)])["active"] is sent


def test_a_value_that_is_none_is_not_sent() -> None:
    assert "title" not in create_body([NAME, Change("title", None, None)])


def test_the_managers_id_is_sent_as_its_value() -> None:
    body = create_body([NAME, Change(f"{ENTERPRISE}:manager", None, "id-2")])
    assert body[ENTERPRISE] == {"manager": {"value": "id-2"}}


def test_only_one_email_is_primary() -> None:
    home = Change('emails[type eq "home"].value', None, "h@x.example")
    body = create_body([home, Change(WORK, None, "m@x.example")])
    emails = body["emails"]
    assert isinstance(emails, list)
    primary = [one["type"] for one in emails if isinstance(one, dict) and one.get("primary")]
    assert primary == ["work"]


# -- changing ----------------------------------------------------------------------------------


def test_each_change_is_one_operation_with_a_path() -> None:
    current = user(title="Clerk", name={"givenName": "M"})
    changes = (
        Change("title", "Clerk", None),
        Change("name.givenName", "M", "Megan"),
        Change(f"{ENTERPRISE}:department", None, "Sales"),
    )
    assert operations(current, *changes) == [
        {"op": "replace", "path": "name.givenName", "value": "Megan"},
        {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "Sales"},
        {"op": "remove", "path": "title"},
    ]


def test_what_is_removed_comes_last_so_that_no_list_element_is_gone_too_early() -> None:
    current = user(addresses=[{"type": "work", "postalCode": "123"}])
    postal_code, locality = (
        f'addresses[type eq "work"].{name}' for name in ("postalCode", "locality")
    )
    changes = (Change(postal_code, "123", None), Change(locality, None, "Leeds"))
    assert operations(current, *changes) == [
        {"op": "replace", "path": locality, "value": "Leeds"},
        {"op": "remove", "path": postal_code},
    ]


def test_an_email_that_is_there_is_replaced() -> None:
    current = user(emails=[{"type": "work", "value": "m@x.example"}])
    assert operations(current, Change(WORK, "m@x.example", "n@x.example")) == [
        {"op": "replace", "path": WORK, "value": "n@x.example"}
    ]


def test_an_email_that_is_not_there_is_added() -> None:
    assert operations(user(), Change(WORK, None, "n@x.example")) == [
        {
            "op": "add",
            "path": "emails",
            "value": [{"type": "work", "primary": True, "value": "n@x.example"}],
        }
    ]


def test_a_second_email_is_not_primary() -> None:
    current = user(emails=[{"type": "other", "value": "o@x.example", "primary": True}])
    (operation,) = operations(current, Change(WORK, None, "n@x.example"))
    assert operation == {
        "op": "add",
        "path": "emails",
        "value": [{"type": "work", "value": "n@x.example"}],
    }


def test_parts_of_a_new_element_are_added_together() -> None:
    city, zip_code = (f'addresses[type eq "work"].{part}' for part in ("locality", "postalCode"))
    assert operations(user(), Change(city, None, "Oslo"), Change(zip_code, None, "0150")) == [
        {
            "op": "add",
            "path": "addresses",
            "value": [{"type": "work", "locality": "Oslo", "postalCode": "0150"}],
        }
    ]


def test_the_email_changes_before_the_user_name_that_must_equal_it() -> None:
    current = user(emails=[{"type": "work", "value": "m@x.example"}])
    changed = operations(
        current,
        Change("userName", "m@x.example", "n@x.example"),
        Change(WORK, "m@x.example", "n@x.example"),
    )
    paths = [one["path"] for one in changed if isinstance(one, dict)]
    assert paths == [WORK, "userName"]


def test_removing_what_is_not_there_is_no_request() -> None:
    assert patch_body([Change(WORK, "gone", None)], current=user()) is None
    assert patch_body([], current=user()) is None


# -- for every user and change -----------------------------------------------------------------

texts = st.text(min_size=1, max_size=8)
paths = st.sampled_from(
    [
        "userName",
        "displayName",
        "name.givenName",
        "name.familyName",
        WORK,
        'emails[type eq "home"].value',
        'phoneNumbers[type eq "mobile"].value',
        'addresses[type eq "work"].locality',
        'addresses[type eq "work"].postalCode',
        f"{ENTERPRISE}:department",
        f"{CISCO}:pronouns.value",
    ]
)
changing = st.dictionaries(paths, st.none() | texts, max_size=6)


@given(st.dictionaries(paths, texts, max_size=6), changing)
def test_making_a_body_changes_nothing_it_was_given(
    before: dict[str, str], after: dict[str, str | None]
) -> None:
    resource: dict[str, Json] = {"id": "id-1"}
    for path, value in before.items():
        write_path(resource, path, value)
    kept = copy.deepcopy(resource)
    changes = [Change(path, None, value) for path, value in after.items()]
    for version in ("2.0", "1.1"):
        patch_body(changes, current=User("id-1", resource), version=version)
    assert resource == kept


@given(st.dictionaries(paths, texts, max_size=6), changing)
def test_a_patch_turns_any_user_into_the_wanted_one(
    before: dict[str, str], after: dict[str, str | None]
) -> None:
    resource: dict[str, Json] = {"id": "id-1"}
    for path, value in before.items():
        write_path(resource, path, value)
    changes = [Change(path, before.get(path), value) for path, value in after.items()]
    body = patch_body(changes, current=User("id-1", resource))
    # The practice tenant's own PATCH, which shares no code with what is tested.
    result = apply_patch(USER, resource, body) if body else resource
    assert {path: read_path(result, path) for path in {**before, **after}} == {**before, **after}


@given(changing)
def test_a_created_user_has_every_value_that_was_wanted(wanted: dict[str, str | None]) -> None:
    body = create_body([Change(path, None, value) for path, value in wanted.items()])
    kept = {path: read_path(body, path) for path in wanted}
    assert kept == wanted


# -- SCIM 1.1 ----------------------------------------------------------------------------------


def test_the_old_version_gets_the_changed_parts_only() -> None:
    current = user(title="Clerk", emails=[{"type": "work", "value": "m@x.example"}], nickName="Meg")
    changes = (
        Change("title", "Clerk", "Buyer"),
        Change("nickName", "Meg", None),
        Change(f"{ENTERPRISE}:department", "Sales", None),
        Change(f"{ENTERPRISE}:division", None, "North"),
        Change(WORK, "m@x.example", None),
    )
    assert patch_body(changes, current=current, version="1.1") == {
        "schemas": ["urn:scim:schemas:core:1.0", OLD_ENTERPRISE],
        "title": "Buyer",
        OLD_ENTERPRISE: {"division": "North"},
        "emails": [{"type": "work", "value": "m@x.example", "operation": "delete"}],
        "meta": {
            "attributes": ["nickName", "urn:scim:schemas:extension:enterprise:1.0:department"]
        },
    }


# -- filters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("userName", 'userName eq "v"'),
        ("name.familyName", 'name.familyName eq "v"'),
        (WORK, 'emails.value eq "v"'),
        (f"{ENTERPRISE}:employeeNumber", f'{ENTERPRISE}:employeeNumber eq "v"'),
    ],
)
def test_a_filter_names_the_attribute(attribute: str, text: str) -> None:
    assert filter_text(attribute, "v") == text


@given(st.text(max_size=30))
def test_a_value_cannot_break_out_of_its_quotes(value: str) -> None:
    inner = filter_text("userName", value).removeprefix('userName eq "').removesuffix('"')
    assert inner.replace("\\\\", "").replace('\\"', "").count('"') == 0
    assert inner.replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\") == value or (
        "\0" in value
    )
