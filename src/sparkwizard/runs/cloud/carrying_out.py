"""Carry out exactly a plan of changes to the tenant, step by step.

Before each step the tenant is read again and the changes are worked out anew: what is so already is
passed over, so that a plan can be taken up again wherever it stopped; a change that was not in the
plan means that somebody else was there, and nothing more is written.
"""

from collections.abc import AsyncGenerator, Iterator

import msgspec

from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.entra.provisioning_job.planning.changes import tenant_changes
from sparkwizard.entra.provisioning_job.planning.schema import TEMPLATE_KEY
from sparkwizard.entra.provisioning_job.reading import read_tenant
from sparkwizard.entra.provisioning_job.types import (
    Desired,
    Step,
    TenantChange,
    TenantPlan,
    TenantState,
)
from sparkwizard.errors import InputError, SafeguardStop, SparkWizardError
from sparkwizard.net.errors_of import may_have_happened
from sparkwizard.runs.cloud import drift
from sparkwizard.runs.cloud.types import (
    CloudEvent,
    CloudResult,
    CloudWrite,
    Finished,
    StepDone,
    StepStarted,
    WriteState,
)
from sparkwizard.runs.cloud.writers import TRIES, Writers, pause
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace

__all__ = ["carry_out"]


async def carry_out(
    plan: TenantPlan, profile: Profile, client: JobClient, journal: Journal, token: str = ""
) -> AsyncGenerator[CloudEvent]:
    """Carry out a plan, and yield what happens.

    ``token`` is the Secret Token, needed where the plan changes settings. Raises SafeguardStop
    where the plan is blocked or the tenant is no longer as it was, and what Graph says no with;
    what was done until then stays and is in the journal.
    """
    _refuse(plan, token)
    writers = Writers(client, journal, profile.id, plan.digest, token)
    run = _Run(plan, profile, client, journal, writers)
    steps = plan.steps
    for number, step in enumerate(steps, start=1):
        changes = plan.of(step)
        yield StepStarted(step, changes, number, len(steps))
        try:
            written = await run.step(step)
        except SparkWizardError as error:
            error.fix = " ".join((error.fix, *_so_far(number - 1, len(steps), error))).strip()
            raise
        yield StepDone(step, changes, already=not written)
    yield Finished(await run.result())


def _refuse(plan: TenantPlan, token: str) -> None:
    for problem in plan.problems:
        if problem.blocking:
            raise SafeguardStop(
                f"{problem.text} Nothing was written.", fix=problem.fix, code=problem.code
            )
    if plan.of(Step.SETTINGS) and not token:
        raise InputError(
            "The settings can't be saved without the Secret Token. Nothing was written.",
            fix="Enter the Secret Token for Entra.",
            code="no-entra-token",
        )


def _so_far(done: int, total: int, error: SparkWizardError) -> Iterator[str]:
    if done:
        yield f"{done} of {total} steps are done and stay; what is done is not repeated."
    if may_have_happened(error):
        yield (
            "The step under way may have been done all the same: start the same list again, which "
            "looks first."
        )


class _Run(msgspec.Struct):
    """Carry out the steps of one plan."""

    plan: TenantPlan
    profile: Profile
    client: JobClient
    journal: Journal
    writers: Writers
    application_id: str = ""
    done: list[TenantChange] = msgspec.field(default_factory=list)
    already: list[TenantChange] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        added = self._done_before(Step.APPLICATION)
        self.application_id = self.plan.application_id or (added.message if added else "")

    @property
    def desired(self) -> Desired:
        """Return what is wanted; a new token is sent once."""
        wanted = replace(self.plan.desired, application_id=self.application_id)
        if wanted.new_token and self._done_before(Step.SETTINGS):
            return replace(wanted, new_token=False)
        return wanted

    async def step(self, step: Step) -> bool:
        """Carry out what is still open of a step; return whether anything was written."""
        todo, state = await self._open(step)
        if todo:
            await self._write(step, state, todo)
        keys = {change.key for change in todo}
        for change in self.plan.of(step):
            # what a new application brings is not known by name when the list is made
            written = change.key in keys or (bool(todo) and change.key == TEMPLATE_KEY)
            (self.done if written else self.already).append(change)
        return bool(todo)

    async def result(self) -> CloudResult:
        """Read how the job stands now, remember it, and return what was done."""
        state = await self._read()
        if state.application is None or state.job is None:
            raise drift.gone(self.plan)
        application, job, on = state.application.id, state.job.id, state.job.status.on
        organization = self.profile.webex.organization_id
        self.journal.remember_job(self.profile.id, organization, application, job, on=on)
        saved = self.writers.saved_schema
        return CloudResult(application, job, tuple(self.done), tuple(self.already), saved, on)

    async def _open(self, step: Step) -> tuple[tuple[TenantChange, ...], TenantState]:
        """Return what is still to be done of a step, and the state that rests on."""
        state = await self._settled() if step is Step.APPLICATION else await self._read()
        if self.plan.job_id and (state.job is None or state.job.id != self.plan.job_id):
            raise drift.gone(self.plan)
        if step is Step.RESTART:  # nothing in the tenant tells whether it was done
            drift.check(self.plan, step, (), state)
            return () if self._done_before(step) else self.plan.of(step), state
        changes = tenant_changes(self.desired, state)
        now = tuple(change for change in changes if change.step is step)
        drift.check(self.plan, step, now, state)
        return now, state

    async def _read(self) -> TenantState:
        return await read_tenant(self.client, self.desired, job_id=self.plan.job_id)

    async def _settled(self) -> TenantState:
        """Read the tenant; an application that may have been added is given time to show up."""
        state = await self._read()
        if not self._before(Step.APPLICATION, WriteState.SENT):
            return state
        for _try in range(TRIES):
            if state.application or state.candidates:
                break
            await pause()
            state = await self._read()
        return state

    def _done_before(self, step: Step) -> CloudWrite | None:
        """Return the write of a step that an earlier try of this plan brought to its end."""
        return self._before(step, WriteState.DONE)

    def _before(self, step: Step, state: WriteState) -> CloudWrite | None:
        wanted = (self.plan.digest, step.value, state)
        writes = self.journal.cloud_writes(self.profile.id)
        ours = (one for one in writes if (one.plan_digest, one.step, one.state) == wanted)
        return next(ours, None)

    async def _write(self, step: Step, state: TenantState, todo: tuple[TenantChange, ...]) -> None:
        writers, desired = self.writers, self.desired
        match step:
            case Step.APPLICATION:
                self.application_id = await writers.add_application(desired, state)
            case Step.JOB:
                await writers.add_job(state)
            case Step.ASSIGNMENTS:
                await writers.assign(state, todo)
            case Step.SETTINGS:
                await writers.save_settings(desired, state)
            case Step.SCHEMA:
                await writers.save_schema(desired, state)
            case Step.RESTART:
                await writers.restart(state, RestartKind.FROM_THE_START, todo[0].sentence)
            case Step.STATUS:
                await writers.switch(state, todo[0].sentence, on=bool(desired.on))
