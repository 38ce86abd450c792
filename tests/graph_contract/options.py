"""Check the OData options of a request: the names they use, and where they are allowed."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

from tests.graph_contract.addresses import Target
from tests.graph_contract.model import Model, TypeName

_KNOWN = frozenset(
    {
        *("$select", "$expand", "$filter", "$orderby", "$top", "$count", "$search", "$format"),
        *("$skiptoken", "$deltatoken"),
    }
)
# GD/api/user-delta.md: what a delta query takes
_DELTA = frozenset({"$select", "$filter", "$skiptoken", "$deltatoken"})
_LOG = "provisioningObjectSummary"
_WORDS = frozenset(
    {
        *("eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "in", "any", "all"),
        *("true", "false", "null", "startswith", "endswith", "contains", "tolower", "toupper"),
    }
)
_FILTER_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|-?\d+(?:\.\d+)?"
    r"|[A-Za-z_@][\w.]*(?:/[A-Za-z_@$][\w.]*)*|[(),:]|\s+"
)
_VARIABLE = re.compile(r"/(?:any|all)\(\s*(\w+)\s*:")
_SEARCH = re.compile(r'"(\w+):[^"]*"')


class OptionsCheck:
    """Say which options of a request do not fit what its address leads to."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def faults(self, query: str, target: Target, headers: dict[str, str]) -> list[str]:
        """Return what does not fit."""
        given = dict(parse_qsl(query, keep_blank_values=True))
        lowered = {name.lower(): value for name, value in given.items()}
        return [
            *self._unknown(lowered, target),
            *self._needing_consistency(lowered, target, headers),
            *self._names(lowered, target.type),
            *_numbers(lowered, 1000 if target.type.name == _LOG else 999),
        ]

    def _unknown(self, given: dict[str, str], target: Target) -> Iterator[str]:
        is_delta = target.operation is not None and target.operation.name == "delta"
        for name in given:
            if name.startswith("$") and name not in _KNOWN:
                yield f"{name} is no option"
            elif is_delta and name not in _DELTA:
                yield f"a delta query takes no {name}"

    def _needing_consistency(
        self, given: dict[str, str], target: Target, headers: dict[str, str]
    ) -> Iterator[str]:
        if not self._model.is_a(target.type.name, "directoryObject"):
            return
        advanced = "$search" in given or given.get("$count") == "true" or target.tail == "$count"
        lowered = {name.lower(): value.lower() for name, value in headers.items()}
        if advanced and lowered.get("consistencylevel") != "eventual":
            yield "an advanced query needs the header ConsistencyLevel: eventual"

    def _names(self, given: dict[str, str], kind: TypeName) -> Iterator[str]:
        for option, read in _NAMES.items():
            for path in read(given.get(option, "")):
                if not self._has(kind.name, path.split("/")):
                    yield f"{option} names {path}, which {kind.name} does not have"
        for name, inner in _expanded(given.get("$expand", "")):
            found = self._navigation(kind.name, name)
            if found is None:
                yield f"$expand names {name}, which {kind.name} does not have"
            else:
                yield from self._names(inner, found)

    def _has(self, name: str, path: list[str]) -> bool:
        if not path or path[0].startswith("$"):
            return True
        for structure in self._model.derived(name):
            known = structure.properties.get(path[0]) or structure.navigations.get(path[0])
            if known is not None and (len(path) == 1 or self._goes_on(known.type.name, path[1:])):
                return True
            if structure.is_open:
                return True
        return False

    def _goes_on(self, name: str, path: list[str]) -> bool:
        return name in self._model.structures and self._has(name, path)

    def _navigation(self, name: str, navigation: str) -> TypeName | None:
        for structure in self._model.derived(name):
            if navigation in structure.navigations:
                return structure.navigations[navigation].type
        return None


def _numbers(given: dict[str, str], most: int) -> Iterator[str]:
    top = given.get("$top", "1")
    if not (top.isdigit() and 1 <= int(top) <= most):
        yield f"$top is {top}"
    if given.get("$count", "true") not in ("true", "false"):
        yield f"$count is {given['$count']}"


def _select_paths(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip() and one.strip() != "*"]


def _order_paths(text: str) -> list[str]:
    paths = []
    for one in filter(None, text.split(",")):
        path, _, direction = one.strip().partition(" ")
        paths.append(path if direction in ("", "asc", "desc") else f"{path} {direction}")
    return paths


def _filter_paths(text: str) -> list[str]:
    """Return the properties a filter reads; what cannot be read counts as one that lacks."""
    variables = set(_VARIABLE.findall(text))
    paths, place = [], 0
    while place < len(text):
        match = _FILTER_TOKEN.match(text, place)
        if match is None:
            return [f"(unreadable at {place}: {text})"]
        place = match.end()
        token = match[0]
        if not (token[0].isalpha() or token[0] in "_@") or _is_literal(token):
            continue
        names = token.split("/")
        if names[-1] in ("any", "all") and len(names) > 1:
            paths.append("/".join(names[:-1]))
        elif names[0] not in variables and token not in _WORDS:
            paths.append(token)
    return paths


def _is_literal(token: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", token) is not None


def _search_paths(text: str) -> list[str]:
    return _SEARCH.findall(text)


def _expanded(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each expanded navigation with the options in its parentheses."""
    depth, start = 0, 0
    for place, letter in enumerate(f"{text},"):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0 and text[start:place].strip():
            name, _, rest = text[start:place].strip().partition("(")
            inner = rest.removesuffix(")")
            yield name, dict(one.split("=", 1) for one in inner.split(";") if "=" in one)
        if letter == "," and depth == 0:
            start = place + 1


_NAMES: dict[str, Callable[[str], list[str]]] = {
    "$select": _select_paths,
    "$orderby": _order_paths,
    "$filter": _filter_paths,
    "$search": _search_paths,
}
