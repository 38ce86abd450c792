"""Build the program that administrators install: ``uv run packaging/build.py``.

Makes ``dist/sparkwizard`` (on macOS ``dist/SparkWizard.app`` too) with notices and a bill of
materials; ``--installers`` adds the installers of this system. The same command everywhere.
"""

import argparse
import os
import shutil
import subprocess
import sys

from bundling.contents import Contents
from bundling.installers import make_installers
from bundling.materials import write_materials
from bundling.notices import write_licences
from bundling.paths import BUILD, DIST, PACKAGING, ROOT
from bundling.version import VERSION, version_info


def main() -> int:
    """Build what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--installers", action="store_true", help="make the installers too")
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    (BUILD / "version-info.txt").write_text(version_info(VERSION), encoding="utf-8")
    _run("-m", "bundling.icons", str(BUILD / "icons"))
    _freeze()
    contents = Contents.of_last_build()
    if strangers := contents.strangers():
        print(f"The bundle holds what the product does not need: {strangers}", file=sys.stderr)
        return 1
    write_licences(DIST / "sparkwizard", contents)
    write_materials(DIST / "sparkwizard" / "licences" / "materials.cdx.json", VERSION, contents)
    print(f"{DIST / 'sparkwizard'}: {_megabytes():.0f} MB")
    if options.installers:
        for file in make_installers(VERSION):
            print(f"{file}: {file.stat().st_size / 1e6:.0f} MB")
    return 0


def _freeze() -> None:
    for old in (DIST / "sparkwizard", DIST / "SparkWizard.app"):
        shutil.rmtree(old, ignore_errors=True)
    _run(
        *("-m", "PyInstaller", str(PACKAGING / "sparkwizard.spec"), "--noconfirm"),
        *("--distpath", str(DIST), "--workpath", str(BUILD / "pyinstaller"), "--log-level", "WARN"),
    )


def _run(*arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGING)}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)


def _megabytes() -> float:
    files = (file for file in (DIST / "sparkwizard").rglob("*") if not file.is_symlink())
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(main())
