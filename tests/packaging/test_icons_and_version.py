"""Icons, version information, checksums, release text: what the build generates."""

import hashlib
import io
import struct
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bundling.icons import SOURCE, icns, ico
from bundling.installers import tar_gz, write_checksums
from bundling.paths import PACKAGING, ROOT
from bundling.release_text import release_text
from bundling.version import VERSION, four_numbers, version_info
from sparkwizard import __version__


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    command = [sys.executable, "-m", "bundling.icons", str(folder)]
    subprocess.run(command, cwd=PACKAGING, check=True)
    return folder


def png_size(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_the_icon_of_the_window_is_the_drawing_beside_it(drawn: Path) -> None:
    from PySide6.QtGui import QImage

    fresh = QImage(str(drawn / "sparkwizard-128.png"))
    kept = QImage(str(SOURCE.with_suffix(".png")))
    assert fresh == kept, "draw it again: cp build/icons/sparkwizard-128.png resources/icons/…"


def test_windows_finds_each_size_where_the_icon_says_it_is(drawn: Path) -> None:
    content = (drawn / "sparkwizard.ico").read_bytes()
    _, kind, count = struct.unpack("<HHH", content[:6])
    assert (kind, count) == (1, 7)
    entries = list(struct.iter_unpack("<BBBBHHII", content[6 : 6 + 16 * count]))
    for width, _, _, _, _, bits, size, offset in entries:
        image = content[offset : offset + size]
        assert png_size(image) == (width or 256, width or 256)
        assert bits == 32


def test_macos_finds_every_block_by_its_length(drawn: Path) -> None:
    content = (drawn / "sparkwizard.icns").read_bytes()
    assert content[:4] == b"icns"
    assert struct.unpack(">I", content[4:8])[0] == len(content)
    at, sizes = 8, []
    while at < len(content):
        length = struct.unpack_from(">I", content, at + 4)[0]
        sizes.append(png_size(content[at + 8 : at + length])[0])
        at += length
    assert sizes == [16, 32, 64, 128, 256, 512]


def test_containers_hold_what_they_were_given() -> None:
    images = {16: b"sixteen", 512: b"large"}
    assert ico(images).endswith(b"sixteen")
    assert icns(images).endswith(b"large")


def test_the_version_is_the_programs() -> None:
    assert __version__ == VERSION


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("0.1.0rc2", (0, 1, 0, 0)), ("2.0", (2, 0, 0, 0))],
)
def test_windows_compares_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert four_numbers(version) == numbers
    assert f"filevers={numbers}" in version_info(version)


def test_the_version_information_is_what_pyinstaller_evaluates() -> None:
    kinds = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct")
    names = dict.fromkeys((*kinds, "VarFileInfo", "VarStruct"), _Record)
    made = eval(version_info("1.2.3"), names)
    assert made.named["ffi"].named["prodvers"] == (1, 2, 3, 0)
    strings, translation = made.named["kids"]
    told = dict(entry.given for entry in strings.given[0][0].given[1])
    assert told["ProductVersion"] == "1.2.3"
    assert told["OriginalFilename"] == "sparkwizard.exe"
    assert translation.given[0][0].given == ("Translation", [1033, 1200])


class _Record:
    """Stand in for a class of PyInstaller, which needs a library that only Windows has."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.given, self.named = given, named


def test_checksums_are_what_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"content")
    write_checksums(tmp_path / "SUMS", [tmp_path / "a.deb"])
    digest = hashlib.sha256(b"content").hexdigest()
    assert (tmp_path / "SUMS").read_text() == f"{digest}  a.deb\n"


def test_an_archive_of_the_same_files_has_the_same_bytes_and_keeps_what_runs(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "program").write_bytes(b"x")
    (folder / "program").chmod(0o755)
    for name in ("one.tar.gz", "two.tar.gz"):
        tar_gz(tmp_path / name, {"top/bundle": folder}, {"top/install.sh": b"#!/bin/sh\n"})
        (folder / "program").touch()
    one = (tmp_path / "one.tar.gz").read_bytes()
    assert one == (tmp_path / "two.tar.gz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(one)) as archive:
        modes = {member.name: member.mode for member in archive if member.isfile()}
    assert modes == {"top/bundle/program": 0o755, "top/install.sh": 0o755}


CHANGES = "# Changelog\n\n## Unreleased\n\n### Added\n- New.\n\n## 0.1.0 (2026-11-01)\n- First.\n"


@pytest.mark.parametrize(
    ("version", "text"), [("0.1.0", "- First."), ("9.9.9", "### Added\n- New.")]
)
def test_the_release_text_is_the_section_of_the_version_or_what_is_unreleased(
    version: str, text: str
) -> None:
    assert release_text(CHANGES, version).strip() == text


def test_this_version_has_a_release_text() -> None:
    assert len(release_text((ROOT / "CHANGELOG.md").read_text("utf-8"), VERSION)) > 100
