"""Answer ``$search``: words at the start of words of a property."""

import re

from sparkwizard.practice.graph.answers import bad_request
from sparkwizard.practice.graph.odata.filters import Test

_TERM = re.compile(r'"(?P<name>\w+):(?P<value>[^"]*)"')
_LETTERS = re.compile(r"[\W_]+")


def read_search(text: str) -> Test:
    """Return the test of ``"displayName:ann" OR "mail:ann"``; raises GraphRefusal (400)."""
    terms = [(match["name"], match["value"].casefold()) for match in _TERM.finditer(text)]
    rest = _TERM.sub("", text).replace("OR", "").strip()
    if not terms or rest:
        raise bad_request(f"Syntax error in $search: {text}")
    return lambda one: any(_begins(str(one.get(name) or ""), value) for name, value in terms)


def _begins(value: str, wanted: str) -> bool:
    lowered = value.casefold()
    words = [word for word in _LETTERS.split(lowered) if word]
    return lowered.startswith(wanted) or any(word.startswith(wanted) for word in words)
