"""Remember a restart that was on a list of changes and did not come to be."""

from sparkwizard.entra.provisioning_job.planning.sealing import read_tenant_plan
from sparkwizard.entra.provisioning_job.types import Step, TenantPlan
from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.cloud.types import WriteState
from sparkwizard.runs.journal import Journal

__all__ = ["restart_owed"]


def restart_owed(journal: Journal, profile_id: str) -> bool:
    """Return whether a list narrowed the scope and stopped before its restart.

    Nothing in the tenant tells of it: the settings are as they should be by then.
    """
    for write in journal.cloud_writes(profile_id):
        if write.step == Step.RESTART and write.state is WriteState.DONE:
            return False
        if write.step != Step.SETTINGS or write.state is WriteState.FAILED:
            continue
        plan = _plan(journal, write.plan_digest)
        if plan is not None and (plan.desired.sync_all or plan.of(Step.RESTART)):
            return not plan.desired.sync_all
    return False


def _plan(journal: Journal, digest: str) -> TenantPlan | None:
    """Return a list that was shown; None for one that another version wrote."""
    content = journal.cloud_plan(digest)
    try:
        return read_tenant_plan(content) if content else None
    except SparkWizardError:
        return None
