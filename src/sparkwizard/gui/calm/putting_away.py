"""Let large things go on a thread and in portions, so that the window does not wait for it.

Freeing the people, users and actions of a preview of 100,000 takes a fifth of a second, and the
last one who holds them pays: that would be the window, in the middle of something else.
"""

import threading
import time
from typing import Any

from sparkwizard.provisioning.portions import let_go
from sparkwizard.runs.types import Preview

__all__ = ["put_away", "put_preview_away"]

_MANY = 10_000
_SOON = 1.0
"""Seconds: by then whoever replaced it looks at it no more, and would else be the last to hold."""


def put_away(things: list[Any]) -> None:
    """Let the things of a list go, none of which may be Qt's: those die on their own thread."""
    if len(things) >= _MANY:
        _on_a_thread(things)


def put_preview_away(preview: Preview | None) -> None:
    """Let a preview go that nobody shows any more, as far as nobody else holds parts of it."""
    if preview is not None and len(preview.plan.actions) >= _MANY:
        _on_a_thread([preview])


def _on_a_thread(things: list[Any]) -> None:
    threading.Thread(target=_let_go, args=(things,), name="put-away", daemon=True).start()


def _let_go(things: list[Any]) -> None:
    time.sleep(_SOON)
    parts = _parts(things.pop()) if isinstance(things[0], Preview) else [things]
    for part in parts:
        let_go(part)


def _parts(preview: Preview) -> list[list[Any]]:
    return [
        list(preview.population.people),
        list(preview.users.users),
        list(preview.plan.actions),
    ]
