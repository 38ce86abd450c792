"""Which licences an organization has and how many are free: told before a run, never in its way."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from sparkwizard.errors import NetError, RemoteError
from sparkwizard.net.errors_of import check
from sparkwizard.provisioning.types import Json
from sparkwizard.webex.types import Licence, Licences

if TYPE_CHECKING:  # a command that sends nothing reads no network from disk
    from sparkwizard.net.client import Http

__all__ = ["PATIENCE", "read_licences"]

PATIENCE = 10.0
"""Seconds after which a preview goes on without the licences."""


async def read_licences(http: "Http", api_url: str, *, patience: float = PATIENCE) -> Licences:
    """Return the licences of the token's organization by one read of ``/licenses``.

    Never raises for what the network or Webex say: ``unread`` tells it. No ``orgId`` is sent, so
    that Webex takes the token's own organization, the one that was compared with the setup's.
    """
    try:
        async with asyncio.timeout(patience):
            answer = check(await http.request("GET", f"{api_url.rstrip('/')}/licenses"))
            return Licences(tuple(_licences(answer.object().get("items"))))
    except TimeoutError:
        return Licences(unread="Webex did not tell the licences in time.")
    except (NetError, RemoteError) as error:
        return Licences(unread=error.message)


def _licences(items: Json) -> Iterator[Licence]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("id") and isinstance(item.get("name"), str):
            yield Licence(
                id=str(item["id"]),
                name=str(item["name"]),
                total=_units(item.get("totalUnits")),
                used=_units(item.get("consumedUnits")) or 0,
                site=str(item.get("siteUrl") or ""),
            )


def _units(value: Json) -> int | None:
    """Return a number of units; a missing or negative one is no limit."""
    with suppress(TypeError, ValueError, OverflowError):
        units = int(value)  # type: ignore[arg-type]  # what is no number is caught
        return units if units >= 0 else None
    return None
