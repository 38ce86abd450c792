"""One window for each setup: who opens it again brings the window that is open to the front.

A window holds a file for what it shows. Who can't have it leaves a note beside it, and the holder
answers by taking the note away. Files rather than a socket: nothing listens, nothing is left over
that a crash could break, and QtNetwork stays out of the bundle.
"""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import IO

from sparkwizard.errors import StorageError
from sparkwizard.runs.processes.held_file import hold, let_go
from sparkwizard.setup.places import Places, private_folder, write_private

__all__ = ["DRAFT", "WIZARD", "Claims", "setup_key"]

WIZARD = "wizard"
"""What a window holds that shows no saved setup."""
DRAFT = "draft"
"""What a window holds that keeps the draft: there is one of it in a data folder."""

_LOOK_SECONDS = 0.02


def setup_key(profile_id: str) -> str:
    """Return what a window holds that shows a saved setup."""
    import hashlib  # noqa: PLC0415  the first window does without

    return f"setup-{hashlib.sha256(profile_id.encode()).hexdigest()[:16]}"


class Claims:
    """Hold what the windows of this process show. Where files can't be made, it holds nothing."""

    def __init__(self, places: Places) -> None:
        self.folder = places.data_dir / "windows"
        self._held: dict[str, IO[bytes]] = {}

    def take(self, key: str) -> bool:
        """Hold ``key`` until it is given back; False while a window of another process does."""
        if key in self._held:
            return True
        try:
            file = hold(self.folder / f"{key}.open")
        except StorageError:
            return True  # the window opens all the same
        if file is None:
            return False
        with contextlib.suppress(OSError):
            file.write(str(os.getpid()).encode())
            file.truncate()  # emptied first, some disks would write at once, and be waited for
        self._held[key] = file
        return True

    def give_back(self, key: str) -> None:
        """Let another window show ``key``."""
        file = self._held.pop(key, None)
        if file is not None:
            let_go(file)

    def close(self) -> None:
        """Give everything back."""
        for key in list(self._held):
            self.give_back(key)

    def watched(self) -> str:
        """Return the folder in which calls arrive, made if it is missing; empty if it can't be."""
        try:
            private_folder(self.folder)
        except StorageError:
            return ""
        return str(self.folder)

    def calls(self) -> list[str]:
        """Return what this process is called to the front for, each once.

        What the caller's desktop handed out to let a window come forward is put into place.
        """
        called = []
        for key in self._held:
            note = self.folder / f"{key}.call"
            with contextlib.suppress(OSError):
                token = note.read_text("utf-8").strip()
                note.unlink()
                called.append(key)
                if token:
                    os.environ["XDG_ACTIVATION_TOKEN"] = token
        return called

    def call(self, key: str, *, within: float = 3.0) -> bool:
        """Ask the window that holds ``key`` to come to the front; tell whether it answered.

        Blocks for at most ``within`` seconds.
        """
        note = self.folder / f"{key}.call"
        _let_come_forward(self.folder / f"{key}.open")
        try:
            write_private(note, os.environ.get("XDG_ACTIVATION_TOKEN", "").encode())
        except StorageError:
            return False
        end = time.monotonic() + within
        while time.monotonic() < end:
            if not note.exists():
                return True
            time.sleep(_LOOK_SECONDS)
        with contextlib.suppress(OSError):
            note.unlink()
        return False


def _let_come_forward(holder: Path) -> None:
    """Hand this process's right to come to the front over to the holder; Windows keeps it else."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  Windows only

        with contextlib.suppress(OSError, ValueError):
            ctypes.windll.user32.AllowSetForegroundWindow(int(holder.read_text("utf-8")))
