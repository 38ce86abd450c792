"""Foretell what Entra's own provisioning service does with a setup. Pure.

It is another engine than this computer, with rules of its own (Microsoft, *How application
provisioning works*; facts: entra.md §4, 5): it searches Webex by the matching attributes, knows
nobody before its first cycle, turns a matched user on again, leaves out whoever is disabled in
Entra, and has none of this program's safeguards. What it does with each person is worked out here,
and where this computer would do something else.
"""

from sparkwizard.provisioning.by_entra.beside import beside_this_computer
from sparkwizard.provisioning.by_entra.foretelling import foretell
from sparkwizard.provisioning.by_entra.types import EntraRules, EntraSituation, Foresight, Foretold

__all__ = [
    "EntraRules",
    "EntraSituation",
    "Foresight",
    "Foretold",
    "beside_this_computer",
    "foretell",
]
