"""All services: those of this computer, and Entra's own provisioning service."""

from sparkwizard.runs.services.cloud import Cloud
from sparkwizard.runs.services.local import LocalServices

__all__ = ["Services"]


class Services(LocalServices, Cloud):
    """Serve one data folder. ``environ`` may hold SPARKWIZARD_TOKEN; ``clock`` knows its zone."""
