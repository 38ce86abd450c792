"""How long it takes from the start of a program to its window on the screen.

Looked at from outside, in the memory of a screen of Xvfb: the program is not changed for it, so
the frozen and the unfrozen one are measured alike. The end is the first frame in which the page's
title stands, not the empty ground of a window.
"""

import mmap
import os
import struct
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from verifying.screen import HEIGHT, WIDTH, Screen, screen

__all__ = ["FEWEST_SHADES", "Watched", "compiled_once", "watched_screen"]

FEWEST_SHADES = 12
"""How many colours a line of smooth letters has at least; the ground of a window has one or two."""
_SECONDS = 60.0


def compiled_once(home: Path) -> dict[str, str]:
    """Return an environment in which modules are compiled once, as those of a program are."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(home / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


class Watched:
    """Time programs on one screen."""

    def __init__(self, shown: Screen, home: Path) -> None:
        self._display, self._home = shown.display, home
        with shown.buffer.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header, colours = (
            struct.unpack_from(">I", self._memory, 0),
            struct.unpack_from(">I", self._memory, 76),
        )
        self._start = header[0] + colours[0] * 12

    def seconds(self, command: Sequence[str]) -> float:
        """Start a program, wait for its first page, end it, and return how long the page took.

        Raises ``TimeoutError`` where none appears.
        """
        shown = {"DISPLAY": self._display, "QT_QPA_PLATFORM": "xcb", "HOME": str(self._home)}
        environment = compiled_once(self._home) | shown
        self._wait(shown=False)
        began = time.perf_counter()
        program = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self._wait(shown=True)
            return time.perf_counter() - began
        finally:
            program.kill()
            program.wait(20)

    def _wait(self, *, shown: bool) -> None:
        end = time.perf_counter() + _SECONDS
        while time.perf_counter() < end:
            if (self._shades() >= FEWEST_SHADES) == shown:
                return
            time.sleep(0.001)
        raise TimeoutError("no page appeared" if shown else "the page stayed")

    def _shades(self) -> int:
        """Return how many colours stand in the band where both windows have their first words."""
        row = WIDTH * 4
        left, found = (WIDTH // 2 - 260) * 4, set[bytes]()
        for line in range(HEIGHT // 2 - 320, HEIGHT // 2 - 180, 3):
            at = self._start + line * row + left
            pixels = self._memory[at : at + 1600]
            found.update(pixels[place : place + 4] for place in range(0, 1600, 4))
        return len(found)


@contextmanager
def watched_screen(home: Path) -> Iterator[Watched]:
    """Start a screen to time programs on."""
    with screen() as shown:
        yield Watched(shown, home)
