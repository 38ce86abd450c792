"""The change-control pack: one file, complete, checkable, the same each time, without secrets."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from sparkwizard.net.redact import forget_secrets, register_secret
from sparkwizard.provisioning.types import Action, ActionKind, Reason
from sparkwizard.runs.papers.kept import RunPapers
from sparkwizard.runs.papers.made import papers_of
from sparkwizard.runs.reports.pack import pack_report
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import load_profile
from sparkwizard.values import replace
from tests.runs.journal.test_journal import PLAN
from tests.runs.reports.sample import sample_run
from tests.runs.tenant import Company, people

NAMES = {
    "README.txt",
    "SHA256SUMS",
    "manifest.json",
    "outcome.json",
    "plan.json",
    "report.csv",
    "report.html",
    "report.json",
    "setup.toml",
    "versions.json",
}
PROBLEM = Action(
    ActionKind.PROBLEM, "s99", "x@contoso.example", "Nobody", reasons=(Reason("odd", "Odd."),)
)


def papers() -> RunPapers:
    return papers_of(Profile("Contoso"), replace(PLAN, actions=(PROBLEM,)).sealed())


def opened(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def sample_pack() -> dict[str, bytes]:
    return opened(pack_report(*sample_run(), papers()))


def test_one_file_holds_setup_plan_outcome_reports_versions_and_hashes() -> None:
    assert set(sample_pack()) == NAMES


def test_the_manifest_names_each_file_with_its_hash() -> None:
    files = sample_pack()
    manifest = json.loads(files["manifest.json"])
    assert {entry["name"] for entry in manifest["files"]} == NAMES - {
        "README.txt",
        "SHA256SUMS",
        "manifest.json",
    }
    for entry in manifest["files"]:
        assert hashlib.sha256(files[entry["name"]]).hexdigest() == entry["sha256"]
        assert len(files[entry["name"]]) == entry["bytes"]


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="this system has no sha256sum")
def test_sha256sum_checks_the_whole_pack(tmp_path: Path) -> None:
    for name, content in sample_pack().items():
        (tmp_path / name).write_bytes(content)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert checked.stdout.count(": OK") == len(NAMES) - 1


def test_the_same_run_gives_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = pack_report(*sample_run(), papers())
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert pack_report(*sample_run(), papers()) == first


def test_the_plan_lists_every_change_and_problem_and_counts_who_was_left_out() -> None:
    run, actions = sample_run()
    plan = json.loads(sample_pack()["plan.json"])
    assert len(plan["actions"]) == len(actions) + 1
    assert plan["actions"][-1]["label"] == "Nobody"
    assert plan["left_out"] == {"unchanged": 1806, "skipped": 395}
    assert plan["digest"] == run.plan_digest
    assert plan["counts"] == run.counts.as_dict()


def test_the_outcome_lists_what_was_not_done_and_why() -> None:
    outcome = json.loads(sample_pack()["outcome.json"])
    assert (outcome["applied"], outcome["failed"], outcome["not_attempted"]) == (54, 3, 3)
    assert len(outcome["not_done"]) == 6
    assert all(one["message"] for one in outcome["not_done"])
    assert sum(outcome["applied_by_kind"].values()) == 54


def test_the_versions_are_those_that_applied_it() -> None:
    made = replace(papers(), versions={"sparkwizard": "0.0.1", "python": "3.12.0"})
    files = opened(pack_report(*sample_run(), made))
    assert json.loads(files["versions.json"])["sparkwizard"] == "0.0.1"
    assert {"python", "system", "httpx", "msgspec"} <= json.loads(
        sample_pack()["versions.json"]
    ).keys()


def test_what_an_older_version_did_not_keep_is_named_and_the_rest_is_there() -> None:
    files = opened(pack_report(*sample_run(), None))
    assert set(files) == NAMES - {"setup.toml", "versions.json"}
    manifest = json.loads(files["manifest.json"])
    assert manifest["not_kept"] == ["setup.toml", "versions.json"]


def test_no_secret_passes_wherever_it_hid() -> None:
    secret = "Zm9vYmFyYmF6cXV4_P0A1_5e60f08c-0000-4000-8000-7e7d6d6b0d2a"
    register_secret(secret)
    try:
        run, actions = sample_run()
        said = f"Refused: Bearer {secret}"
        leaky = [replace(r, message=said, tracking_id=secret) for r in actions]
        setup = replace(papers(), setup=f'name = "Contoso"\nnote = "{secret}"\n')
        files = opened(pack_report(replace(run, profile_name=secret), leaky, setup))
    finally:
        forget_secrets()
    forms = (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
    assert [(n, f) for n, text in files.items() for f in forms if f.encode() in text] == []


async def test_the_setup_of_a_real_run_can_be_read_back_and_is_the_one_that_was_applied(
    company: Company, tmp_path: Path
) -> None:
    company.employs(people(range(1, 4)))
    result = await company.sync()
    files = opened(company.services.report(result.run_id, "pack"))
    (tmp_path / "setup.toml").write_bytes(files["setup.toml"])
    read = load_profile(str(tmp_path / "setup.toml"), company.services.places).profile
    assert read == company.profile
    plan = json.loads(files["plan.json"])
    assert plan["profile_digest"] == read.digest
    assert [one["kind"] for one in plan["actions"]].count("create") == result.applied
    assert json.loads(files["outcome.json"])["applied"] == result.applied


async def test_the_pack_of_a_real_run_holds_no_token(company: Company) -> None:
    company.employs(people(range(1, 4)))
    result = await company.sync()
    files = opened(company.services.report(result.run_id, "pack"))
    tokens = [text.encode() for text in company.server.tokens.values()]
    assert [name for name, text in files.items() if any(t in text for t in tokens)] == []


async def test_a_pack_made_again_later_is_the_same(company: Company) -> None:
    company.employs(people(range(1, 4)))
    result = await company.sync()
    first = company.services.report(result.run_id, "pack")
    await company.sync()
    assert company.services.report(result.run_id, "pack") == first
