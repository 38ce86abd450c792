"""What is kept on this computer: setups, secrets, sign-ins, journal."""

from sparkwizard.runs.services.records import Records
from sparkwizard.runs.services.sign_ins import SignIns

__all__ = ["Belongings"]


class Belongings(Records, SignIns):
    """Find and remove what is kept of setups."""
