"""HTML and SVG out of plain text: nothing that is passed in as text ever opens a tag."""

import re
from collections.abc import Iterable
from functools import cache

__all__ = ["Markup", "element", "joined", "text"]

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_SPECIAL = re.compile("[&<>\"']")
# as html.escape does, which brings the names of 2,231 characters; and ends of lines
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"}
)


@cache
def _unprintable() -> re.Pattern[str]:
    return re.compile(f"[{_CONTROLS}]")


class Markup(str):
    """Hold markup that was built here; everything else is text and is escaped."""

    __slots__ = ()


def text(value: str) -> Markup:
    """Return plain text as markup; what no page may hold shows as a mark of replacement."""
    if value.isprintable() and not _SPECIAL.search(value):
        return Markup(value)  # nearly every name is such: the rest is slower
    return Markup(_unprintable().sub("\ufffd", value).translate(_ESCAPES))


def element(tag: str, *content: str, **attributes: object) -> Markup:
    """Return an element; content that is no Markup is escaped, so are the attributes' values.

    ``class_`` stands for ``class``, an underscore within a name for a hyphen.
    """
    inner = joined(content)
    if not attributes:
        return Markup(f"<{tag}>{inner}</{tag}>")
    written = [
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(str(value))}"'
        for name, value in attributes.items()
    ]
    return Markup(f"<{tag}{''.join(written)}>{inner}</{tag}>")


def joined(parts: Iterable[str]) -> Markup:
    """Return markup and text one after another."""
    return Markup("".join([part if type(part) is Markup else text(part) for part in parts]))


def _attribute(value: str) -> str:
    if value.isprintable() and not _SPECIAL.search(value):
        return value
    return text(value.replace("\n", " "))
