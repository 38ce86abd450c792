"""Run the frozen program where nothing but itself can help it, and read every line it says."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Failed", "Frozen", "unexpected"]


class Failed(Exception):
    """Say what the frozen program did that it must not."""


@dataclass(frozen=True)
class Frozen:
    """Hold the program, an unrelated folder to run it in, and what its environment has besides."""

    program: Path
    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return an environment without PATH, Python's variables and the user's own home."""
        base = {"PATH": "", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        if sys.platform == "win32":  # without these not even a socket opens
            kept = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "COMSPEC")
            base |= {name: os.environ[name] for name in kept if name in os.environ}
            base |= {name: str(self.folder) for name in ("APPDATA", "LOCALAPPDATA", "USERPROFILE")}
        return base | dict(self.more)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program and leave it running."""
        return subprocess.Popen(
            [str(self.program), *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: str, code: int = 0, expected: Iterable[str] = ()) -> str:
        """Run to the end and return standard output.

        Raises ``Failed`` for another exit code, and for a line on standard error that matches none
        of the ``expected`` patterns.
        """
        process = self.start(*arguments)
        try:
            out, errors = process.communicate(timeout=120)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise Failed(f"{' '.join(arguments)} did not end within two minutes") from error
        said = f"{' '.join(arguments)} said:\n{errors}{out}"
        if process.returncode != code:
            raise Failed(f"exit code {process.returncode} in place of {code}; {said}")
        if lines := unexpected(errors, expected):
            raise Failed(f"unexpected: {lines}; {said}")
        return out

    def json(self, *arguments: str, code: int = 0, expected: Iterable[str] = ()) -> dict[str, Any]:
        """Run with ``--json`` and return the document; anything beside it raises ``Failed``."""
        out = self.run(*arguments, "--json", code=code, expected=expected)
        try:
            document: dict[str, Any] = json.loads(out)
        except ValueError as error:
            raise Failed(f"{' '.join(arguments)}: not one JSON document: {out}") from error
        return document


def unexpected(text: str, expected: Iterable[str] = ()) -> list[str]:
    """Return the lines that match none of the patterns; empty ones count for nothing."""
    patterns = [re.compile(pattern) for pattern in expected]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [line for line in lines if not any(pattern.fullmatch(line) for pattern in patterns)]
