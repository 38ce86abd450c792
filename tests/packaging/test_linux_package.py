"""The Debian package and the files of a Linux desktop."""

import configparser
import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

from bundling.debian import LIBRARIES, control, debian_version
from bundling.paths import PACKAGING


@pytest.mark.parametrize(
    ("version", "expected"),
    [("0.1.0", "0.1.0"), ("0.2.0rc1", "0.2.0~rc1"), ("1.0.0.dev3", "1.0.0~dev3")],
)
def test_a_release_follows_its_candidates(version: str, expected: str) -> None:
    assert debian_version(version) == expected


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg compares the versions")
def test_debian_orders_versions_as_they_were_made() -> None:
    for old, new in itertools.pairwise(["0.1.0", "0.2.0a1", "0.2.0rc1", "0.2.0", "0.2.1"]):
        versions = (debian_version(old), "lt", debian_version(new))
        subprocess.run(["dpkg", "--compare-versions", *versions], check=True)


def test_the_package_depends_on_what_no_bundle_can_bring() -> None:
    text = control("0.1.0", glibc="2.36", kibibytes=140_000, architecture="amd64")
    fields = dict(line.split(": ", 1) for line in text.splitlines() if line[0] != " ")
    depends = fields["Depends"].split(", ")
    assert depends[0] == "libc6 (>= 2.36)"
    assert set(LIBRARIES.values()) - {"libc6"} <= set(depends)
    assert {"ca-certificates", "fontconfig-config", "xkb-data"} <= set(depends)
    assert fields["Installed-Size"] == "140000"


def test_the_menu_entry_starts_the_program_and_offers_practice() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]  # keys keep their case
    entry.read(PACKAGING / "linux" / "sparkwizard.desktop", encoding="utf-8")
    main = entry["Desktop Entry"]
    assert (main["Type"], main["Exec"], main["Icon"]) == (
        "Application",
        "sparkwizard",
        "sparkwizard",
    )
    for action in filter(None, main["Actions"].split(";")):
        assert entry[f"Desktop Action {action}"]["Exec"] == "sparkwizard --practice"


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """Stand in for an unpacked archive."""
    here = tmp_path / "sparkwizard-0.1.0"
    for file in ("sparkwizard/sparkwizard", "share/applications/sparkwizard.desktop"):
        path = here / file
        path.parent.mkdir(parents=True)
        path.write_text("#!/bin/sh\necho started\n")
        path.chmod(0o755)
    shutil.copy(PACKAGING / "linux" / "install.sh", here)
    return here


def test_the_archive_installs_updates_and_removes_itself_and_nothing_else(
    unpacked: Path, tmp_path: Path
) -> None:
    prefix = tmp_path / "with a space"
    other = prefix / "bin" / "other"
    other.parent.mkdir(parents=True)
    other.write_text("")
    for _ in ("installs", "updates"):
        subprocess.run([unpacked / "install.sh", prefix], check=True, stdout=subprocess.DEVNULL)
    said = subprocess.run([prefix / "bin" / "sparkwizard"], capture_output=True, check=True)
    assert said.stdout == b"started\n"
    assert (prefix / "share" / "applications" / "sparkwizard.desktop").is_file()
    subprocess.run(
        [unpacked / "install.sh", "--remove", prefix], check=True, stdout=subprocess.DEVNULL
    )
    assert [path for path in prefix.rglob("*") if path.is_file()] == [other]
