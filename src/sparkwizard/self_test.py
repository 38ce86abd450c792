"""What an installation must pass before it is trusted: each part tried once, reported as JSON."""

import asyncio
import importlib
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sparkwizard import __version__

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication

__all__ = ["run_self_test"]

_CHATTER = "This plugin does not support propagateSizeHints"
_TRIAL_ORGANIZATION = "self-test"

# Every import below is late on purpose: one that fails is a finding, not the end of the test.
# ruff: noqa: PLC0415


def run_self_test(file: str, *, keyring: bool = False) -> int:
    """Try every part, write the result as JSON to ``file`` (``-``: standard output).

    ``keyring`` also saves an entry in the keyring of this system, reads it back, replaces and
    deletes it. Returns 0 if all passed, else 1.
    """
    wanted = _CHECKS | ({"keyring entry": _keyring_entry} if keyring else {})
    checks = {name: _tried(check) for name, check in wanted.items()}
    document = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "passed": all(not said.startswith("FAILED") for said in checks.values()),
        "checks": checks,
    }
    text = json.dumps(document, indent=1) + "\n"
    if file == "-":
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, encoding="utf-8")
    return 0 if document["passed"] else 1


def _tried(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is this check's result
        return f"FAILED {type(error).__name__}: {error}"


def _version() -> str:
    installed = importlib.metadata.version("sparkwizard")
    if installed != __version__:
        raise RuntimeError(f"the package says {installed}, the program {__version__}")
    return installed


def _place() -> str:
    """See that a frozen program runs from its own folder alone."""
    home = Path(sys.prefix)
    if not getattr(sys, "frozen", False):
        return f"not frozen, in {home}"
    outside = [path for path in sys.path if not Path(path).is_relative_to(home)]
    if outside:
        raise RuntimeError(f"modules would be read from outside of {home}: {outside}")
    return f"frozen, in {home}"


def _trust() -> str:
    from sparkwizard.net.trust.system import system_context

    system_context()
    return "the operating system's certificates"


def _keyring() -> str:
    from sparkwizard.setup.secrets import backend_name

    return backend_name()


def _keyring_entry() -> str:
    from sparkwizard.setup.secrets import KeyringStore, SecretName, StoredSecret

    store, name = KeyringStore(), SecretName.WEBEX
    try:
        for token in ("an entry of the self-test", "another: Zoë 李"):
            secret = StoredSecret(token, ("https://self-test.invalid",))
            store.save(_TRIAL_ORGANIZATION, name, secret)
            if store.load(_TRIAL_ORGANIZATION, name) != secret:
                raise RuntimeError("what was saved was not read back")
    finally:
        store.delete(_TRIAL_ORGANIZATION, name)
    if store.load(_TRIAL_ORGANIZATION, name) is not None:
        raise RuntimeError("what was deleted is still there")
    return "saved, read back, replaced, deleted"


def _sign_in() -> str:
    # by name: the libraries are the business of the sign-in alone
    library = importlib.import_module("msal")
    importlib.import_module("msal_extensions")
    return f"msal {library.__version__}"


def _journal() -> str:
    from sparkwizard.runs.journal import Journal

    with tempfile.TemporaryDirectory() as folder:
        Journal(Path(folder) / "journal.sqlite3", lambda: datetime.now().astimezone()).close()
    return "opens"


def _practice_company() -> str:
    from sparkwizard.practice.company.people import hand_made_people

    return f"{len(list(hand_made_people()))} people"


def _icons() -> str:
    from sparkwizard.gui.look.icons import ICON_NAMES, icon_pixmap
    from sparkwizard.gui.resources import program_icon

    with _application():
        pictures = {name: icon_pixmap(name, 20) for name in ICON_NAMES}
        pictures["the program's own"] = program_icon().pixmap(48)
        empty = [name for name, picture in pictures.items() if not _has_colour(picture)]
    if empty:
        raise RuntimeError(f"nothing is painted for {empty}")
    return f"{len(pictures)} painted"


def _has_colour(picture: "QPixmap") -> bool:
    image = picture.toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(x, y).alpha() for x, y in places)


def _translations() -> str:
    from PySide6.QtCore import QTranslator

    from sparkwizard.gui.resources import resource_folder

    languages = sorted(resource_folder().glob("translations/*.qm"))
    broken = [file.name for file in languages if not QTranslator().load(str(file))]
    if broken:
        raise RuntimeError(f"can't be loaded: {broken}")
    return ", ".join(["English", *(file.stem for file in languages)])


def _loop() -> str:
    from sparkwizard.gui import aio

    async def work() -> int:
        await asyncio.sleep(0.001)
        return await aio.run_blocking(sum, (20, 22))

    with _application() as app:
        if aio.run(app, work) != 42:
            raise RuntimeError("a coroutine lost its result")
    return "a coroutine and a thread"


def _pages() -> str:
    from PySide6.QtCore import QSettings

    from sparkwizard.gui import aio
    from sparkwizard.gui.shell import Shell

    pages: list[object] = []

    async def construct(folder: Path) -> None:
        settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        shell = Shell(data_dir=folder, practice=False, settings=settings)
        pages.extend(shell.pages.values())
        shell.closed.set()
        await shell.run()

    with tempfile.TemporaryDirectory() as folder, _application() as app:
        aio.run(app, lambda: construct(Path(folder)))
    return f"{len(pages)} constructed"


@contextmanager
def _application() -> Iterator["QApplication"]:
    """Yield the application; whatever Qt complains of meanwhile fails the check."""
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    said: list[str] = []
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    before = qInstallMessageHandler(lambda _kind, _context, text: said.append(text))
    try:
        existing = QApplication.instance()
        yield existing if isinstance(existing, QApplication) else QApplication(["sparkwizard"])
    finally:
        qInstallMessageHandler(before)
    complaints = [text for text in said if _CHATTER not in text]
    if complaints:
        raise RuntimeError(f"Qt said: {'; '.join(complaints)}")


_CHECKS: dict[str, Callable[[], str]] = {
    "version": _version,
    "place": _place,
    "trust": _trust,
    "keyring": _keyring,
    "journal": _journal,
    "sign-in": _sign_in,
    "practice": _practice_company,
    "icons": _icons,
    "translations": _translations,
    "loop": _loop,
    "pages": _pages,
}
