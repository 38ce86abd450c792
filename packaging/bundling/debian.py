"""Make the Debian package, with dpkg-deb alone."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from bundling.completions import PLACES
from bundling.linux_files import share_files
from bundling.paths import BUILD, DIST, ROOT

__all__ = ["LIBRARIES", "control", "debian_version", "make_deb", "newest_glibc"]

LIBRARIES = {
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libc.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libutil.so.1": "libc6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb.so.1": "libxcb1",
}
"""Libraries that must be the system's own (its graphics drivers build on them), and who has them.

Everything else lies in the bundle; the verification fails for a library that is in neither.
"""

# configuration and data that libraries of the bundle read
_DATA = ("ca-certificates", "fontconfig-config", "xkb-data")
_RECOMMENDED = ("gnome-keyring | kwalletmanager | keepassxc", "xdg-utils", "libx11-data")
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")
# zsh of Debian looks for packages' functions there, and for the administrator's in site-functions
_DEBIANS_OWN = {PLACES["zsh"]: "zsh/vendor-completions/_sparkwizard"}
_PLACE = Path("usr/lib/sparkwizard")


def make_deb(version: str) -> Path:
    """Return the package made from the last bundle."""
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    bundle = tree / _PLACE
    shutil.copytree(DIST / "sparkwizard", bundle, symlinks=True)
    _share(tree / "usr" / "share", version)
    program = tree / "usr" / "bin" / "sparkwizard"
    program.parent.mkdir(parents=True)
    program.symlink_to(Path("..") / "lib" / "sparkwizard" / "sparkwizard")
    _describe(tree, version, newest_glibc(bundle))
    _make_readable(tree)
    package = DIST / f"sparkwizard_{debian_version(version)}_{_architecture()}.deb"
    # every system with this glibc knows zstd; xz takes ten times as long for a fifth less
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(tree), str(package)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return package


def debian_version(version: str) -> str:
    """Return the version in Debian's order, in which ``~`` comes before the release itself."""
    return re.sub(r"[.-]?(a|b|rc|dev)(\d+)", r"~\1\2", version)


def control(version: str, *, glibc: str, kibibytes: int, architecture: str) -> str:
    """Return the control file (Debian Policy, 5.3)."""
    libraries = sorted(set(LIBRARIES.values()) - {"libc6"})
    depends = [f"libc6 (>= {glibc})", *sorted((*libraries, *_DATA))]
    return (
        "Package: sparkwizard\n"
        f"Version: {debian_version(version)}\n"
        f"Architecture: {architecture}\n"
        "Maintainer: The SparkWizard authors <authors@sparkwizard.invalid>\n"
        f"Installed-Size: {kibibytes}\n"
        f"Depends: {', '.join(depends)}\n"
        f"Recommends: {', '.join(_RECOMMENDED)}\n"
        "Section: admin\n"
        "Priority: optional\n"
        "Description: bring people from Microsoft Entra ID into Cisco Webex\n"
        " A wizard and commands for administrators. It shows beforehand what would happen to\n"
        " each person, then does exactly that, and can take it back.\n"
    )


def newest_glibc(bundle: Path) -> str:
    """Return the newest version of glibc that a file of the bundle asks for."""
    found = {(2, 17)}
    for file in _binaries(bundle):
        said = subprocess.run(
            ["readelf", "-V", str(file)], capture_output=True, text=True, check=True
        )
        found |= {(int(major), int(minor)) for major, minor in _GLIBC.findall(said.stdout)}
    return ".".join(map(str, max(found)))


def _binaries(bundle: Path) -> Iterable[Path]:
    for file in bundle.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                if opened.read(4) == b"\x7fELF":
                    yield file


def _share(share: Path, version: str) -> None:
    for place, content in share_files(version).items():
        file = share / _DEBIANS_OWN.get(place, place)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    about = share / "doc" / "sparkwizard"
    about.mkdir(parents=True)
    (about / "copyright").write_text(_copyright(), encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (about / "changelog.gz").write_bytes(gzip.compress(changes, 9, mtime=0))


def _copyright() -> str:
    ours = (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    body = "\n".join(f" {line}" if line.strip() else " ." for line in ours.splitlines()[2:])
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: SparkWizard\n"
        "Comment: The notices of everything that is bundled, and how to replace Qt, are in\n"
        f" /{_PLACE}/licences.\n\n"
        "Files: *\nCopyright: 2026 The SparkWizard authors\nLicense: Expat\n"
        f"{body}\n"
    )


def _describe(tree: Path, version: str, glibc: str) -> None:
    files = [file for file in sorted(tree.rglob("*")) if file.is_file() and not file.is_symlink()]
    size = sum(file.stat().st_size for file in files)
    sums = [
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}"
        f"  {file.relative_to(tree)}\n"
        for file in files
    ]
    about = tree / "DEBIAN"
    about.mkdir()
    text = control(version, glibc=glibc, kibibytes=size // 1024 + 1, architecture=_architecture())
    (about / "control").write_text(text, encoding="utf-8")
    (about / "md5sums").write_text("".join(sums), encoding="utf-8")


def _make_readable(tree: Path) -> None:
    """Give everybody the right to read, and to run what runs, whatever the builder's umask."""
    for file in (tree, *tree.rglob("*")):
        if not file.is_symlink():
            runs = file.is_dir() or os.access(file, os.X_OK)
            file.chmod(0o755 if runs else 0o644)


def _architecture() -> str:
    said = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()
