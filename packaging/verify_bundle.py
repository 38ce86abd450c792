"""Verify the frozen program: ``uv run packaging/verify_bundle.py [FOLDER]``.

Takes ``dist/sparkwizard``, or another folder with the program, to a place of its own, and tries it
there with an empty PATH and without Python. The first thing that is not as it must be ends it with
exit code 1. Photographs of the window are left in ``build/photographs``.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bundling.paths import BUILD, DIST, ROOT

sys.path.insert(0, str(ROOT))  # the tests' Secret Service

from verifying.commands import practice_run, self_test, version
from verifying.frozen import Failed, Frozen

type Step = Callable[[], str]


def main() -> int:
    """Run every step that this system knows and tell each result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path, default=DIST / "sparkwizard")
    parser.add_argument("--in-place", action="store_true", help="try it where it is installed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        bundle = options.bundle.resolve()
        if not options.in_place:
            bundle = shutil.copytree(bundle, Path(scratch) / "moved", symlinks=True)
        folder = Path(scratch) / "elsewhere"
        folder.mkdir()
        for name, step in steps(bundle, folder).items():
            began = time.monotonic()
            try:
                said = step()
            except Failed as failure:
                print(f"FAILED {name}: {failure}", file=sys.stderr)
                return 1
            print(f"{name:12} {time.monotonic() - began:5.1f} s  {said}", flush=True)
    return 0


def steps(bundle: Path, folder: Path) -> dict[str, Step]:
    """Return what is tried, in order; a window and a keyring of our own exist on Linux only."""
    program = bundle / ("sparkwizard.exe" if sys.platform == "win32" else "sparkwizard")
    frozen = Frozen(program, folder)
    found: dict[str, Step] = {
        "version": lambda: version(frozen),
        "self-test": lambda: self_test(frozen),
        "practice": lambda: practice_run(frozen),
    }
    if sys.platform == "linux":
        found |= _on_linux(bundle, frozen)
    return found


def _on_linux(bundle: Path, frozen: Frozen) -> dict[str, Step]:
    from verifying.keyring import keyring_kept  # noqa: PLC0415  needs what only Linux has
    from verifying.libraries import libraries_found  # noqa: PLC0415
    from verifying.window import window_shown  # noqa: PLC0415

    pictures = BUILD / "photographs"
    pictures.mkdir(parents=True, exist_ok=True)
    return {
        "libraries": lambda: libraries_found(bundle),
        "keyring": lambda: keyring_kept(frozen),
        "window": lambda: window_shown(frozen, pictures),
    }


if __name__ == "__main__":
    sys.exit(main())
