"""What the tests of the commands share: the real program in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.practice.server import PracticeServer, serve_in_thread


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


type Cli = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the processes share compiled modules, as an installed program does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("pycache")))
        yield


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def cli(data_dir: Path) -> Cli:
    """Run ``sparkwizard`` as a script would, with JSON and a data folder of the test's own."""

    def run(*arguments: object, env: Mapping[str, str] | None = None, text: bool = False) -> Ran:
        words = [str(argument) for argument in arguments]
        form = [] if text else ["--json"]
        done = subprocess.run(
            [sys.executable, "-m", "sparkwizard", *words, "--data-dir", str(data_dir), *form],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **(env or {})},
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def practice() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


def write_profile(
    folder: Path,
    *,
    tenant_url: str,
    organization_id: str,
    csv: Path,
    api_url: str = "",
    more: str = "",
) -> Path:
    """Write a setup as an administrator would by hand, mapping and limits left to the defaults."""
    api = f'api_url = "{api_url}"\n' if api_url else ""
    path = folder / "contoso.toml"
    path.write_text(
        f'version = 1\nname = "Contoso"\n[webex]\ntenant_url = "{tenant_url}"\n'
        f'organization_id = "{organization_id}"\n{api}'
        f'[source]\nkind = "csv"\npath = "{csv.as_posix()}"\n{more}',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the setup of the practice company, whose token is in the environment."""
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    return write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
    )
