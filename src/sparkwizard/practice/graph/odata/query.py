"""Read the OData options of a request, and write pages."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sparkwizard.practice.graph.answers import bad_request, json_answer

DEFAULT_TOP = 100
LARGEST_TOP = 999

_KNOWN = frozenset(
    {"$select", "$filter", "$top", "$count", "$orderby", "$expand", "$search", "$skiptoken"}
)


@dataclass(frozen=True, slots=True)
class Options:
    """Hold the OData options of a list; ``start`` is where the page begins."""

    select: tuple[str, ...] = ()
    filter: str = ""
    top: int = DEFAULT_TOP
    count: bool = False
    order_by: str = ""
    expand: str = ""
    search: str = ""
    start: int = 0


def read_options(
    request: Request, *, known: Iterable[str], type_name: str, largest: int = LARGEST_TOP
) -> Options:
    """Read the options; ``known`` are the properties that may be selected.

    Raises GraphRefusal (400) for options and names that Graph does not know.
    """
    given = request.query_params
    for name in given:
        if name.startswith("$") and name not in _KNOWN:
            raise bad_request(f"The query specified in the URI is not valid: '{name}'.")
    return Options(
        select=read_select(given.get("$select", ""), known, type_name),
        filter=given.get("$filter", ""),
        top=_top(given.get("$top", ""), largest),
        count=given.get("$count", "").lower() == "true",
        order_by=given.get("$orderby", ""),
        expand=given.get("$expand", ""),
        search=given.get("$search", ""),
        start=_start(given.get("$skiptoken", "")),
    )


def read_select(text: str, known: Iterable[str], type_name: str) -> tuple[str, ...]:
    """Return the selected names; raises GraphRefusal for one that the type does not have."""
    allowed = frozenset(known)
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in allowed:
            raise bad_request(
                "Parsing OData Select and Expand failed: Could not find a property named"
                f" '{name}' on type 'microsoft.graph.{type_name}'."
            )
    return names


def page_answer(
    request: Request,
    *,
    context: str,
    values: Iterable[Mapping[str, Any]],
    next_start: int | None,
    count: int | None = None,
) -> Response:
    """Answer one page of a list; ``next_start`` None says that nothing follows."""
    body: dict[str, Any] = {"@odata.context": context}
    if count is not None:
        body["@odata.count"] = count
    if next_start is not None:
        body["@odata.nextLink"] = next_link(request, next_start)
    body["value"] = list(values)
    return json_answer(body)


def next_link(request: Request, start: int) -> str:
    """Return the address of the page that begins at ``start``, options included."""
    options = [(name, value) for name, value in request.query_params.multi_items()]
    options = [(name, value) for name, value in options if name != "$skiptoken"]
    options.append(("$skiptoken", pack({"start": start})))
    path = quote(request.url.path, safe="/:@")
    root = f"{request.url.scheme}://{request.url.netloc}"
    return f"{root}{path}?{urlencode(options, safe='$,', quote_via=quote)}"


def pack(content: Mapping[str, Any]) -> str:
    """Write what a link must remember as one opaque word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(content)).decode().rstrip("=")


def unpack(word: str) -> dict[str, Any]:
    """Read what ``pack`` wrote; raises GraphRefusal (400) for anything else."""
    try:
        found = msgspec.json.decode(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (binascii.Error, ValueError) as error:
        raise bad_request("The token in the link is not valid.", "Request_BadRequest") from error
    if not isinstance(found, dict):
        raise bad_request("The token in the link is not valid.", "Request_BadRequest")
    return found


def _start(word: str) -> int:
    start = unpack(word).get("start") if word else 0
    if not isinstance(start, int) or start < 0:
        raise bad_request("Unrecognized skip token.", "Directory_ExpiredPageToken")
    return start


def _top(text: str, largest: int) -> int:
    try:
        top = int(text) if text else DEFAULT_TOP
    except ValueError:
        raise bad_request(f"Invalid value '{text}' for $top query option found.") from None
    if not 1 <= top <= largest:
        raise bad_request(
            f"Invalid page size specified: '{top}'. Must be between 1 and {largest} inclusive.",
            "Request_UnsupportedQuery",
        )
    return top
