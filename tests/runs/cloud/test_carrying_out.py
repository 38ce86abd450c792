"""Setting the cloud up: exactly the list of changes, once, and from wherever it stopped."""

import json

from sparkwizard.entra.provisioning_job.planning.sealing import write_tenant_plan
from sparkwizard.entra.provisioning_job.types import Step
from sparkwizard.runs.cloud.types import WriteState
from tests.entra.provisioning_job.little_tenant import GROUP, ROLE, TOKEN
from tests.provisioning.entra_schema.documents import schema, users
from tests.runs.cloud.set_up import SetUp


async def test_a_tenant_without_anything_gets_all_of_it_in_order(set_up: SetUp) -> None:
    result = await set_up.carry_out(await set_up.plan())
    tenant = set_up.tenant
    assert tenant.writes == ["instantiate", "job", "assign", "settings", "schema", "start"]
    assert [one["principalId"] for one in tenant.assignments] == [GROUP]
    assert tenant.assignments[0]["appRoleId"] == ROLE
    assert tenant.settings["SecretToken"] == TOKEN
    assert tenant.settings["BaseAddress"].startswith("https://api.ciscospark.com/v1/scim/")
    assert json.loads(tenant.settings["SyncNotificationSettings"]) == {
        "Enabled": True,
        "Recipients": "it@contoso.example",
        "DeleteThresholdEnabled": True,
        "DeleteThresholdValue": 25,
    }
    assert result.on
    assert result.application_id in tenant.applications


async def test_carried_out_twice_it_changes_nothing(set_up: SetUp) -> None:
    first = await set_up.plan()
    await set_up.carry_out(first)
    set_up.tenant.writes.clear()
    result = await set_up.carry_out(first)
    assert set_up.tenant.writes == []
    assert result.done == ()
    assert set(result.already) == set(first.changes)
    assert (await set_up.plan()).changes == ()


async def test_nothing_but_the_changes_shown_is_carried_out(set_up: SetUp) -> None:
    set_up.tenant.add(on=True)
    before = schema()
    set_up.tenant.settings = {"BaseAddress": "x", "SkipOutOfScopeDeletions": "True"}
    plan = await set_up.plan(on=None)
    await set_up.carry_out(plan)
    assert set_up.tenant.writes == ["assign", "settings", "schema"]
    assert set_up.tenant.settings["SkipOutOfScopeDeletions"] == "True"
    there, then = set_up.tenant.schema, before
    assert there["directories"] == then["directories"]
    groups = there["synchronizationRules"][0]["objectMappings"][0]
    assert groups == {**then["synchronizationRules"][0]["objectMappings"][0], "enabled": False}
    assert users(there)["metadata"] == users(then)["metadata"]


async def test_functions_are_written_as_entra_itself_reads_them(set_up: SetUp) -> None:
    set_up.tenant.add()
    await set_up.carry_out(await set_up.plan())
    there = {
        one["targetAttributeName"]: one for one in users(set_up.tenant.schema)["attributeMappings"]
    }
    assert there["nickName"]["source"]["parameters"][0]["key"] == "parsed"
    kept = users(schema())["attributeMappings"][1]
    assert there["active"] == kept


async def test_the_schema_is_kept_before_it_is_replaced(set_up: SetUp) -> None:
    set_up.tenant.add()
    result = await set_up.carry_out(await set_up.plan())
    kept = set_up.journal.schema_document(set_up.profile.id, result.saved_schema)
    assert kept is not None
    assert json.loads(kept) == schema()


async def test_what_is_kept_of_a_plan_and_of_a_schema_holds_no_token(set_up: SetUp) -> None:
    set_up.tenant.add()
    plan = await set_up.plan()
    await set_up.carry_out(plan)
    assert TOKEN not in repr(plan)
    assert TOKEN.encode() not in write_tenant_plan(plan)
    assert TOKEN.encode() not in (set_up.journal.schema_document(set_up.profile.id, 1) or b"")


async def test_each_write_is_in_the_journal(set_up: SetUp) -> None:
    await set_up.carry_out(await set_up.plan())
    writes = set_up.journal.cloud_writes(set_up.profile.id)
    assert [write.step for write in reversed(writes)] == [
        step.value for step in Step if step is not Step.RESTART
    ]
    assert {write.state for write in writes} == {WriteState.DONE}


async def test_who_runs_everybody_and_then_only_the_assigned_restarts_once(set_up: SetUp) -> None:
    set_up.tenant.add(on=True)
    await set_up.carry_out(await set_up.plan())
    set_up.tenant.settings["SyncAll"] = "true"
    set_up.tenant.writes.clear()
    plan = await set_up.plan()
    assert plan.steps == (Step.SETTINGS, Step.RESTART)
    await set_up.carry_out(plan)
    await set_up.carry_out(plan)
    assert set_up.tenant.writes == ["settings", "restart"]
    assert set_up.tenant.restarts == [""]


async def test_what_is_off_and_stays_off_is_not_restarted_but_that_is_said(set_up: SetUp) -> None:
    set_up.tenant.add()
    await set_up.carry_out(await set_up.plan(on=None))
    set_up.tenant.settings["SyncAll"] = "true"
    set_up.tenant.jobs["scim.0001"]["status"]["code"] = "Paused"
    plan = await set_up.plan(on=None)
    assert plan.steps == (Step.SETTINGS,)
    assert "restart-later" in [problem.code for problem in plan.problems]


async def test_entra_matches_only_by_what_webex_can_be_searched_for(set_up: SetUp) -> None:
    await set_up.carry_out(await set_up.plan())
    rules = users(set_up.tenant.schema)["attributeMappings"]
    matching = [one["targetAttributeName"] for one in rules if one["matchingPriority"]]
    assert matching == ["userName"]
