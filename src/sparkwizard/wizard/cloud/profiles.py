"""Say which Entra a setup is about. Pure."""

from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.wizard.state import WizardState

__all__ = ["profile_for_cloud"]


def profile_for_cloud(state: WizardState) -> Profile:
    """Return the setup with where its Entra is.

    A setup that reads a file says nothing of that; in practice it is the simulated one. What is
    saved stays as it is.
    """
    profile, practice = state.profile, state.practice
    if practice is None or profile.source.kind == "entra":
        return profile
    there = replace(profile.source, tenant=practice.entra_tenant, graph_url=practice.graph_url)
    return replace(profile, source=there)
