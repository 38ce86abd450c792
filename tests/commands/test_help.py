"""Help texts and the man page say what the program does, and every example can be typed."""

import argparse
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparkwizard.commands.dispatch import COMMANDS
from sparkwizard.commands.line.arguments import Options, parse, parser
from sparkwizard.commands.line.help_texts import EXAMPLES, VARIABLES, epilog

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "resources" / "man" / "sparkwizard.1"


@pytest.mark.parametrize(
    "example", [command for rows in EXAMPLES.values() for command, _tells in rows]
)
def test_every_example_is_understood(example: str) -> None:
    program, *arguments = shlex.split(example)
    assert program == "sparkwizard"
    assert vars(parse(arguments)) == vars(parser().parse_args(arguments, namespace=Options()))


def commands(of: argparse.ArgumentParser) -> Iterator[str]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command.prog.partition(" ")[2]
                yield from commands(command)


def test_every_command_that_runs_is_understood_and_the_other_way_round() -> None:
    assert {name for name in commands(parser()) if " " not in name} == {*COMMANDS, "practice"}


@pytest.mark.parametrize("command", sorted(commands(parser())))
def test_every_command_helps_with_examples_and_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse([*command.split(), "--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert "\nexamples:\n" in shown
    assert "\nexit codes:\n" in shown
    assert all(len(line) <= 100 for line in shown.splitlines() if "{" not in line)


def test_the_whole_help_tells_every_variable_of_the_environment() -> None:
    names = [name for names in VARIABLES for name in names.split(", ")]
    assert all(name in epilog() for name in names)
    read = {
        word.strip(".,;:()'")
        for path in (ROOT / "src").rglob("*.py")
        for word in path.read_text("utf-8").replace('"', " ").split()
        if word.startswith("SPARKWIZARD_") and word.isupper()
    }
    assert read <= set(names) | {"SPARKWIZARD_"}


def test_the_man_page_is_what_the_command_line_understands() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "packaging" / "man.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    page = PAGE.read_text("utf-8").replace("\\-", "-")
    for action in parser()._actions:
        assert all(
            option in page for option in action.option_strings if option not in ("-h", "--help")
        )


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed here")
def test_the_man_page_is_without_fault() -> None:
    ran = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "style", str(PAGE)],
        capture_output=True,
        text=True,
        check=False,
    )
    # a date would make the page another one at each build
    said = [line for line in ran.stdout.splitlines() if "missing date" not in line]
    assert said == []
