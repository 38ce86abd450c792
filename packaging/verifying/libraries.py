"""What the bundle needs of the system (Linux): no more than the package's dependencies bring."""

import re
import subprocess
from pathlib import Path

from bundling.debian import LIBRARIES
from verifying.frozen import Failed

__all__ = ["libraries_found", "needed_from_system"]

_NEEDED = re.compile(r"\(NEEDED\).*\[(?P<name>[^\]]+)\]")


def libraries_found(bundle: Path) -> str:
    """See that each library which a file is linked with lies in the bundle or is depended on."""
    needed = needed_from_system(bundle)
    missing = {name: users for name, users in needed.items() if name not in LIBRARIES}
    if missing:
        raise Failed(f"nothing brings these libraries: {missing}")
    return f"{len(needed)} from the system: {', '.join(sorted(needed))}"


def needed_from_system(bundle: Path) -> dict[str, str]:
    """Return the libraries that are not in the bundle, each with one file that needs it."""
    files = [file for file in bundle.rglob("*") if file.is_file() and _is_elf(file)]
    inside = {file.name for file in files}
    needed: dict[str, str] = {}
    for file in files:
        said = subprocess.run(
            ["readelf", "-d", str(file)], capture_output=True, text=True, check=True
        )
        needed |= {name: file.name for name in _NEEDED.findall(said.stdout) if name not in inside}
    return needed


def _is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"
