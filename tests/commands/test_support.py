"""``support`` gathers what helps, without secrets, and says what it gathered."""

import zipfile
from pathlib import Path

from tests.commands.conftest import Cli


def test_it_lists_what_it_wrote_and_no_token_is_in_it(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "support.zip"
    ran = cli("support", "--out", out, env={"SPARKWIZARD_TOKEN": "a-token-that-must-not-leak"})
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(out) as archive:
        assert [entry["name"] for entry in ran.json["entries"]] == archive.namelist()
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "a-token-that-must-not-leak" not in whole
    assert "SPARKWIZARD_TOKEN" in whole


def test_it_overwrites_nothing(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "support.zip"
    out.write_text("mine")
    ran = cli("support", "--out", out)
    assert ran.json["error"]["code"] == "file-exists"
    assert out.read_text() == "mine"
