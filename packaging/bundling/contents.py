"""What a bundle holds of others: the distributions its modules come from, and system libraries."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement

from bundling.paths import BUILD

__all__ = ["Contents", "SystemLibrary"]


@dataclass(frozen=True, order=True)
class SystemLibrary:
    """Name a library taken from the system that built the bundle; Debian's package where known."""

    file: str
    package: str = ""
    version: str = ""


@dataclass(frozen=True)
class Contents:
    """Hold the files that the last build took, as ``note_contents`` wrote them."""

    sources: tuple[str, ...]

    @classmethod
    def of_last_build(cls, file: Path = BUILD / "contents.json") -> "Contents":
        """Read what the last build noted in a file."""
        noted: Mapping[str, list[list[str]]] = json.loads(file.read_text(encoding="utf-8"))
        return cls(tuple(source for entries in noted.values() for _, source in entries))

    @cached_property
    def distributions(self) -> tuple[importlib.metadata.Distribution, ...]:
        """Return the distributions that at least one file comes from, by name, ours left out."""
        here = set(self.sources)
        found = {
            distribution.name.lower(): distribution
            for distribution in importlib.metadata.distributions()
            if distribution.name != "sparkwizard"
            and any(
                str(distribution.locate_file(file)) in here
                for file in distribution.files or ()
                if ".dist-info/" not in str(file)  # metadata alone is no use of a library
            )
        }
        return tuple(found[name] for name in sorted(found))

    def strangers(self) -> list[str]:
        """Return bundled distributions that the product does not depend on: tools of ours."""
        wanted = _required("sparkwizard") | {"pyinstaller"}  # its bootloader
        return [found.name for found in self.distributions if _normal(found.name) not in wanted]

    @cached_property
    def system_libraries(self) -> tuple[SystemLibrary, ...]:
        """Return the libraries of the system that lie in the bundle (Linux)."""
        python = [sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib")]
        files = [
            Path(source)
            for source in self.sources
            if re.search(r"\.so[.\d]*$", source)
            and Path(source).is_absolute()
            and not any(source.startswith(folder) for folder in python)
            and not Path(source).name.startswith("libpython")
        ]
        return tuple(sorted({_identified(file) for file in files}))


def _required(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Return the normal names of what a distribution depends on, directly or not."""
    found: set[str] = set()
    ahead = [(name, extras)]
    while ahead:
        owner, chosen = ahead.pop()
        for text in _requirements(owner):
            requirement = Requirement(text)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": extra}) for extra in (*chosen, "")):
                continue
            if _normal(requirement.name) not in found or requirement.extras:
                found.add(_normal(requirement.name))
                ahead.append((requirement.name, frozenset(requirement.extras)))
    return found


def _requirements(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []  # of another system


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _identified(file: Path) -> SystemLibrary:
    if not shutil.which("dpkg-query"):
        return SystemLibrary(file.name)
    for place in (file, file.resolve(), Path("/usr") / file.resolve().relative_to("/")):
        owner = _said("dpkg-query", "--search", str(place)).partition(":")[0]
        if owner:
            version = _said("dpkg-query", "--show", "--showformat=${Version}", owner)
            return SystemLibrary(file.name, owner, version.splitlines()[0] if version else "")
    return SystemLibrary(file.name)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
