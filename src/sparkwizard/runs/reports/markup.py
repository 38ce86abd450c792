"""HTML and SVG out of plain text: nothing that is passed in as text ever opens a tag."""

import re
from collections.abc import Iterable
from html import escape

__all__ = ["Markup", "element", "joined", "text"]

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class Markup(str):
    """Hold markup that was built here; everything else is text and is escaped."""

    __slots__ = ()


def text(value: str) -> Markup:
    """Return plain text as markup; what no page may hold shows as a mark of replacement."""
    return Markup(escape(_UNPRINTABLE.sub("\ufffd", value)).replace("\n", "<br>"))


def element(tag: str, *content: str, **attributes: object) -> Markup:
    """Return an element; content that is no Markup is escaped, so are the attributes' values.

    ``class_`` stands for ``class``, an underscore within a name for a hyphen.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for name, value in attributes.items()
    )
    return Markup(f"<{tag}{written}>{joined(content)}</{tag}>")


def joined(parts: Iterable[str]) -> Markup:
    """Return markup and text one after another."""
    return Markup("".join(part if isinstance(part, Markup) else text(part) for part in parts))


def _attribute(value: object) -> str:
    return escape(_UNPRINTABLE.sub("\ufffd", str(value))).replace("\n", " ")
