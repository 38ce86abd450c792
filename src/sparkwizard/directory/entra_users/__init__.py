"""People and groups from Microsoft Entra ID, through Microsoft Graph."""

from sparkwizard.directory.entra_users.assignments import every_group
from sparkwizard.directory.entra_users.look import Look, look, whose_name
from sparkwizard.directory.entra_users.source import EntraSource, OpenGraph
from sparkwizard.directory.entra_users.wanted import Wanted, wanted_of

__all__ = [
    "EntraSource",
    "Look",
    "OpenGraph",
    "Wanted",
    "every_group",
    "look",
    "wanted_of",
    "whose_name",
]
