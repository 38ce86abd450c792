"""What is read from disk before anything happens: a script that asks for a version waits too."""

import argparse
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.runs.journal import Journal
from tests.headless import LINES, headless
from tests.runs.journal.test_upkeep import run_once

_WINDOW = ("PySide6", "shiboken6", "qasync")
_SIGN_IN = ("msal", "msal_extensions", "requests", "cryptography", "segno")
_NETWORK = ("httpx", "truststore", "ssl", "sqlite3", "keyring", "regex", "tomlkit", "asyncio")
_ENDED = """
import json, sys
from sparkwizard.__main__ import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def _kinds(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (kinds,) = (one for one in of._actions if isinstance(one, argparse._SubParsersAction))
    return dict(kinds.choices)


def read_by(*arguments: object) -> set[str]:
    """Run the program in a process of its own and return the modules it had read at its end."""
    ran = subprocess.run(
        [sys.executable, "-c", _ENDED, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "SPARKWIZARD_TOKEN": "token-of-this-test"},
        check=False,
    )
    modules: list[str] = json.loads(ran.stderr.splitlines()[-1])
    return set(modules)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("preview", "--help")])
def test_versions_and_help_read_nothing_but_the_arguments(arguments: tuple[str, ...]) -> None:
    read = read_by(*arguments)
    assert read.isdisjoint((*_WINDOW, *_SIGN_IN, *_NETWORK, "msgspec", "dataclasses"))
    ours = {name for name in read if name.startswith("sparkwizard.")}
    assert ours <= {
        "sparkwizard.__main__",
        "sparkwizard.commands",
        "sparkwizard.commands.cloud",
        "sparkwizard.commands.cloud.arguments",
        "sparkwizard.commands.line",
        "sparkwizard.commands.line.argument_types",
        "sparkwizard.commands.line.arguments",
        "sparkwizard.commands.line.help_texts",
    }


def test_a_command_that_is_understood_reads_no_help_and_no_options_of_others(
    tmp_path: Path,
) -> None:
    read = read_by("runs", "--data-dir", tmp_path)
    assert read.isdisjoint(("sparkwizard.commands.line.help_texts", "sparkwizard.commands.cloud"))


def test_a_preview_reads_no_window_no_sign_in_and_no_practice(tmp_path: Path) -> None:
    (tmp_path / "contoso.toml").write_text(
        'version = 1\nname = "Contoso"\n[webex]\ntenant_url = "http://127.0.0.1:9/x/v2"\n'
        'organization_id = "2b0a2f9e-6f3e-4c57-9d35-5c9a8d6f0a11"\n'
        '[source]\nkind = "csv"\npath = "people.csv"\n'
    )
    read = read_by("preview", "--profile", tmp_path / "contoso.toml", "--data-dir", tmp_path)
    assert "sparkwizard.runs.preview" in read
    assert read.isdisjoint((*_WINDOW, *_SIGN_IN, "starlette", "uvicorn", "sparkwizard.practice"))
    # httpx's own command line, and what a mapping without Replace does not need
    assert read.isdisjoint(("click", "rich", "pygments", "regex", "keyring"))


def test_practice_reads_nothing_of_the_product(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        read = read_by("practice", "--port", port, "--data-dir", tmp_path)
    assert "uvicorn" in read
    assert read.isdisjoint((*_WINDOW, *_SIGN_IN, "httpx", "keyring", "sqlite3", "regex"))
    assert not any(name.startswith(("sparkwizard.runs", "sparkwizard.webex")) for name in read)


def test_every_command_of_the_command_line_is_served_by_a_function() -> None:
    from sparkwizard.commands.dispatch import COMMANDS, command_of

    for name in COMMANDS:
        assert callable(command_of(name)), name


def test_no_headless_command_reads_anything_of_a_window(tmp_path: Path) -> None:
    with headless(tmp_path) as prepared:
        read = prepared.read(*LINES)
    assert [name for name in LINES if not read[name].keys().isdisjoint(_WINDOW)] == []


def test_all_commands_and_all_of_cloud_are_among_the_headless_lines() -> None:
    from sparkwizard.commands.line.arguments import parser

    known = _kinds(parser())
    single = {name for name in known if name != "cloud"}
    every = single | {f"cloud {kind}" for kind in _kinds(known["cloud"])}
    assert every <= LINES.keys()


def test_every_command_gets_the_services_it_asks_for() -> None:
    from sparkwizard.commands.dispatch import COMMANDS, command_of, services_for

    for name in COMMANDS:
        asked = command_of(name).__annotations__["services"]
        assert issubclass(services_for(name), asked), name


@pytest.mark.parametrize("command", [("runs",), ("report", "1"), ("report", "1", "--json")])
def test_what_was_done_is_told_by_the_journal_alone(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    with Journal(tmp_path / "journal.sqlite3", lambda: datetime.now(UTC)) as journal:
        run_once(journal)
    read = read_by(*command, "--data-dir", tmp_path)
    assert ("sparkwizard.runs.reports.as_html" in read) is (command == ("report", "1"))
    assert read.isdisjoint((*_WINDOW, *_SIGN_IN, "httpx", "truststore", "keyring", "regex"))
    assert read.isdisjoint(("urllib.request", "logging.handlers", "tomllib", "zipfile", "filelock"))
    rooms = ("directory", "entra", "practice", "provisioning.expressions", "webex.scim", "wizard")
    assert not [name for name in read if name.startswith(tuple(f"sparkwizard.{r}" for r in rooms))]


def test_forgetting_reads_nothing_that_sends_or_plans(tmp_path: Path) -> None:
    read = read_by("forget", "--data-dir", tmp_path)
    assert read.isdisjoint((*_WINDOW, "msal", "httpx", "truststore", "regex"))
    rooms = ("directory", "entra.graph", "provisioning.expressions", "webex.scim", "wizard")
    assert not [name for name in read if name.startswith(tuple(f"sparkwizard.{r}" for r in rooms))]


def test_a_command_reads_nothing_of_the_others(tmp_path: Path) -> None:
    ours = read_by("runs", "--data-dir", tmp_path)
    others = ("cloud.choosing", "explain", "forget", "schedule", "sign_in", "support", "undo")
    assert ours.isdisjoint(f"sparkwizard.commands.{name}" for name in others)
