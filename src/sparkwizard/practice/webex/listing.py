"""Answer searches: filter, order, page and choose attributes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sparkwizard.practice.faults import Faults
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.filters import (
    Allowed,
    AnyOf,
    Comparison,
    Node,
    check_allowed,
    matches,
    parse_filter,
    plain_path,
)
from sparkwizard.practice.scim.refusals import invalid_value
from sparkwizard.practice.webex.answers import raw_answer
from sparkwizard.practice.webex.store import Record, Store

LIST_MESSAGE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
DEFAULT_COUNT = 100
# Webex documents no largest page; this is the practice tenant's own
LARGEST_COUNT = 1000

_ALWAYS_SHOWN = frozenset({"id", "schemas", "meta"})


@dataclass(frozen=True, slots=True)
class Query:
    """Hold the parameters of a search."""

    node: Node | None
    start: int
    count: int
    attributes: frozenset[str]
    excluded: frozenset[str]
    sort_by: str
    descending: bool

    @property
    def as_stored(self) -> bool:
        """Tell whether resources are shown exactly as they are stored."""
        return not self.attributes and not self.excluded


def read_query(request: Request, faults: Faults, allowed: Allowed, sortable: set[str]) -> Query:
    """Read the parameters of a search; raises ScimRefusal for what Webex does not provide."""
    text = request.query_params.get("filter", "").strip()
    node = parse_filter(text) if text and not faults.filter_ignored else None
    if node is not None:
        check_allowed(node, allowed)
    sort_by = request.query_params.get("sortBy", "")
    if sort_by and sort_by not in sortable:
        raise invalid_value(f"sortBy takes one of {', '.join(sorted(sortable))}.")
    order = request.query_params.get("sortOrder", "ascending")
    if order not in ("ascending", "descending"):
        raise invalid_value("sortOrder takes ascending or descending.")
    return Query(
        node,
        1 if faults.paging_ignored else max(_whole_number(request, "startIndex", 1), 1),
        page_size(_whole_number(request, "count", DEFAULT_COUNT), LARGEST_COUNT, faults),
        shown_names(request, "attributes"),
        shown_names(request, "excludedAttributes"),
        sort_by,
        order == "descending",
    )


def page_size(asked: int, largest: int, faults: Faults) -> int:
    """Return how many entries a page holds at most."""
    return min(max(asked, 0), largest, faults.most_on_a_page or largest)


def find_records(store: Store, query: Query, faults: Faults) -> Sequence[Record]:
    """Return the records that a search finds, in its order, unpaged."""
    node = query.node
    if node is None:
        found = store.listed(faults.list_lag)
    elif (names := _named(node)) is not None and not store.lags_behind(faults.list_lag):
        found = _looked_up(store, names)
    else:
        found = [one for one in store.listed(faults.list_lag) if matches(node, one.decode())]
    if query.sort_by:
        return sorted(found, key=_ORDERS[query.sort_by], reverse=query.descending)
    return found


def list_answer(
    found: Sequence[Record],
    query: Query,
    faults: Faults,
    show: Callable[[Record], bytes],
) -> Response:
    """Return one page of a search as a ListResponse, without touching the rest."""
    page = found[query.start - 1 : query.start - 1 + query.count]
    head = (
        f'{{"schemas":["{LIST_MESSAGE}"],"totalResults":{len(found) + faults.total_results_offset},'
        f'"itemsPerPage":{len(page)},"startIndex":{query.start},"Resources":['
    )
    return raw_answer(b"".join((head.encode(), b",".join(map(show, page)), b"]}")))


def chosen_attributes(
    content: JsonObject, attributes: Iterable[str], excluded: Iterable[str]
) -> JsonObject:
    """Return a resource with the chosen attributes; id, schemas and meta are always there."""
    if attributes:
        return _keep(content, frozenset(attributes))
    return _drop(content, frozenset(excluded))


def shown_names(request: Request, parameter: str) -> frozenset[str]:
    """Return the attribute names of a comma-separated parameter, in lower case."""
    text = request.query_params.get(parameter, "")
    return frozenset(plain_path(name.strip()) for name in text.split(",") if name.strip())


def _keep(content: JsonObject, names: frozenset[str]) -> JsonObject:
    kept: JsonObject = {}
    for key, value in content.items():
        lowered = key.casefold()
        if lowered in _ALWAYS_SHOWN or lowered in names:
            kept[key] = value
        elif lowered.startswith("urn:"):
            if section := {k: v for k, v in value.items() if k.casefold() in names}:
                kept[key] = section
        elif parts := _parts(value, lowered, names, wanted=True):
            kept[key] = parts
    return kept


def _drop(content: JsonObject, names: frozenset[str]) -> JsonObject:
    kept: JsonObject = {}
    for key, value in content.items():
        lowered = key.casefold()
        if lowered in _ALWAYS_SHOWN:
            kept[key] = value
        elif lowered.startswith("urn:") and lowered not in names:
            kept[key] = {k: v for k, v in value.items() if k.casefold() not in names}
        elif lowered not in names:
            kept[key] = _parts(value, lowered, names, wanted=False)
    return kept


def _parts(value: object, name: str, names: frozenset[str], *, wanted: bool) -> object:
    """Return the sub-attributes that are (not) among the names, in objects and lists of them."""
    if isinstance(value, list):
        items = (_parts(one, name, names, wanted=wanted) for one in value)
        return [one for one in items if one is not None and (one != {} or not wanted)]
    if isinstance(value, Mapping):
        return {k: v for k, v in value.items() if (f"{name}.{k}".casefold() in names) is wanted}
    return None if wanted else value


def _whole_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    try:
        return int(text) if text else default
    except ValueError:
        raise invalid_value(f"{name} must be a whole number.") from None


def _named(node: Node) -> list[tuple[str, str]] | None:
    """Return the ids and keys a filter asks for, where it asks for nothing else."""
    if isinstance(node, AnyOf):
        parts = [_named(part) for part in node.parts]
        if any(part is None for part in parts):
            return None
        return [one for part in parts if part is not None for one in part]
    if isinstance(node, Comparison) and node.operator == "eq" and isinstance(node.value, str):
        path = plain_path(node.path)
        return [(path, node.value)] if path in ("id", "username") else None
    return None


def _looked_up(store: Store, names: list[tuple[str, str]]) -> list[Record]:
    found: dict[str, Record] = {}
    for path, value in names:
        identifier = value if path == "id" else store.id_of(value)
        record = store.get(identifier) if identifier else None
        if record is not None:
            found[record.id] = record
    return list(found.values())


_ORDERS: dict[str, Callable[[Record], str]] = {
    "id": lambda record: record.id,
    "userName": lambda record: record.key,
    "displayName": lambda record: record.key,
    "meta.lastModified": lambda record: record.modified,
}
