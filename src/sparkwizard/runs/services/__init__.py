"""What the wizard and the commands both work with: setups, tokens, previews, runs.

One object for one data folder; each base class has one subject and a module of its own. Blocking
calls say so; the window runs those on a thread of its own.
"""

from sparkwizard.runs.services.cloud import ENTRA_TOKEN_VARIABLE, Cloud
from sparkwizard.runs.services.connections import Connection
from sparkwizard.runs.services.cycles import Cycles
from sparkwizard.runs.services.setups import Setups
from sparkwizard.runs.services.tokens import api_url_of, origins_of

__all__ = ["ENTRA_TOKEN_VARIABLE", "Connection", "Services", "api_url_of", "origins_of"]


class Services(Setups, Cloud, Cycles):
    """Serve one data folder. ``environ`` may hold SPARKWIZARD_TOKEN; ``clock`` knows its zone."""
