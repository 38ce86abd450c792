"""The window of the frozen program, really shown on a screen of Xvfb, and photographed."""

import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from verifying.frozen import Failed, Frozen, unexpected
from verifying.screen import Photograph, Screen, screen

__all__ = ["window_shown"]

SIZE = (960, 680)
FEWEST_COLOURS = 60  # a page has text with smoothed edges, icons, tints; a blank one a handful
_SECONDS = 30.0


def window_shown(frozen: Frozen, pictures: Path) -> str:
    """Show the first page, with a new setup and in practice; save a photograph of each."""
    told = []
    for name, arguments in (("first-page", ()), ("practice", ("--practice",))):
        with screen() as shown:
            picture = _photographed(frozen, shown, arguments)
        picture.save(pictures / f"{name}.png")
        told.append(f"{name}.png {' by '.join(map(str, SIZE))}, {picture.colours()} colours")
    return "; ".join(told)


def _photographed(frozen: Frozen, shown: Screen, arguments: tuple[str, ...]) -> Photograph:
    here = replace(frozen, more={**frozen.more, "DISPLAY": shown.display, "QT_QPA_PLATFORM": "xcb"})
    data = ("--data-dir", str(frozen.folder / "-".join(("window", *arguments))))
    process = here.start(*arguments, *data)
    try:
        picture = _settled(process, shown)
    except Failed:
        process.kill()
        out, errors = process.communicate()
        raise Failed(f"no window was shown; it said: {out}{errors}") from None
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=30)
    if process.returncode or unexpected(out + errors):
        raise Failed(f"the window ended with {process.returncode}: {out}{errors}")
    return picture


def _settled(process: subprocess.Popen[str], shown: Screen) -> Photograph:
    """Return the picture that stays: opening is over once nothing turns or changes any more."""
    end, before, since = time.monotonic() + _SECONDS, b"", time.monotonic()
    while time.monotonic() < end and process.poll() is None:
        picture = shown.photograph()
        if picture.pixels != before:
            before, since = picture.pixels, time.monotonic()
        elif time.monotonic() - since > 2.0 and _is_a_page(picture):
            return picture
        time.sleep(0.2)
    raise Failed("no page was painted")


def _is_a_page(picture: Photograph) -> bool:
    return picture.window() == SIZE and picture.colours() >= FEWEST_COLOURS
