"""Write the man page from what the command line understands: ``uv run python packaging/man.py``.

With ``--check`` nothing is written; it ends with 1 where the page is not what would be written.
"""

import argparse
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from sparkwizard import __version__
from sparkwizard.commands.line.arguments import parser
from sparkwizard.commands.line.help_texts import EXAMPLES, EXIT_CODES, FILES, VARIABLES

PAGE = Path(__file__).parent.parent / "resources" / "man" / "sparkwizard.1"

_WHAT = (
    "SparkWizard brings people from Microsoft Entra ID into Cisco Webex. It shows beforehand what"
    " would happen to each person and why, and then does exactly that. Without a command it opens"
    " the wizard."
)


def man_page() -> str:
    """Return the page in the macros of man(7)."""
    whole = parser()
    lines = [
        ".\\\" Made by packaging/man.py from the command line's own help; do not edit.",
        f'.TH SPARKWIZARD 1 "" "SparkWizard {__version__}" "User Commands"',
        *_section("NAME", ["sparkwizard \\- bring people from Entra ID into Webex, preview first"]),
        *_section("SYNOPSIS", [".B sparkwizard", ".RI [ OPTION ...]", ".br"]),
        *(".B sparkwizard", ".I COMMAND", ".RI [ OPTION ...]"),
        *_section("DESCRIPTION", [_text(_WHAT)]),
        *_section("OPTIONS", _options(whole)),
        *_section("COMMANDS", _commands(whole)),
        *_section("EXIT STATUS", _rows(EXIT_CODES)),
        *_section("ENVIRONMENT", _rows(VARIABLES.items())),
        *_section("FILES", _rows(FILES)),
        ".PP",
        _text("With --data-dir all of them lie in the folder that is named."),
        *_section("EXAMPLES", _examples(EXAMPLES[""], first=True)),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f".SH {title}"
    yield from lines


def _commands(whole: argparse.ArgumentParser) -> Iterator[str]:
    for name, command in _subparsers(whole):
        yield f".SS sparkwizard {_text(name)}"
        yield _sentence(command.description or "")
        nested = list(_subparsers(command))
        yield from _options(command)
        for inner, one in nested:
            yield ".TP"
            yield f".B {_text(f'{name} {inner}')}"
            yield _sentence(one.description or "")
            yield ".RS"
            yield from _options(one)
            yield ".RE"
        yield from _examples(EXAMPLES.get(name, ()))


def _subparsers(of: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in of._actions:  # noqa: SLF001  argparse has no other way to look at itself
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices.items()


def _options(of: argparse.ArgumentParser) -> Iterator[str]:
    common = {"help", "json", "data_dir"} if of.prog.count(" ") else {"help"}
    for action in of._actions:  # noqa: SLF001
        hidden = action.help == argparse.SUPPRESS or action.dest in common
        if hidden or isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            continue
        yield ".TP"
        yield f".B {_text(_names(action))}"
        yield _sentence((action.help or "") % {"default": action.default, "prog": of.prog})


def _names(action: argparse.Action) -> str:
    value = action.metavar or (action.choices and "{" + ",".join(map(str, action.choices)) + "}")
    shown = str(value or action.dest.upper())
    if not action.option_strings:
        return shown
    names = ", ".join(action.option_strings)
    if action.nargs == 0:
        return names
    return f"{names} [{shown}]" if action.nargs == "?" else f"{names} {shown}"


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, tells in rows:
        yield from (".TP", f".B {_text(name)}", _sentence(tells))


def _examples(rows: Iterable[tuple[str, str]], *, first: bool = False) -> Iterator[str]:
    for at, (command, tells) in enumerate(rows):
        if at or not first:
            yield ".PP"
        yield from (_sentence(tells).removesuffix(".") + ":", ".PP", ".RS 4", ".nf")
        yield from (command.replace("-", "\\-"), ".fi", ".RE")


def _sentence(text: str) -> str:
    text = text.strip()
    return _text(f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}")


def _text(text: str) -> str:
    """Return text in which troff sees no commands."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    lines = textwrap.wrap(escaped, 79, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"\\&{line}" if line[:1] in (".", "'") else line for line in lines)


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    made = man_page()
    if "--check" not in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == made:
        return 0
    print("The man page is not up to date. Run: uv run python packaging/man.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
