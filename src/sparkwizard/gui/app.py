"""Open the window: paint first, read the rest of the program from disk after that."""

import gc
import sys
import time
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from sparkwizard import __version__
from sparkwizard.gui.look.theme import apply_theme
from sparkwizard.gui.opening import OpeningWindow
from sparkwizard.gui.resources import program_icon
from sparkwizard.runs.processes.claims import WIZARD, Claims
from sparkwizard.setup.places import Places

__all__ = ["run_gui"]

_PAINT_SECONDS = 0.5


def run_gui(*, practice: bool, data_dir: Path | None, profile: str | None) -> int:
    """Show the wizard, or the overview of ``profile``, until it is closed; return 0.

    ``practice`` opens against the simulated company; ``data_dir`` holds setups, journal and logs.
    What is open already on this data folder comes to the front instead.
    """
    places = Places.chosen(data_dir, practice=practice)
    claims = Claims(places)
    if profile is None and not claims.take(WIZARD) and claims.call(WIZARD):
        return 0
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("SparkWizard")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("sparkwizard")  # Wayland takes the icon from there
    apply_theme(app)
    settings = QSettings(str(places.data_dir / "window.ini"), QSettings.Format.IniFormat)
    opening = OpeningWindow(settings, start=profile is None)
    opening.show()
    _paint(app, opening)
    app.setWindowIcon(program_icon())
    # asyncio, the network and the journal take longer to read than the whole of Qt
    from sparkwizard.gui.session import Session  # noqa: PLC0415

    session = Session(places, settings, claims, practice=practice, data_dir=data_dir)
    gc.enable()  # all is read from disk (see ``__main__``)
    session.run(app, opening, profile)
    return 0


def _paint(app: QApplication, opening: OpeningWindow) -> None:
    """Let Qt paint before any loop runs, and give up where no screen asks for it."""
    end = time.monotonic() + _PAINT_SECONDS
    while not opening.painted and time.monotonic() < end:
        app.processEvents()
