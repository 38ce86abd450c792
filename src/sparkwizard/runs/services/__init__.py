"""What the wizard and the commands both work with: setups, tokens, previews, runs.

One object for one data folder; each base class has one subject and a module of its own. Blocking
calls say so; the window runs those on a thread of its own. What stands here is read from disk at
its first use: a command pays for the services it needs, each of these with those before it.

- ``Records``: setups and what was done, from the data folder alone
- ``Belongings``: and sign-ins, so all that is kept on this computer
- ``LocalServices``: and what reads, plans and writes from this computer
- ``Services``: and Entra's own provisioning service
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sparkwizard.runs.services.belongings import Belongings
    from sparkwizard.runs.services.cloud import ENTRA_TOKEN_VARIABLE
    from sparkwizard.runs.services.connections import Connection
    from sparkwizard.runs.services.local import LocalServices
    from sparkwizard.runs.services.records import Records
    from sparkwizard.runs.services.tokens import api_url_of, origins_of
    from sparkwizard.runs.services.whole import Services

__all__ = [
    "ENTRA_TOKEN_VARIABLE",
    "Belongings",
    "Connection",
    "LocalServices",
    "Records",
    "Services",
    "api_url_of",
    "origins_of",
]

_FOUND_IN = {
    "ENTRA_TOKEN_VARIABLE": "cloud",
    "Belongings": "belongings",
    "Connection": "connections",
    "LocalServices": "local",
    "Records": "records",
    "Services": "whole",
    "api_url_of": "tokens",
    "origins_of": "tokens",
}


def __getattr__(name: str) -> object:
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_FOUND_IN[name]}"), name)
