"""A setup that asks for groups, with a file as its source."""

from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, write_profile


def test_groups_with_a_file_are_a_finding_and_no_error(
    cli: Cli, practice: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    profile = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
        more="[groups]\nprovision = true\n",
    )
    previewed = cli("preview", "--profile", profile)
    assert previewed.code == 0, previewed.err
    findings = {one["code"]: one["text"] for one in previewed.json["findings"]}
    assert "Groups are not provisioned" in findings["no-groups-in-source"]
