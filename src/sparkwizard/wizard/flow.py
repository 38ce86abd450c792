"""The way through the wizard: which page comes next, and what is missing before one may go on."""

from collections.abc import Callable, Mapping

from sparkwizard.provisioning.types import Reason
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["missing", "next_step", "previous_step"]


def next_step(step: Step) -> Step | None:
    """Return the page after ``step``, None after the last."""
    return Step(step.value + 1) if step is not Step.RESULT else None


def previous_step(step: Step) -> Step | None:
    """Return the page that Back leads to; once changes were applied there is no way back."""
    if step in (Step.START, Step.APPLYING, Step.RESULT):
        return None
    return Step(step.value - 1)


def missing(step: Step, state: WizardState) -> Reason | None:
    """Return what keeps a person from going on from ``step``, or None."""
    check = _CHECKS.get(step)
    return check(state) if check else None


def _token(state: WizardState) -> Reason | None:
    if not state.pasted:
        return Reason("no-token", "Paste the token first.")
    if not state.identity:
        return Reason("token-unchecked", "Webex has not answered for this token yet.")
    return None


def _organization(state: WizardState) -> Reason | None:
    if not state.profile.webex.tenant_url:
        return Reason("no-tenant-url", "The Tenant URL is missing.")
    return None


def _connection(state: WizardState) -> Reason | None:
    if not state.layers:
        return Reason("untested", "The test has not run yet.")
    if state.connection_failed:
        return Reason("connection-failed", "One layer failed. Its fix is shown beside it.")
    return None


def _people(state: WizardState) -> Reason | None:
    if state.population is None:
        return Reason("no-people", "Sign in to Microsoft Entra ID or choose a file first.")
    if not state.population.people:
        return Reason("nobody", "There is nobody in this source.")
    return None


def _preview(state: WizardState) -> Reason | None:
    if state.preview is None:
        return Reason("no-preview", "The preview is not ready yet.")
    if not state.preview.plan.writes:
        return Reason("nothing-to-do", "There is nothing to change.")
    return None


_CHECKS: Mapping[Step, Callable[[WizardState], Reason | None]] = {
    Step.TOKEN: _token,
    Step.ORGANIZATION: _organization,
    Step.CONNECTION: _connection,
    Step.PEOPLE: _people,
    Step.PREVIEW: _preview,
}
