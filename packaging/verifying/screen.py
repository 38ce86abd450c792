"""A screen of Xvfb, and photographs of it; needs no other program."""

import os
import select
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from verifying.frozen import Failed

__all__ = ["Photograph", "Screen", "screen"]

WIDTH, HEIGHT = 1280, 900


@dataclass(frozen=True)
class Photograph:
    """Hold a picture as rows of three bytes a pixel."""

    width: int
    height: int
    pixels: bytes

    def colours(self) -> int:
        """Return how many different colours there are."""
        return len({self.pixels[at : at + 3] for at in range(0, len(self.pixels), 3)})

    def window(self) -> tuple[int, int]:
        """Return width and height of what is not the bare, black screen."""
        row = self.width * 3
        lines = [self.pixels[at : at + row] for at in range(0, len(self.pixels), row)]
        bare = bytes(row)
        shown = [line for line in lines if line != bare]
        left = min((row - len(line.lstrip(b"\0"))) // 3 for line in shown) if shown else 0
        right = max(-(-len(line.rstrip(b"\0")) // 3) for line in shown) if shown else 0
        return right - left, len(shown)

    def save(self, file: Path) -> None:
        """Write a PNG (RFC 2083)."""
        row = self.width * 3
        lines = (self.pixels[at : at + row] for at in range(0, len(self.pixels), row))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        data = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
        parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
        file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts))


@dataclass(frozen=True)
class Screen:
    """Hold a running screen: its name for DISPLAY, and where its pixels lie."""

    display: str
    buffer: Path

    def photograph(self) -> Photograph:
        """Return what is on the screen: Xvfb's buffer is an X window dump, 32 bits a pixel."""
        content = self.buffer.read_bytes()
        header, _, _, _, width, height = struct.unpack_from(">6I", content)
        stride, colours = (
            struct.unpack_from(">I", content, 48)[0],
            struct.unpack_from(">I", content, 76)[0],
        )
        start = header + colours * 12
        pixels = bytearray()
        for line in range(height):
            bgrx = content[start + line * stride : start + line * stride + width * 4]
            rgb = bytearray(width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = bgrx[2::4], bgrx[1::4], bgrx[0::4]
            pixels += rgb
        return Photograph(width, height, bytes(pixels))


@contextmanager
def screen() -> Iterator[Screen]:
    """Start Xvfb on a free display and end it; raises ``Failed`` where it does not start."""
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-noreset"),
                *("-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", folder),
            ],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        try:
            yield Screen(f":{_display(reading)}", Path(folder) / "Xvfb_screen0")
        finally:
            server.terminate()
            server.wait(20)
            os.close(reading)


def _display(reading: int) -> str:
    ready, _, _ = select.select([reading], [], [], 20)
    number = os.read(reading, 16).decode().strip() if ready else ""
    if not number:
        raise Failed("Xvfb did not start")
    return number


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
