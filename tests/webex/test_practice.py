"""The Webex client against the practice tenant: identity, and writes through faults."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from sparkwizard.errors import Conflict, InputError, NetError, NotAuthorized, Throttled
from sparkwizard.net.client import Http
from sparkwizard.net.errors_of import may_have_happened
from sparkwizard.practice import PracticeServer
from sparkwizard.provisioning.types import Change
from sparkwizard.webex.identity import identify
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Identity, Role, TokenKind


@pytest.fixture
async def practice() -> AsyncIterator[PracticeServer]:
    async with PracticeServer() as server:
        yield server


@pytest.fixture
async def scim(practice: PracticeServer) -> AsyncIterator[ScimClient]:
    async with Http(token=practice.token, origins=[practice.base_url]) as http:
        yield ScimClient(http, practice.tenant_url)


async def identity_of(practice: PracticeServer, kind: str) -> Identity:
    token = practice.tokens[kind]
    async with Http(token=token, origins=[practice.base_url]) as http:
        return await identify(http, practice.api_url, token, datetime.now(UTC))


def newcomer(name: str) -> tuple[Change, ...]:
    return (Change("userName", None, name), Change("displayName", None, "New Comer"))


# -- identity ----------------------------------------------------------------------------------


async def test_an_administrators_token_names_its_owner_and_organization(
    practice: PracticeServer,
) -> None:
    identity = await identity_of(practice, "admin")
    assert identity.organization.uuid == practice.organization_id
    assert (identity.role, identity.kind) == (Role.FULL_ADMIN, TokenKind.INTEGRATION)
    assert identity.expires is not None
    assert identity.expires - datetime.now(UTC) > timedelta(days=364)
    assert not identity.lifetime_short


async def test_the_operator_is_found_among_the_users_by_id(
    practice: PracticeServer, scim: ScimClient
) -> None:
    identity = await identity_of(practice, "admin")
    user = await scim.get_user(identity.person_id)
    assert user is not None
    assert user.user_name == identity.email


async def test_a_personal_token_is_recognized_by_its_short_life(practice: PracticeServer) -> None:
    identity = await identity_of(practice, "personal")
    assert (identity.kind, identity.lifetime_short) == (TokenKind.PERSONAL, True)


@pytest.mark.parametrize(
    ("kind", "role"), [("non_admin", Role.NO_ADMIN), ("read_only", Role.READ_ONLY_ADMIN)]
)
async def test_a_role_is_read(practice: PracticeServer, kind: str, role: Role) -> None:
    assert (await identity_of(practice, kind)).role is role


async def test_a_bot_is_refused_in_a_sentence(practice: PracticeServer) -> None:
    with pytest.raises(InputError, match="belongs to a bot"):
        await identity_of(practice, "bot")


async def test_an_expired_token_is_refused_with_a_tracking_id(practice: PracticeServer) -> None:
    with pytest.raises(NotAuthorized) as caught:
        await identity_of(practice, "expired")
    assert caught.value.tracking_id
    assert caught.value.detail


# -- reading -----------------------------------------------------------------------------------


async def test_everybody_of_a_large_organization_is_listed() -> None:
    async with (
        PracticeServer(people=3000) as practice,
        Http(token=practice.token, origins=[practice.base_url]) as http,
    ):
        read = await ScimClient(http, practice.tenant_url).list_users()
        assert read.complete
        assert len(read.users) == len({user.id for user in read.users}) > 500


@pytest.mark.parametrize(("is_webex", "count"), [(True, "count=100"), (False, "count=1000")])
async def test_pages_are_a_hundred_at_webex_and_larger_where_offered(
    practice: PracticeServer, is_webex: bool, count: str
) -> None:
    async with Http(token=practice.token, origins=[practice.base_url]) as http:
        await ScimClient(http, practice.tenant_url, is_webex=is_webex).list_users()
    asked = [one.query for one in practice.log if one.path.endswith("/Users")]
    assert count in asked[0].split("&")


async def test_a_miscounted_list_is_incomplete(practice: PracticeServer, scim: ScimClient) -> None:
    practice.faults.total_results_offset = 3
    assert not (await scim.list_users()).complete


async def test_a_list_survives_errors_and_limits(
    practice: PracticeServer, scim: ScimClient
) -> None:
    practice.faults.server_error_next = 2
    assert len((await scim.list_users()).users) == 25


# -- writing through faults --------------------------------------------------------------------


async def test_a_taken_name_in_other_capitals_is_a_conflict(scim: ScimClient) -> None:
    await scim.create_user(newcomer("new@fabrikam.example"))
    with pytest.raises(Conflict) as caught:
        await scim.create_user(newcomer("NEW@fabrikam.example"))
    assert caught.value.detail
    assert caught.value.tracking_id


async def test_a_write_cut_off_after_it_happened_is_not_sent_twice(
    practice: PracticeServer, scim: ScimClient
) -> None:
    practice.faults.drop_after_next = 1
    with pytest.raises(NetError) as caught:
        await scim.create_user(newcomer("new@fabrikam.example"))
    assert may_have_happened(caught.value)
    assert len(await scim.find_users("userName", "new@fabrikam.example")) == 1


async def test_a_write_is_repeated_while_webex_asks_to_slow_down(
    practice: PracticeServer, scim: ScimClient
) -> None:
    practice.faults.server_error_next, practice.faults.server_error_status = 2, 429
    written = await scim.create_user(newcomer("new@fabrikam.example"))
    assert written.webex_id


async def test_a_limit_that_never_lifts_is_told_as_throttled(
    practice: PracticeServer, scim: ScimClient
) -> None:
    practice.faults.server_error_every, practice.faults.server_error_status = 1, 429
    with pytest.raises(Throttled):
        await scim.list_users()


async def test_a_value_that_was_not_kept_shows_in_the_answer(
    practice: PracticeServer, scim: ScimClient
) -> None:
    practice.faults.values_not_kept = ("displayName",)
    written = await scim.create_user(newcomer("new@fabrikam.example"))
    assert written.user is not None
    assert written.user.resource.get("displayName") != "New Comer"


async def test_a_rename_moves_user_name_and_email_in_one_request(
    practice: PracticeServer, scim: ScimClient
) -> None:
    work = 'emails[type eq "work"].value'
    made = await scim.create_user(
        (*newcomer("old@fabrikam.example"), Change(work, None, "old@fabrikam.example"))
    )
    assert made.user is not None
    before = len(practice.log)
    changes = (
        Change("userName", "old@fabrikam.example", "new@fabrikam.example"),
        Change(work, "old@fabrikam.example", "new@fabrikam.example"),
    )
    written = await scim.patch_user(made.webex_id, changes, current=made.user)
    assert written.user is not None
    assert written.user.user_name == "new@fabrikam.example"
    writes = [one for one in list(practice.log)[before:] if one.method == "PATCH"]
    assert len(writes) == 1


async def test_a_bulk_request_of_a_hundred_is_answered_one_by_one(scim: ScimClient) -> None:
    operations = [
        scim.create_operation(f"n{number}", newcomer(f"n{number % 99}@fabrikam.example"))
        for number in range(100)
    ]
    outcomes = await scim.bulk(operations)
    assert [one.status for one in outcomes] == [201] * 99 + [409]
    assert outcomes[99].detail
    assert len({one.webex_id for one in outcomes[:99]}) == 99
