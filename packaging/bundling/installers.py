"""Make the installers of this system from the last bundle, and their checksums."""

import gzip
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

from bundling.paths import BUILD, DIST, PACKAGING
from bundling.version import four_numbers

__all__ = ["make_installers", "tar_gz", "write_checksums"]


def make_installers(version: str) -> list[Path]:
    """Return the installers made; raises ``CalledProcessError`` if a tool refuses."""
    if sys.platform == "win32":
        files = [_inno_setup(version)]
    elif sys.platform == "darwin":
        files = [_disk_image(version)]
    else:
        files = _for_linux(version)
    files += _papers(version)
    sums = DIST / f"SHA256SUMS-{sys.platform}"
    write_checksums(sums, files)
    return [*files, sums]


def _papers(version: str) -> list[Path]:
    """Lay the notices and the bill of materials beside the installers too."""
    licences, name = DIST / "sparkwizard" / "licences", f"{version}-{sys.platform}"
    papers = {
        "materials.cdx.json": f"sparkwizard-{name}.cdx.json",
        "NOTICES.txt": f"NOTICES-{name}.txt",
    }
    return [Path(shutil.copy(licences / old, DIST / new)) for old, new in papers.items()]


def write_checksums(file: Path, files: Iterable[Path]) -> None:
    """Write what ``sha256sum --check`` reads."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    file.write_text("".join(lines), encoding="utf-8", newline="\n")


def tar_gz(file: Path, folders: dict[str, Path], more: dict[str, bytes]) -> None:
    """Pack folders and single files under the names given; the same input gives the same bytes."""
    moment = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))

    def neutral(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = moment
        return member

    with (
        file.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=moment) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, folder in folders.items():
            for path in (folder, *sorted(folder.rglob("*"))):
                place = (Path(name) / path.relative_to(folder)).as_posix()
                archive.add(path, place, recursive=False, filter=neutral)
        for name, content in more.items():
            member = neutral(tarfile.TarInfo(name))
            member.size, member.mode = len(content), 0o755 if name.endswith(".sh") else 0o644
            archive.addfile(member, io.BytesIO(content))


def _for_linux(version: str) -> list[Path]:
    from bundling.debian import make_deb  # noqa: PLC0415  Linux only
    from bundling.linux_files import share_files  # noqa: PLC0415

    name = f"sparkwizard-{version}"
    more = {f"{name}/share/{place}": content for place, content in share_files(version).items()}
    more[f"{name}/install.sh"] = (PACKAGING / "linux" / "install.sh").read_bytes()
    archive = DIST / f"{name}-linux-{platform.machine()}.tar.gz"
    tar_gz(archive, {f"{name}/sparkwizard": DIST / "sparkwizard"}, more)
    if not shutil.which("dpkg-deb"):
        print("NO .deb WAS MADE: dpkg-deb is not installed here.", file=sys.stderr)
        return [archive]
    return [make_deb(version), archive]


def _inno_setup(version: str) -> Path:
    numbers = ".".join(map(str, four_numbers(version)))
    signing = (PACKAGING / "windows" / "sign.ps1").resolve()
    powershell = ("powershell", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", str(signing))
    for program in ("sparkwizard.exe", "sparkwizardw.exe"):
        subprocess.run([*powershell, str(DIST / "sparkwizard" / program)], check=True)
    subprocess.run(
        [
            *("iscc", "/Qp", f"/DVersion={version}", f"/DNumbers={numbers}"),
            *(f"/DBundle={DIST / 'sparkwizard'}", f"/DIcons={BUILD / 'icons'}", f"/O{DIST}"),
            *(f"/Ssign=powershell -NoProfile -ExecutionPolicy Bypass -File $q{signing}$q $f",),
            str(PACKAGING / "windows" / "sparkwizard.iss"),
        ],
        check=True,
    )
    return DIST / f"SparkWizard-{version}-setup.exe"


def _disk_image(version: str) -> Path:
    image = DIST / f"SparkWizard-{version}-{platform.machine()}.dmg"
    script = PACKAGING / "macos" / "make_dmg.sh"
    subprocess.run([str(script), str(DIST / "SparkWizard.app"), str(image)], check=True)
    return image
