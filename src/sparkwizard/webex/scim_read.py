"""Read SCIM answers leniently: what real servers send, not what the standard promises."""

from typing import cast
from urllib.parse import unquote, urlsplit

import msgspec

from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.provisioning.target.listed_user import user_list
from sparkwizard.provisioning.types import Json, User
from sparkwizard.webex.types import Capabilities

__all__ = [
    "ListPage",
    "capabilities_in",
    "get",
    "id_in_location",
    "listed_page",
    "number_in",
    "page_in",
    "user_in",
    "version_in",
]

_VERSION_1 = "urn:scim:schemas:core:1.0"


class ListPage(msgspec.Struct, frozen=True):
    """Hold one page of a list.

    ``arrived`` counts every entry, ``junk`` those that are no user with an id; ``total`` and
    ``version`` are None where the server says nothing.
    """

    users: tuple[User, ...]
    arrived: int
    junk: int = 0
    total: int | None = None
    version: str | None = None


def get(container: Json, name: str) -> Json:
    """Return a value by name in any case, or None."""
    if not isinstance(container, dict):
        return None
    found: Json = container.get(name)
    if found is None:
        wanted = name.lower()
        found = next((value for key, value in container.items() if key.lower() == wanted), None)
    return found


def number_in(value: Json) -> int | None:
    """Return a whole number that may come as text, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    return None


def user_in(body: Json) -> User | None:
    """Return the user in a resource, or None where it has no id."""
    identifier = get(body, "id")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    if not isinstance(body, dict) or not isinstance(identifier, str) or not identifier:
        return None
    return User(identifier, body)


def version_in(body: Json) -> str | None:
    """Return the SCIM version that a resource's or list's schemas belong to, None if unsaid."""
    schemas = body if isinstance(body, list) else get(body, "schemas")
    names = schemas if isinstance(schemas, list) else [schemas]
    said = [name.lower() for name in names if isinstance(name, str)]
    if any(name.startswith(_VERSION_1) for name in said):
        return "1.1"
    return "2.0" if any(":2.0" in name for name in said) else None


def page_in(body: Json, host: str) -> ListPage:
    """Return one page of a list; ``UnexpectedAnswer`` where the answer is no list."""
    entries = get(body, "Resources")
    total = number_in(get(body, "totalResults"))
    if entries is None and total is not None:
        entries = []  # the standard lets an empty list be left out
    if not isinstance(entries, list):
        raise UnexpectedAnswer(
            f"{host} answered, but not with a list of users.",
            fix="Check the Tenant URL: something else than SCIM may answer there.",
        )
    users = _plain_users(entries) or tuple(
        user for entry in entries if (user := user_in(entry)) is not None
    )
    version = version_in(body) or next(filter(None, map(version_in, entries)), None)
    return ListPage(users, len(entries), len(entries) - len(users), total, version)


def listed_page(content: bytes) -> ListPage | None:
    """Return one page with its users kept as they came; None where that takes a closer look."""
    try:
        if not content.isascii():
            content.decode()  # of what is kept nobody looks at the letters now
        found = user_list(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    users, version = tuple(found.users), version_in(list(found.schemas))
    if version is None:
        return None
    return ListPage(users, len(users), total=found.total, version=version)


def _plain_users(entries: list[Json]) -> tuple[User, ...]:
    """Return the users where every entry has its id as the standard has it, else nobody."""
    bodies = [entry for entry in entries if type(entry) is dict]
    ids = [body.get("id") for body in bodies]
    if len(bodies) < len(entries) or set(map(type, ids)) != {str} or "" in ids:
        return ()
    return tuple(map(User, cast("list[str]", ids), bodies))


def id_in_location(location: Json) -> str:
    """Return the id at the end of a resource's address, or an empty text."""
    if not isinstance(location, str):
        return ""
    return unquote(urlsplit(location).path.rstrip("/").rpartition("/")[2])


def capabilities_in(body: Json, version: str) -> Capabilities:
    """Return what a ServiceProviderConfig offers; what it leaves unsaid is not offered."""
    bulk, filters = get(body, "bulk"), get(body, "filter")
    offered, sorts = (
        str(get(get(body, what), "supported")).lower() == "true" for what in ("bulk", "sort")
    )
    return Capabilities(
        bulk_operations=max(0, number_in(get(bulk, "maxOperations")) or 0) if offered else 0,
        scim_version=version,
        bulk_bytes=max(0, number_in(get(bulk, "maxPayloadSize")) or 0) if offered else 0,
        page_size=max(0, number_in(get(filters, "maxResults")) or 0),
        newest_first=sorts,
    )
