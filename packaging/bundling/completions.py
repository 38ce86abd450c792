"""Make what shells complete the command line by, from the parser that understands it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import shtab

from sparkwizard.commands.line.arguments import parser

__all__ = ["PLACES", "completions"]

PLACES = {
    "bash": "bash-completion/completions/sparkwizard",
    "zsh": "zsh/site-functions/_sparkwizard",
    "fish": "fish/vendor_completions.d/sparkwizard.fish",
}
"""Where each shell looks, below ``share``."""


def completions() -> dict[str, bytes]:
    """Return the scripts by their place under ``share``."""
    whole = parser()
    for action in _actions(whole):
        # what shtab reads where an option takes a file
        if action.dest == "data_dir":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif action.type is Path or action.dest in ("profile", "self_test"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return {place: shtab.complete(whole, shell).encode() for shell, place in PLACES.items()}


def _actions(of: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in of._actions:  # noqa: SLF001  argparse has no other way to look at itself
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                yield from _actions(command)
