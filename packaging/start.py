"""Start the frozen program: what the bootloader changed for it must not reach other programs."""

import os
import sys
from pathlib import Path


def _give_back_environment() -> None:
    """Take out what was set for this process only, and has been read by now.

    The loader's path and Qt's plugins would otherwise be handed on to a browser, systemctl or
    gnome-keyring, which would then load libraries of this bundle
    (pyinstaller.org: "LD_LIBRARY_PATH considerations").
    """
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        before = os.environ.pop(f"{name}_ORIG", None)
        if before:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)
    bundle = Path(__file__).parent
    for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        if Path(os.environ.get(name, "")).is_relative_to(bundle):
            del os.environ[name]  # Qt finds its plugins beside itself


def _give_streams() -> None:
    """Open the standard streams that a windowed program of Windows lacks."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115  for good
            setattr(sys, name, stream)


_give_streams()
_give_back_environment()

from sparkwizard.__main__ import program  # noqa: E402

sys.exit(program())
