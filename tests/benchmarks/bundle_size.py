"""The size of the bundle, against a bare window of PySide6-Essentials trimmed in the same way.

Both are built here, so this takes about two minutes; on a small size nothing is built.
"""

import importlib.util
from collections.abc import Iterator

from tests.benchmarks._built import bare_bundle, bytes_in, program_bundle
from tests.benchmarks.framework import Row, benchmark

__all__ = ["run"]


@benchmark("bundle size")
def run(scale: float) -> Iterator[Row]:
    """Compare unpacked sizes, each with the licence notices it owes."""
    if scale < 1 or importlib.util.find_spec("PyInstaller") is None:
        yield Row("bundle: not built on a small size, or without PyInstaller", 0.0, "B")
        return
    yield Row(
        "bundle, unpacked",
        bytes_in(program_bundle()),
        "B",
        "a bare window, trimmed in the same way",
        bytes_in(bare_bundle()),
        limit=1.2,
    )
