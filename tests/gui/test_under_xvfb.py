"""The same road in a real X window: a display, a keyboard focus, a window that is exposed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb is not installed here")
@pytest.mark.slow
def test_a_new_user_gets_people_into_webex_in_a_real_window() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    environ |= {"QT_QPA_PLATFORM": "xcb", "SPARKWIZARD_TEST_DISPLAY": "1"}
    environ.pop("WAYLAND_DISPLAY", None)
    roads = ("gets_from_the_first_page", "cancelling_midway")
    command = [
        *("xvfb-run", "-a", "-s", "-screen 0 1280x900x24"),
        *(sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider"),
        *(str(HERE / "test_whole_wizard.py"), "-k", " or ".join(roads)),
    ]
    ran = subprocess.run(
        command, env=environ, cwd=HERE.parent.parent, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert f"{len(roads)} passed" in ran.stdout
