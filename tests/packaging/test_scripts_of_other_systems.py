"""What can be held of scripts that do not run here: Windows, macOS, the build service."""

import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bundling.paths import PACKAGING, ROOT
from sparkwizard.commands.line.arguments import parse

SETUP = (PACKAGING / "windows" / "sparkwizard.iss").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = [ROOT / ".ci" / "run", *sorted(PACKAGING.glob("*/*.sh"))]


def setting(name: str) -> str:
    found = re.search(rf"^{name}=(.+)$", SETUP, re.MULTILINE)
    assert found, name
    return found[1]


def test_the_setup_of_windows_serves_one_user_or_all_and_updates_in_place() -> None:
    assert setting("PrivilegesRequired") == "lowest"
    assert setting("PrivilegesRequiredOverridesAllowed").split() == ["dialog", "commandline"]
    assert setting("DefaultDirName").startswith("{autopf}")
    assert setting("AppId") == "{{7A1C5B0E-4C5D-4E36-9B1B-2F0C4D8E6A31}"  # never another one
    assert setting("UsePreviousAppDir") == "yes"


def test_the_uninstaller_asks_only_people_and_calls_a_command_that_exists() -> None:
    assert "if (Result <> '') or UninstallSilent then exit;" in SETUP
    assert "'forget --' + What + ' --yes'" in SETUP
    for what in re.findall(r"\(What = '(\w+)'\)", SETUP):
        options = parse(["forget", f"--{what}", "--yes"])
        assert (options.command, options.yes, getattr(options, what)) == ("forget", True, True)


def test_every_block_of_the_setups_code_is_closed() -> None:
    code = re.sub(r"'[^']*'|\{[^}]*\}", "", SETUP.partition("[Code]")[2])
    words = re.findall(r"\b(begin|end)\b", code, re.IGNORECASE)
    assert words.count("begin") == words.count("end")
    assert code.count("(") == code.count(")")


def test_an_unsigned_build_is_said_loudly_on_every_system() -> None:
    for script in ("windows/sparkwizard.iss", "windows/sign.ps1", "macos/make_dmg.sh"):
        assert "NOT SIGNED" in (PACKAGING / script).read_text(encoding="utf-8"), script


def test_the_entitlements_are_a_property_list_and_ask_for_no_more_than_python_needs() -> None:
    entitlements = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert all(entitlements.values())
    assert set(entitlements) == {
        "com.apple.security.cs.allow-unsigned-executable-memory",
        "com.apple.security.cs.disable-library-validation",
    }


@pytest.fixture
def mac(tmp_path: Path) -> Path:
    """Stand in for the tools of macOS: each writes down how it was called."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("codesign", "hdiutil", "xcrun", "spctl"):
        tool = tools / name
        tool.write_text(f'#!/bin/sh\necho "{name} $*" >> "$CALLS"\n')
        tool.chmod(0o755)
    app = tmp_path / "SparkWizard.app" / "Contents" / "MacOS"
    app.mkdir(parents=True)
    (app / "library.dylib").write_bytes(b"")
    return tmp_path


def made_dmg(mac: Path, **more: str) -> tuple[list[str], str]:
    calls = mac / "calls"
    calls.write_text("")
    done = subprocess.run(
        [PACKAGING / "macos" / "make_dmg.sh", mac / "SparkWizard.app", mac / "out.dmg"],
        env={"PATH": f"{mac / 'tools'}:/usr/bin:/bin", "CALLS": str(calls), **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return calls.read_text().splitlines(), done.stderr


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="a script of bash")


@needs_bash
def test_without_an_identity_the_image_is_made_and_the_lack_is_told(mac: Path) -> None:
    calls, said = made_dmg(mac)
    assert [call.split()[0] for call in calls] == ["hdiutil"]
    assert "NOT SIGNED" in said
    assert "NOT NOTARIZED" in said


@needs_bash
def test_with_an_identity_libraries_are_signed_before_the_program_and_then_the_image(
    mac: Path,
) -> None:
    calls, said = made_dmg(
        mac,
        SPARKWIZARD_MACOS_IDENTITY="Developer ID Application: Somebody",
        SPARKWIZARD_NOTARY_KEY="/key.p8",
        SPARKWIZARD_NOTARY_KEY_ID="id",
        SPARKWIZARD_NOTARY_ISSUER="issuer",
    )
    order = [" ".join((call.split()[0], call.split()[-1].rpartition("/")[2])) for call in calls]
    assert order == [
        "codesign library.dylib",
        "codesign SparkWizard.app",
        "codesign SparkWizard.app",  # looks at the signature
        "hdiutil out.dmg",
        "codesign out.dmg",
        "xcrun issuer",
        "xcrun out.dmg",
        "spctl out.dmg",
    ]
    assert "--options runtime" in calls[0]
    assert said == ""


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_and_say_which_version_that_is(workflow: Path) -> None:
    uses = re.findall(r"uses: (.+)", workflow.read_text(encoding="utf-8"))
    assert uses
    for action in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.slow
def test_workflows_fit_githubs_schema_and_hide_no_known_weakness() -> None:
    files = map(str, WORKFLOWS)
    schema = ("--builtin-schema", "vendor.github-workflows")
    run([sys.executable, "-m", "check_jsonschema", *schema, *files])
    dependabot = ("--builtin-schema", "vendor.dependabot", str(ROOT / ".github/dependabot.yml"))
    run([sys.executable, "-m", "check_jsonschema", *dependabot])
    run([str(Path(sys.executable).with_name("zizmor")), "--offline", str(ROOT / ".github")])


@pytest.mark.slow
def test_shell_scripts_have_no_known_mistakes() -> None:
    run([str(Path(sys.executable).with_name("shellcheck")), *map(str, SCRIPTS)])


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
