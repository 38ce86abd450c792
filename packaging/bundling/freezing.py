"""What the spec files need of PyInstaller; imported only while it runs."""

import json
import posixpath
from pathlib import Path
from typing import Any

from PyInstaller.depend.bindepend import get_imports  # type: ignore[import-untyped]  # has no types

__all__ = ["linked_libraries", "note_contents", "without_slow_hooks"]

_SLOW_HOOKS = frozenset(
    {"pyi_rth_inspect", "pyi_rth_multiprocessing", "pyi_rth_pkgutil", "pyi_rth_setuptools"}
)
"""Run before each start, each with imports that the program does without.

They serve ``inspect.getsource``, ``pkgutil.iter_modules`` and processes of ``multiprocessing`` in a
frozen program; nobody asks for those here.
"""


def linked_libraries(file: str) -> list[str]:
    """Return the names of the libraries that a binary file is linked with."""
    return [posixpath.basename(name.replace("\\", "/")) for name, _path in get_imports(file)]


def without_slow_hooks(scripts: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the scripts of an analysis without those that only slow the start down."""
    return [script for script in scripts if script[0] not in _SLOW_HOOKS]


def note_contents(analysis: Any, file: Path) -> None:
    """Write what goes into the bundle, and from where, for notices and bill of materials."""
    lists = {"pure": analysis.pure, "binaries": analysis.binaries, "datas": analysis.datas}
    contents = {
        name: sorted([entry[0], str(entry[1])] for entry in entries)
        for name, entries in lists.items()
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(contents, indent=1), encoding="utf-8")
