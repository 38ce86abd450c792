"""What a window begins with: services on a data folder, and a setup of which nothing is known."""

import os
from datetime import datetime

from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import KeyringStore, MemoryStore
from sparkwizard.wizard.state import WizardState

__all__ = ["fresh_state", "services_at"]


def fresh_state(services: Services) -> WizardState:
    """Return the state of a setup that nobody has begun."""
    return WizardState(profile=Profile(name=""), base_dir=str(services.places.profiles_dir))


def services_at(places: Places, *, practice: bool) -> Services:
    """Open services; those of practice keep secrets in memory and see no environment."""
    return Services(
        places=places,
        secrets=MemoryStore() if practice else KeyringStore(),
        environ={} if practice else os.environ,
        clock=lambda: datetime.now().astimezone(),
    )
