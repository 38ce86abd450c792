"""A setup, a little tenant and a journal to carry plans out with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.planning.changes import make_plan
from sparkwizard.entra.provisioning_job.reading import read_tenant
from sparkwizard.entra.provisioning_job.types import TenantPlan
from sparkwizard.entra.types import Purpose
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.runs.cloud.carrying_out import carry_out
from sparkwizard.runs.cloud.types import CloudEvent, CloudResult, Finished
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import (
    CloudSettings,
    Notifications,
    Profile,
    ScopeSettings,
    SourceSettings,
    WebexSettings,
)
from sparkwizard.values import replace
from tests.entra.little_graph import asking
from tests.entra.provisioning_job.little_tenant import GROUP, TOKEN, LittleTenant
from tests.runs.tenant import MAPPING, NOW

ORGANIZATION = "4f2b6a10-0d3a-4c5e-9c1f-5b9f7a0c1d2e"
PROFILE = Profile(
    "Contoso",
    webex=WebexSettings(f"https://webexapis.com/identity/scim/{ORGANIZATION}/v2", ORGANIZATION),
    source=SourceSettings(kind="entra"),
    scope=ScopeSettings(people="assigned", groups=(GROUP,)),
    mapping=(*MAPPING, MappingRule("nickName", "PCase([mailNickname])")),
    notifications=Notifications("it@contoso.example"),
    cloud=CloudSettings(delete_threshold=25),
)


@dataclass
class SetUp:
    """Plan and carry out as the services do."""

    tenant: LittleTenant
    client: JobClient
    journal: Journal
    profile: Profile = PROFILE
    events: list[CloudEvent] = field(default_factory=list)

    async def plan(self, *, on: bool | None = True, token: bool = True, **more: Any) -> TenantPlan:
        desired = desired_of(self.profile, token_at_hand=token, on=on, **more)
        state = await read_tenant(self.client, desired, job_id=self.profile.cloud.job_id)
        return make_plan(desired, state, self.profile.id)

    async def carry_out(self, plan: TenantPlan, token: str = TOKEN) -> CloudResult:
        self.events = []
        async for event in carry_out(plan, self.profile, self.client, self.journal, token):
            self.events.append(event)
        last = self.events[-1]
        assert isinstance(last, Finished)
        return last.result

    def setup(self, **changes: Any) -> None:
        self.profile = replace(self.profile, **changes)


@asynccontextmanager
async def open_set_up(folder: Path) -> AsyncIterator[SetUp]:
    tenant = LittleTenant()
    async with asking(tenant, Purpose.CLOUD_SETUP) as (graph, _little):
        with Journal(folder / "journal.sqlite3", lambda: NOW) as journal:
            yield SetUp(tenant, JobClient(graph), journal)
