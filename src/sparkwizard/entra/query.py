"""Write the parameters of Graph's addresses."""

from collections.abc import Mapping
from urllib.parse import quote

__all__ = ["Params", "query", "quoted"]

type Params = Mapping[str, str | int]


def query(params: Params | None) -> str:
    """Return the parameters as Graph writes them, ``?$select=id,mail``; "" for none."""
    if not params:
        return ""
    parts = (
        f"{quote(key, safe='$@')}={quote(str(value), safe='$,()/:@')}"
        for key, value in params.items()
    )
    return "?" + "&".join(parts)


def quoted(text: str) -> str:
    """Return a text for a ``$filter``: in quotes, those inside doubled (OData, string literals)."""
    return "'" + text.replace("'", "''") + "'"
