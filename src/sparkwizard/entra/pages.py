"""Read one page of a list that Graph answered with."""

from functools import lru_cache

import msgspec

from sparkwizard.entra.types import Page
from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.net.answer import Answer

__all__ = ["page_in"]

_LINKS = {
    "next_link": "@odata.nextLink",
    "delta_link": "@odata.deltaLink",
    "count": "@odata.count",
}


class _Typed[T](msgspec.Struct, rename=_LINKS):
    value: list[T]
    next_link: str = ""
    delta_link: str = ""
    count: int | None = None


def page_in(answer: Answer, of: type[msgspec.Struct] | None = None) -> Page:
    """Return the page in an answer; its values are structs of ``of`` if all fit, else dicts.

    Raises ``UnexpectedAnswer`` where there is no list.
    """
    if of is not None and (typed := answer.typed(_decoder(of))) is not None:
        return Page(typed.value, typed.next_link, typed.delta_link, typed.count)
    body = answer.object()
    values = body.get("value")
    if not isinstance(values, list):
        raise UnexpectedAnswer(
            "Microsoft Graph answered without the list that was asked for.",
            fix="Check the address of Graph (graph_url).",
            sent=True,
        )
    count = body.get("@odata.count")
    return Page(
        values,
        str(body.get("@odata.nextLink") or ""),
        str(body.get("@odata.deltaLink") or ""),
        count if isinstance(count, int) and not isinstance(count, bool) else None,
    )


@lru_cache(8)
def _decoder[T: msgspec.Struct](of: type[T]) -> msgspec.json.Decoder[_Typed[T]]:
    return msgspec.json.Decoder(_Typed[of])  # type: ignore[valid-type]
