"""Whatever a run did: its undo brings Webex back, but for created users, who are turned off."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sparkwizard.provisioning.types import ActionKind, MappingRule, RemovalLimit
from sparkwizard.runs.types import ActionState
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.examples import examples
from tests.runs.tenant import MAPPING, Company, Person, open_company

pytestmark = pytest.mark.slow

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
MORE = (
    MappingRule('emails[type eq "work"].value', "[userPrincipalName]"),
    MappingRule(f"{ENTERPRISE}:department", "[jobTitle]"),
    MappingRule('phoneNumbers[type eq "mobile"].value', "[jobTitle]"),
    MappingRule('addresses[type eq "work"].locality', "[jobTitle]"),
    MappingRule("nickName", "[jobTitle]", apply="create"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """What one person is before the run and in it, and what else happens in Webex."""

    before: Person | None
    then: Person | None
    there_before: bool = False
    edited_after: bool = False


def persons(number: int) -> st.SearchStrategy[Person | None]:
    return st.none() | st.builds(
        Person,
        st.just(number),
        title=st.sampled_from(["", "1", "2"]),
        enabled=st.sampled_from([True, True, False]),
        name=st.sampled_from(["", "", f"renamed{number}@fabrikam.example"]),
    )


LIVES = st.tuples(
    *(
        st.builds(Life, persons(number), persons(number), st.booleans(), st.booleans())
        for number in range(8)
    )
)


def webex(company: Company) -> dict[str, dict[str, Any]]:
    """Return all users but for what Webex itself keeps about them."""
    users = {user["id"]: user for user in company.all_users}
    for user in users.values():
        del user["meta"]
        user.get(CISCO, {}).pop("accountStatus", None)
    return users


def with_edits(users: dict[str, dict[str, Any]], edited: set[str]) -> dict[str, dict[str, Any]]:
    return {
        one: {**user, "title": "Director"} if one in edited else user for one, user in users.items()
    }


def differing(
    there: dict[str, dict[str, Any]], wanted: dict[str, dict[str, Any]]
) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Return what differs by user and attribute, so that a failure reads well."""
    assert there.keys() == wanted.keys()
    found = {
        one: {
            key: (there[one].get(key), wanted[one].get(key))
            for key in there[one].keys() | wanted[one].keys()
            if there[one].get(key) != wanted[one].get(key)
        }
        for one in there
    }
    return {one: keys for one, keys in found.items() if keys}


async def live(company: Company, lives: tuple[Life, ...]) -> None:
    everybody = RemovalLimit(100, percent=True)
    company.profile = replace(
        company.profile, mapping=MAPPING + MORE, safeguards=Safeguards(everybody)
    )
    for life in lives:
        one = life.before or life.then
        if one and life.there_before:
            await company.create(one.user_name, externalId=one.object_id, active=True)
    company.employs([life.before for life in lives if life.before])
    await company.sync()
    before = webex(company)
    company.employs([life.then for life in lives if life.then])
    run = await company.sync()
    ran = webex(company)
    edited = {
        user["id"]
        for user in company.all_users
        for life in lives
        if life.edited_after and (life.before or life.then)
        if user.get("externalId") == (life.before or life.then).object_id  # type: ignore[union-attr]  # held in the line above
    }
    names = {user["id"]: user["userName"] for user in company.all_users}
    for one_id in edited:
        await company.patch(names[one_id].casefold(), {"title": "Director"})
    undo = await undone(company, run.run_id)
    created = {
        record.action.webex_id
        for record in company.services.journal.actions(run.run_id)
        if record.action.kind is ActionKind.CREATE and record.state is ActionState.APPLIED
    }
    off = {one: {**ran[one], "active": False} for one in created}
    assert differing(webex(company), with_edits(before | off, edited)) == {}
    await undone(company, undo)
    assert differing(webex(company), with_edits(ran, edited)) == {}


async def undone(company: Company, run: int) -> int:
    made = await company.services.undo(
        company.profile, run, company.server.token, confirm_removals=True
    )
    result = await company.apply(made.plan)
    assert (result.failed, result.not_attempted) == (0, 0), result.outcomes
    company.look()
    await company.apply(made.plan)
    assert company.writes == [], "applied twice, an undo writes once"
    return result.run_id


async def hold(lives: tuple[Life, ...], *, bulk: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_company(Path(folder)) as company:
            if not bulk:
                company.without_bulk()
            await live(company, lives)


@pytest.mark.parametrize("bulk", [True, False])
@settings(
    max_examples=examples(5),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lives=LIVES)
def test_undo_restores_every_reversible_field_and_its_own_undo_does_the_run_again(
    no_waiting: None, bulk: bool, lives: tuple[Life, ...]
) -> None:
    asyncio.run(hold(lives, bulk=bulk))
