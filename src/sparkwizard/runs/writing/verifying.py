"""Read back what was written, with as few requests as the number of users allows."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sparkwizard.errors import (
    Cancelled,
    NotAuthorized,
    SparkWizardError,
    StorageError,
    Throttled,
)
from sparkwizard.provisioning.portions import let_go
from sparkwizard.provisioning.types import User
from sparkwizard.runs.collector import collector_at_rest
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.webex.scim import ScimClient

__all__ = ["read_back", "read_each", "reading_back"]

EACH_UP_TO = 25
WIDTH = 4


@contextmanager
def reading_back() -> Iterator[None]:
    """Say of an answer that can't be read that all is written, and only the last look is missing.

    Errors that have a way on of their own (the token, the limit, the disk) stay what they are.
    """
    try:
        yield
    except (NotAuthorized, Throttled, Cancelled, StorageError):
        raise
    except SparkWizardError as error:
        raise SparkWizardError(
            "Every change was sent and answered, but the users could not be read back to see what"
            f" was kept. {error.message}",
            fix="Apply the same plan again: it writes nothing twice and only looks.",
            code="not-read-back",
        ) from error


async def read_back(scim: ScimClient, ids: Sequence[str]) -> dict[str, User]:
    """Return the users of these ids as Webex shows them now; a missing one is not in the answer.

    Many are read from one listing, which ends with the last of them; those it does not show yet
    (lists lag) are asked for by id.
    """
    if not ids:
        return {}
    wanted = set(ids)
    if len(wanted) <= EACH_UP_TO:
        return await read_each(scim, list(wanted))
    with collector_at_rest():
        listed = list((await scim.list_newest(wanted)).users)
        found = {user.id: user for user in listed if user.id in wanted}
        await asyncio.to_thread(let_go, listed)
    return found | await read_each(scim, [webex_id for webex_id in ids if webex_id not in found])


async def read_each(scim: ScimClient, ids: Sequence[str]) -> dict[str, User]:
    """Return the users of these ids, each asked for by its id: that answer never lags."""
    users = await side_by_side(scim.get_user, ids, width=WIDTH)
    return {user.id: user for user in users if user}
