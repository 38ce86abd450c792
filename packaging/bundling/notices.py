"""Write the licence notices of everything in the bundle, and what the LGPL asks for Qt."""

import importlib.metadata
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from bundling.contents import Contents
from bundling.paths import PACKAGING, ROOT

__all__ = ["notices", "write_licences"]

_LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)[^/]*$|/licenses/[^/]+$")

QT = """\
Qt and PySide6
==============
SparkWizard uses Qt {version} and PySide6 {version} (Qt for Python), Copyright (C) The Qt Company
Ltd. and other contributors, under the GNU Lesser General Public License, version 3. Its text is in
LGPL-3.0.txt beside this file, that of the GNU General Public License, which it builds on, in
GPL-3.0.txt. Both libraries are used unchanged, as they are published on https://pypi.org under the
name PySide6-Essentials, and are linked dynamically.

You may replace them: they are ordinary files in the folder {folder}.
Put libraries of the same version, built by you, in their place under the same names; SparkWizard
loads them at its next start. Nothing checks or hinders that, and for this purpose you may examine
SparkWizard by reverse engineering. On macOS the program has to be signed again afterwards:
codesign --force --deep --sign - SparkWizard.app

Their complete source: https://download.qt.io/official_releases/qt/{series}/{version}/single/ and
https://download.qt.io/official_releases/QtForPython/pyside6/PySide6-{version}-src/ . For three
years from each release of SparkWizard its authors also send it to anybody who asks, on a medium
and for no more than that costs: open an issue where you found SparkWizard.
"""


def write_licences(bundle: Path, contents: Contents) -> None:
    """Write the folder ``licences`` into a bundle: our own, the notices, the texts they name."""
    folder = bundle / "licences"
    folder.mkdir(exist_ok=True)
    (folder / "NOTICES.txt").write_text(notices(contents), encoding="utf-8")
    (folder / "SparkWizard.txt").write_bytes((ROOT / "LICENSE").read_bytes())
    for text in sorted((PACKAGING / "licences").glob("*.txt")):
        (folder / text.name).write_bytes(text.read_bytes())


def notices(contents: Contents) -> str:
    """Return the notices of everything that others made."""
    return "\n\n".join(
        [
            "SparkWizard contains the works of others named below, each under its own licence.\n",
            _qt_notice(),
            _titled(f"Python {sys.version.split()[0]}", _python_licence()),
            *map(_distribution_notice, contents.distributions),
            *_system_notices(contents),
        ]
    )


def _qt_notice() -> str:
    version = importlib.metadata.version("PySide6-Essentials")
    series = ".".join(version.split(".")[:2])
    return QT.format(version=version, series=series, folder="_internal/PySide6 and its subfolders")


def _python_licence() -> str:
    base = Path(sysconfig.get_paths()["stdlib"])
    for file in (base / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"):
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise FileNotFoundError(f"Python's licence is not in {base}: it must be part of the notices")


def _distribution_notice(distribution: importlib.metadata.Distribution) -> str:
    about = distribution.metadata
    licence = about.get("License-Expression") or about.get("License") or _classified(about)
    texts = [
        file.read_text(encoding="utf-8").strip()
        for file in map(Path, map(str, map(distribution.locate_file, _licence_files(distribution))))
        if file.is_file()
    ]
    lines = [f"Licence: {licence.splitlines()[0][:200] if licence else 'see below'}", *texts]
    return _titled(f"{distribution.name} {distribution.version}", "\n\n".join(lines))


def _licence_files(distribution: importlib.metadata.Distribution) -> Iterator[str]:
    for file in distribution.files or ():
        if ".dist-info/" in str(file) and _LICENCE_FILE.search(str(file)):
            yield str(file)


def _classified(about: importlib.metadata.PackageMetadata) -> str:
    kinds = about.get_all("Classifier") or []
    return ", ".join(kind.rpartition(" :: ")[2] for kind in kinds if kind.startswith("License"))


def _system_notices(contents: Contents) -> Iterator[str]:
    """Yield one notice for each text: packages of one source have the same."""
    told: dict[str, list[str]] = {}
    for library in contents.system_libraries:
        file = Path("/usr/share/doc") / library.package / "copyright"
        text = file.read_text(encoding="utf-8", errors="replace") if library.package else ""
        package = f"{library.package} {library.version}".strip() or "of the system"
        told.setdefault(text, []).append(f"{library.file} ({package})")
    source = "Source: https://sources.debian.org, by the package's name and version\n\n"
    for text, libraries in told.items():
        yield _titled(", ".join(libraries), source + text)


def _titled(title: str, text: str) -> str:
    return f"{title}\n{'=' * len(title)}\n{text.strip()}\n"
