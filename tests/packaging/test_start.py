"""The frozen program's first lines: what was set for it alone reaches no program it starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bundling.paths import PACKAGING

_RUN = """
import json, os, runpy, sys, types
stand_in = types.ModuleType("sparkwizard.__main__")
def program():
    told = {name: os.environ.get(name) for name in sys.argv[2:] if not name.startswith("--")}
    told["streams"] = [getattr(sys, name) is not None for name in ("stdin", "stdout", "stderr")]
    open(sys.argv[1], "w").write(json.dumps(told))
    print("nobody reads this")
    return 7
stand_in.program = program
sys.modules["sparkwizard.__main__"] = stand_in
if "--windowed" in sys.argv:
    sys.stdin = sys.stdout = sys.stderr = None
runpy.run_path(START, run_name="__main__")
"""
NAMES = ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH")


def told(file: Path, *arguments: str, **environment: str) -> dict[str, object]:
    code = _RUN.replace("START", repr(str(PACKAGING / "start.py")))
    command = [sys.executable, "-c", code, str(file), *NAMES, *arguments]
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    ran = subprocess.run(command, env=kept | environment, capture_output=True, check=False)
    assert ran.returncode == 7, ran.stderr
    said: dict[str, object] = json.loads(file.read_text())
    return said


def test_the_loaders_path_is_given_back_as_it_was(tmp_path: Path) -> None:
    said = told(tmp_path / "told", LD_LIBRARY_PATH="/bundle", LD_LIBRARY_PATH_ORIG="/own")
    assert (said["LD_LIBRARY_PATH"], said["LD_LIBRARY_PATH_ORIG"]) == ("/own", None)


def test_a_path_that_was_not_there_before_is_gone(tmp_path: Path) -> None:
    assert told(tmp_path / "told", LD_LIBRARY_PATH="/bundle")["LD_LIBRARY_PATH"] is None


def test_only_the_bundles_own_plugins_are_hidden_from_other_programs(tmp_path: Path) -> None:
    ours = str(PACKAGING / "PySide6" / "plugins")
    assert told(tmp_path / "told", QT_PLUGIN_PATH=ours)["QT_PLUGIN_PATH"] is None
    theirs = told(tmp_path / "told", QT_PLUGIN_PATH="/usr/lib/qt6/plugins")
    assert theirs["QT_PLUGIN_PATH"] == "/usr/lib/qt6/plugins"


def test_a_program_without_a_console_prints_into_nothing(tmp_path: Path) -> None:
    assert told(tmp_path / "told", "--windowed")["streams"] == [True, True, True]
