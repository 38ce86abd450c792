"""The two bundles that size and start are measured on, built once in a run of the benchmarks."""

import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from bundling.contents import Contents
from bundling.notices import write_licences

ROOT = Path(__file__).parents[2]
SPEC = Path(__file__).with_name("_bare_window.spec")

__all__ = ["bare_bundle", "bytes_in", "program_bundle"]


@cache
def program_bundle() -> Path:
    """Build the program by the one command and return its folder."""
    subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "build.py")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return ROOT / "dist" / "sparkwizard"


@cache
def bare_bundle() -> Path:
    """Build the bare window beside it, trimmed in the same way, and return its folder."""
    place = Path(tempfile.gettempdir()) / "sparkwizard-bare-window"
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", str(SPEC), "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(place / "dist"), "--workpath", str(place / "build")),
        ],
        check=True,
        capture_output=True,
    )
    bundle = place / "dist" / "bare"
    (noted,) = place.rglob("contents.json")
    write_licences(bundle, Contents.of_last_build(noted))  # whoever passes it on owes them too
    return bundle


def bytes_in(folder: Path) -> int:
    """Return how much the files of a folder hold; a link holds nothing."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files)
