"""Notice that the tenant is no longer as it was when the list of changes was made. Pure."""

from collections.abc import Iterable

from sparkwizard.entra.provisioning_job.planning.schema import schema_digest
from sparkwizard.entra.provisioning_job.types import Step, TenantChange, TenantPlan, TenantState
from sparkwizard.errors import SafeguardStop

__all__ = ["check", "gone"]

_AGAIN = "Make a new list of changes and look at it first."


def check(plan: TenantPlan, step: Step, now: Iterable[TenantChange], state: TenantState) -> None:
    """Refuse a step whose changes are not those of the plan any more. Raises SafeguardStop.

    ``now`` is what would change by the state just read; what is so already is not in it. What
    comes into being with this plan brings values of its own, which the plan could not know.
    """
    if plan.application_id and state.application is None:
        raise gone(plan)
    if not plan.application_id and state.application is None and state.candidates:
        raise _changed("Somebody added another application of this kind")
    open_changes = tuple(now)
    if step is Step.SCHEMA and plan.schema_digest:
        if open_changes and schema_digest(state.schema) != plan.schema_digest:
            raise _changed("Somebody changed the attribute mapping or its filters")
        _same(plan, step, open_changes)
    elif step is Step.SCHEMA or (step is Step.SETTINGS and not plan.job_id):
        return
    else:
        _same(plan, step, open_changes)


def _same(plan: TenantPlan, step: Step, now: tuple[TenantChange, ...]) -> None:
    shown = {change.key: change for change in plan.of(step)}
    for change in now:
        planned = shown.get(change.key)
        if planned is None or (planned.before, planned.after) != (change.before, change.after):
            raise _changed(f"Somebody changed something in the tenant ({change.touches})")


def gone(plan: TenantPlan) -> SafeguardStop:
    """Return the error of an application or job that is not there any more."""
    return SafeguardStop(
        f"The application {plan.application_name} or its provisioning job is not in the directory"
        " any more. Nothing more was written.",
        fix="Restore it in the Entra admin centre within 30 days, or make a new list of changes.",
        code="application-gone",
    )


def _changed(what: str) -> SafeguardStop:
    return SafeguardStop(
        f"{what} after the list of changes was made. Nothing more was written, and nothing of"
        " theirs was overwritten.",
        fix=_AGAIN,
        code="tenant-changed",
    )
