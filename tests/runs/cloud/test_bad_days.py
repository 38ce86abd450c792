"""Bad days while the cloud is set up: the tenant is as the journal says, and people are told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sparkwizard.errors import (
    Forbidden,
    InputError,
    RemoteError,
    SafeguardStop,
    SparkWizardError,
)
from sparkwizard.provisioning.types import Clause, Filter
from sparkwizard.runs.cloud.types import WriteState
from sparkwizard.setup.profile import ScopeSettings
from sparkwizard.values import replace
from tests.entra.little_graph import Asked, Reply, refusal
from tests.entra.provisioning_job.little_tenant import GROUP, PERSON, TOKEN
from tests.provisioning.entra_schema.documents import schema, users
from tests.runs.cloud.set_up import SetUp

WHOLE = ["instantiate", "job", "assign", "settings", "schema", "start"]


def once(method: str, end: str, reply: Reply, times: int = 1) -> Callable[[Asked], Reply | None]:
    left = [times]

    def before(asked: Asked) -> Reply | None:
        path = asked.path.partition("?")[0]
        if asked.method == method and path.endswith(end) and left[0] > 0:
            left[0] -= 1
            return reply
        return None

    return before


async def test_bursts_of_429_are_waited_out(set_up: SetUp) -> None:
    set_up.tenant.before = once("PUT", "/secrets", refusal(429, "TooManyRequests"), 3)
    await set_up.carry_out(await set_up.plan())
    assert set_up.tenant.writes == WHOLE


async def test_consent_withdrawn_between_two_steps_stops_there_and_goes_on_later(
    set_up: SetUp,
) -> None:
    plan = await set_up.plan()
    no = refusal(403, "Authorization_RequestDenied")
    set_up.tenant.before = once("PUT", "/secrets", no, 1)
    with pytest.raises(Forbidden, match="Microsoft Entra ID does not allow") as caught:
        await set_up.carry_out(plan)
    assert "Synchronization.ReadWrite.All" in caught.value.fix
    assert "3 of 6 steps are done" in caught.value.fix
    assert set_up.tenant.writes == WHOLE[:3]
    (last, *_) = set_up.journal.cloud_writes(set_up.profile.id)
    assert (last.step, last.state) == ("settings", WriteState.FAILED)
    await set_up.carry_out(plan)
    assert set_up.tenant.writes == WHOLE


async def test_somebody_elses_schema_is_not_overwritten(set_up: SetUp) -> None:
    set_up.tenant.add()
    plan = await set_up.plan()
    theirs = users(set_up.tenant.schema)["attributeMappings"]
    theirs[2]["defaultValue"] = "somebody else"
    before = json.dumps(set_up.tenant.schema)
    with pytest.raises(SafeguardStop, match="overwritten") as caught:
        await set_up.carry_out(plan)
    assert caught.value.code == "tenant-changed"
    assert json.dumps(set_up.tenant.schema) == before


async def test_somebody_elses_setting_is_not_overwritten(set_up: SetUp) -> None:
    set_up.tenant.add()
    plan = await set_up.plan()
    set_up.tenant.settings = {"BaseAddress": "https://theirs.example", "SecretToken": "theirs"}
    with pytest.raises(SafeguardStop) as caught:
        await set_up.carry_out(plan)
    assert caught.value.code == "tenant-changed"
    assert set_up.tenant.settings["SecretToken"] == "theirs"


async def test_an_application_deleted_meanwhile_is_told(set_up: SetUp) -> None:
    set_up.tenant.add()
    plan = await set_up.plan()
    set_up.tenant.applications.clear()
    with pytest.raises(SafeguardStop, match="not in the directory any more") as caught:
        await set_up.carry_out(plan)
    assert caught.value.code == "application-gone"
    assert set_up.tenant.writes == []


async def test_an_application_of_the_setup_that_is_gone_blocks_the_plan(set_up: SetUp) -> None:
    app = set_up.tenant.add()
    cloud = set_up.profile.cloud
    set_up.setup(cloud=type(cloud)(application_id=app, job_id="scim.0001"))
    set_up.tenant.applications.clear()
    plan = await set_up.plan()
    assert plan.blocked
    with pytest.raises(SafeguardStop, match="Nothing was written"):
        await set_up.carry_out(plan)


async def test_a_token_that_webex_refuses_saves_nothing(set_up: SetUp) -> None:
    set_up.tenant.good_tokens.clear()
    with pytest.raises(InputError, match="refused; nothing was saved"):
        await set_up.carry_out(await set_up.plan())
    assert set_up.tenant.settings == {}


async def test_without_a_token_settings_are_left_alone_and_that_is_said(set_up: SetUp) -> None:
    set_up.tenant.add()
    set_up.tenant.settings = {"BaseAddress": "https://theirs.example", "SecretToken": TOKEN}
    plan = await set_up.plan(token=False, on=None)
    assert "token-missing" in [problem.code for problem in plan.problems]
    assert not plan.blocked
    await set_up.carry_out(plan, token="")
    assert "settings" not in set_up.tenant.writes


async def test_without_a_token_nothing_is_switched_on(set_up: SetUp) -> None:
    assert (await set_up.plan(token=False)).blocked


async def test_settings_with_another_secret_are_left_alone(set_up: SetUp) -> None:
    set_up.tenant.add()
    set_up.tenant.settings = {"BaseAddress": "https://theirs.example", "Password": "p"}
    plan = await set_up.plan(on=None)
    assert "other-secret" in [problem.code for problem in plan.problems]
    await set_up.carry_out(plan)
    assert set_up.tenant.settings["Password"] == "p"


async def test_an_expression_that_entra_can_not_read_is_told_before_anything_is_written(
    set_up: SetUp,
) -> None:
    set_up.tenant.add()
    bad = {"parsingSucceeded": False, "error": {"message": "Unknown function."}}
    set_up.tenant.before = once("POST", "/parseExpression", Reply(200, bad))
    with pytest.raises(InputError, match="Unknown function"):
        await set_up.plan()
    assert set_up.tenant.writes == []


async def test_a_schema_that_entra_keeps_otherwise_is_told(set_up: SetUp) -> None:
    set_up.tenant.add()
    plan = await set_up.plan()
    set_up.tenant.before = once("PUT", "/schema", Reply(204))
    with pytest.raises(SparkWizardError, match="kept something else") as caught:
        await set_up.carry_out(plan)
    assert "saved as number 1" in caught.value.fix


async def test_two_applications_to_choose_from_block_the_plan_with_their_ids(
    set_up: SetUp,
) -> None:
    one, other = set_up.tenant.add(), set_up.tenant.add()
    plan = await set_up.plan()
    problem = next(p for p in plan.problems if p.code == "which-application")
    assert one in problem.text
    assert other in problem.text


async def test_a_group_that_nobody_knows_blocks_the_plan(set_up: SetUp) -> None:
    set_up.setup(scope=ScopeSettings("assigned", ("55555555-5555-4555-8555-555555555555",)))
    plan = await set_up.plan()
    assert "principal-missing" in [p.code for p in plan.problems if p.blocking]


async def test_a_mapping_without_a_user_name_to_match_by_blocks_the_plan(set_up: SetUp) -> None:
    rules = [replace(rule, matching_precedence=None) for rule in set_up.profile.mapping]
    set_up.setup(mapping=tuple(rules))
    assert "no-matching" in [p.code for p in (await set_up.plan()).problems if p.blocking]


async def test_people_are_assigned_like_groups(set_up: SetUp) -> None:
    set_up.setup(scope=ScopeSettings("assigned", (PERSON, GROUP)))
    await set_up.carry_out(await set_up.plan())
    assert [one["principalId"] for one in set_up.tenant.assignments] == [PERSON, GROUP]


async def test_an_operator_the_service_does_not_list_blocks_the_plan(set_up: SetUp) -> None:
    set_up.tenant.add()
    filters = (Filter("Ends", (Clause("mail", "ENDS_WITH", ("x",)),)),)
    set_up.setup(scope=ScopeSettings("assigned", (GROUP,), filters))
    plan = await set_up.plan()
    assert "operator-unknown" in [p.code for p in plan.problems if p.blocking]


async def test_operators_are_written_as_the_service_spells_them(set_up: SetUp) -> None:
    set_up.tenant.add()
    filters = (Filter("Old", (Clause("employeeId", "Greater_Than", ("5",)),)),)
    set_up.setup(scope=ScopeSettings("assigned", (GROUP,), filters))
    await set_up.carry_out(await set_up.plan())
    (group,) = users(set_up.tenant.schema)["scope"]["groups"]
    assert group["clauses"][0]["operatorName"] == "Greater Than"
    assert (await set_up.plan()).changes == ()


class _Failing:
    """Answer the nth request but for reads with a refusal, ``after``: once it was carried out."""

    def __init__(self, set_up: SetUp, nth: int, reply: Reply, *, after: bool) -> None:
        self.left, self.reply, self.after, self.hit = nth, reply, after, False
        self._tenant = set_up.tenant

    def __call__(self, asked: Asked) -> Reply | None:
        self.left -= asked.method != "GET"
        if self.left != 0 or self.hit:
            return None
        self.hit = True
        if self.after:
            self._tenant.before = lambda _asked: None
            self._tenant(asked)
        return self.reply


@pytest.mark.slow
@pytest.mark.parametrize(("status", "after"), [(403, False), (500, True)])
async def test_wherever_it_stops_the_same_list_goes_on_and_ends_as_if_nothing_was(
    set_up: SetUp, status: int, after: bool
) -> None:
    nth, stops = 0, 0
    while True:
        nth += 1
        tenant = set_up.tenant
        tenant.begin_anew()
        set_up.setup(name=f"Contoso {nth}")
        plan = await set_up.plan()
        failing = _Failing(set_up, nth, refusal(status, "Fault"), after=after)
        tenant.before = failing
        try:
            await set_up.carry_out(plan)
        except RemoteError:
            stops += 1
            tenant.before = lambda _asked: None
            await set_up.carry_out(plan)
        assert _as_it_should_be(set_up), nth
        if not failing.hit:
            break
    assert stops >= 3  # what may be sent again is, and stops nothing


def _as_it_should_be(set_up: SetUp) -> bool:
    tenant: Any = set_up.tenant
    (app,) = tenant.applications
    rules = users(tenant.schema)["attributeMappings"]
    return (
        tenant.writes.count("instantiate") == 1
        and len(tenant.jobs) == 1
        and [one["principalId"] for one in tenant.assignments] == [GROUP]
        and tenant.settings["SecretToken"] == TOKEN
        and {one["targetAttributeName"] for one in rules} >= {"nickName", "title", "userName"}
        and tenant.schema["directories"] == schema()["directories"]
        and tenant.jobs["scim.0001"]["schedule"]["state"] == "Active"
        and app is not None
    )
