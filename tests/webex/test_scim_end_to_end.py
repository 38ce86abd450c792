"""The SCIM client against scim2-server, which follows the standard to the letter."""

from collections.abc import AsyncIterator

import pytest

from sparkwizard.errors import Conflict, RemoteError
from sparkwizard.net.client import Http
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.types import Change, Json
from sparkwizard.webex.scim import ScimClient

DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"


def values(**attributes: Json) -> tuple[Change, ...]:
    return tuple(Change(name, None, value) for name, value in attributes.items())


def megan(name: str = "megan@contoso.example") -> tuple[Change, ...]:
    return (
        Change("userName", None, name),
        Change("active", None, "True"),
        Change("name.familyName", None, "Bowen"),
        Change('emails[type eq "work"].value', None, name),
        Change(DEPARTMENT, None, "Sales"),
    )


@pytest.fixture
async def scim(strict_server: str) -> AsyncIterator[ScimClient]:
    async with Http(token="any-token", origins=[strict_server]) as http:
        yield ScimClient(http, strict_server)


async def test_a_created_user_comes_back_with_every_value(scim: ScimClient) -> None:
    written = await scim.create_user(megan())
    user = await scim.get_user(written.webex_id)
    assert user is not None
    kept = {change.attribute: read_path(user.resource, change.attribute) for change in megan()}
    assert kept == {
        "userName": "megan@contoso.example",
        "active": True,
        "name.familyName": "Bowen",
        'emails[type eq "work"].value': "megan@contoso.example",
        DEPARTMENT: "Sales",
    }


async def test_the_work_email_of_a_new_user_is_primary(scim: ScimClient) -> None:
    written = await scim.create_user(megan())
    assert written.user is not None
    assert read_path(written.user.resource, 'emails[type eq "work"].primary') is True


async def test_a_taken_name_is_a_conflict(scim: ScimClient) -> None:
    await scim.create_user(megan())
    with pytest.raises(Conflict):
        await scim.create_user(megan())


async def test_a_patch_answered_without_a_body_shows_what_was_kept(scim: ScimClient) -> None:
    user = (await scim.create_user(megan())).user
    assert user is not None
    changes = (
        Change("userName", user.user_name, "megan.b@contoso.example"),
        Change('emails[type eq "work"].value', user.user_name, "megan.b@contoso.example"),
        Change("title", None, "Buyer"),
        Change(DEPARTMENT, "Sales", None),
    )
    written = await scim.patch_user(user.id, changes, current=user)
    assert written.user is not None
    kept = [read_path(written.user.resource, change.attribute) for change in changes]
    assert kept == ["megan.b@contoso.example", "megan.b@contoso.example", "Buyer", None]


async def test_parts_of_a_new_address_arrive_together(scim: ScimClient) -> None:
    user = (await scim.create_user(megan())).user
    assert user is not None
    changes = (
        Change('addresses[type eq "work"].locality', None, "Oslo"),
        Change('addresses[type eq "work"].postalCode', None, "0150"),
    )
    written = await scim.patch_user(user.id, changes, current=user)
    assert written.user is not None
    addresses = written.user.resource["addresses"]
    assert isinstance(addresses, list)
    assert len(addresses) == 1
    assert read_path(written.user.resource, changes[1].attribute) == "0150"


async def test_a_cleared_email_leaves_nothing_behind(scim: ScimClient) -> None:
    user = (await scim.create_user(megan())).user
    assert user is not None
    change = Change('emails[type eq "work"].value', user.user_name, None)
    written = await scim.patch_user(user.id, (change,), current=user)
    assert written.user is not None
    assert not written.user.resource.get("emails")


async def test_disabling_writes_only_active(scim: ScimClient) -> None:
    user = (await scim.create_user(megan())).user
    assert user is not None
    written = await scim.patch_user(user.id, (Change("active", True, False),), current=user)
    assert written.user is not None
    changed = {
        name
        for name, value in written.user.resource.items()
        if name != "meta" and value != user.resource.get(name)
    }
    assert changed == {"active"}


async def test_a_deleted_user_is_none_and_deleting_again_is_fine(scim: ScimClient) -> None:
    written = await scim.create_user(megan())
    await scim.delete_user(written.webex_id)
    await scim.delete_user(written.webex_id)
    assert await scim.get_user(written.webex_id) is None


async def test_a_user_is_found_whatever_the_case_and_the_plus(scim: ScimClient) -> None:
    await scim.create_user(megan("a+b@contoso.example"))
    await scim.create_user(megan("a b@contoso.example"))
    found = await scim.find_users("userName", "A+B@contoso.example")
    assert [user.user_name for user in found] == ["a+b@contoso.example"]


async def test_a_name_with_quotes_is_searched_for_not_obeyed(scim: ScimClient) -> None:
    await scim.create_user(megan())
    assert await scim.find_users("userName", '" or userName pr or userName eq "\\') == ()


async def test_a_user_is_found_by_work_email(scim: ScimClient) -> None:
    await scim.create_user(megan())
    found = await scim.find_users('emails[type eq "work"].value', "megan@contoso.example")
    assert len(found) == 1


async def test_every_user_of_many_pages_is_listed_once(scim: ScimClient) -> None:
    operations = [
        scim.create_operation(f"n{i}", megan(f"u{i}@contoso.example")) for i in range(230)
    ]
    await scim.bulk(operations)
    seen: list[tuple[int, int | None]] = []
    read = await scim.list_users(on_progress=lambda got, total: seen.append((got, total)))
    assert read.complete
    assert len({user.user_name for user in read.users}) == 230
    assert seen[:3] == [(100, 230), (200, 230), (230, 230)]


async def test_a_bulk_request_has_one_outcome_per_operation(scim: ScimClient) -> None:
    first = (await scim.create_user(megan())).user
    assert first is not None
    patch = scim.patch_operation("p", first.id, values(title="Buyer"), current=first)
    assert patch is not None
    outcomes = await scim.bulk(
        [
            scim.create_operation("new", megan("new@contoso.example")),
            scim.create_operation("taken", megan()),
            patch,
            scim.delete_operation("gone", "no-such-id"),
        ]
    )
    assert [(one.bulk_id, one.status // 100) for one in outcomes] == [
        ("new", 2),
        ("taken", 4),
        ("p", 2),
        ("gone", 4),
    ]
    assert await scim.get_user(outcomes[0].webex_id) is not None


async def test_capabilities_come_from_the_server(scim: ScimClient) -> None:
    offered = await scim.capabilities()
    assert (offered.bulk_operations, offered.page_size, offered.serial_creates) == (
        1000,
        100,
        False,
    )


async def test_an_unknown_attribute_is_refused_with_the_servers_words(scim: ScimClient) -> None:
    with pytest.raises(RemoteError) as caught:
        await scim.create_user((*megan(), Change("shoeSize", None, "42")))
    assert caught.value.status == 400
    assert "shoeSize" in caught.value.detail
