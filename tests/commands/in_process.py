"""Run a command without a process of its own: the same door, a hundred times as fast."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparkwizard.__main__ import main
from sparkwizard.net.retry import set_waiting
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from tests.commands.conftest import Ran, write_profile

type Run = Callable[..., Ran]

HEADER = b"userPrincipalName,displayName,givenName,surname,objectId,accountEnabled\n"
ADELE = b"adele@contoso.example,Adele Vance,Adele,Vance,0-1,True\n"


@pytest.fixture
def run(
    capsysbinary: pytest.CaptureFixture[bytes], data_dir: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[Run]:
    """Run one command with JSON and a data folder of the test's own; no traceback may show."""
    logger = logging.getLogger("sparkwizard")

    def once(*arguments: object, text: bool = False) -> Ran:
        capsysbinary.readouterr()
        words = [str(argument) for argument in arguments]
        form = [] if text else ["--json"]
        try:
            code = main([*words, "--data-dir", str(data_dir), *form])
        except SystemExit as end:  # argparse: wrong usage
            code = int(end.code or 0)
        shown = capsysbinary.readouterr()
        ran = Ran(code, shown.out.decode("utf-8", "replace"), shown.err.decode("utf-8", "replace"))
        assert "Traceback" not in ran.out + ran.err
        return ran

    yield once
    left = [handler for handler in logger.handlers if isinstance(handler, logging.FileHandler)]
    assert left == [], "a command left its log open"


def told(ran: Ran, *, code: str, exit_code: int = 1) -> str:
    """Hold that a command ended with one readable sentence and its fix; return the sentence."""
    assert ran.code == exit_code, ran
    document = json.loads(ran.out)
    error = document["error"]
    assert set(error) == {"code", "message", "fix"}
    assert error["code"] == code, error
    for words in (error["message"], error["fix"]):
        assert len(words) > 6, error
        assert words.strip()[-1] in ".?”", words
        assert "!" not in words
        assert "Errno" not in words
    message = error["message"]
    assert isinstance(message, str)
    return message


def no_other_files(folder: Path, *names: str) -> None:
    """Hold that nothing half-written lies in a folder."""
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    set_waiting(False)
    yield
    set_waiting(True)


@pytest.fixture(scope="module")
def served() -> Iterator[PracticeServer]:
    """One practice tenant for all tests that do not write to it."""
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(HEADER + ADELE)
    return path


@pytest.fixture
def profile(
    tmp_path: Path, served: PracticeServer, people: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", served.token)
    return write_profile(
        tmp_path,
        tenant_url=served.tenant_url,
        organization_id=served.organization_id,
        api_url=served.api_url,
        csv=people,
    )


def edit(profile: Path, old: str, new: str) -> Path:
    text = profile.read_text("utf-8")
    assert old in text
    profile.write_text(text.replace(old, new), encoding="utf-8")
    return profile


@pytest.fixture
def plan(run: Run, profile: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    assert run("preview", "--profile", profile, "--out", path).code == 0
    return path
