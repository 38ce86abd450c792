"""What one computer does by itself: all of the services but Entra's own provisioning service.

Most commands need no more, and start in two thirds of the time.
"""

from sparkwizard.runs.services.belongings import Belongings
from sparkwizard.runs.services.cycles import Cycles
from sparkwizard.runs.services.engines import Engines

__all__ = ["LocalServices"]


class LocalServices(Belongings, Cycles, Engines):
    """Serve one data folder. ``environ`` may hold SPARKWIZARD_TOKEN; ``clock`` knows its zone."""
