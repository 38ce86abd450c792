"""Draw the program's icon in every size and in the containers of Windows and macOS.

Run as a program (``python -m bundling.icons FOLDER``), so that the build itself needs no window.
"""

import struct
import sys
from pathlib import Path

from bundling.paths import ROOT

__all__ = ["SIZES", "draw_icons", "icns", "ico"]

SOURCE = ROOT / "resources" / "icons" / "sparkwizard.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_ICNS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}
"""Types of ICNS that hold a PNG (Apple's IconServices; 24, 48 are none of macOS)."""


def draw_icons(folder: Path) -> dict[int, bytes]:
    """Write ``sparkwizard-N.png``, ``sparkwizard.ico`` and ``.icns``; return the PNGs by size."""
    folder.mkdir(parents=True, exist_ok=True)
    images = {size: _draw(size, folder / f"sparkwizard-{size}.png") for size in SIZES}
    (folder / "sparkwizard.ico").write_bytes(ico(images))
    (folder / "sparkwizard.icns").write_bytes(icns(images))
    return images


def ico(images: dict[int, bytes]) -> bytes:
    """Return an icon of Windows: PNG images up to 256 pixels, the smallest first."""
    chosen = sorted((size, content) for size, content in images.items() if size <= 256)
    header, offset = struct.pack("<HHH", 0, 1, len(chosen)), 6 + 16 * len(chosen)
    entries = []
    for size, content in chosen:
        edge = size % 256  # a byte: 0 stands for 256
        entries.append(struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(content), offset))
        offset += len(content)
    return header + b"".join(entries) + b"".join(content for _, content in chosen)


def icns(images: dict[int, bytes]) -> bytes:
    """Return an icon of macOS: one block for each size that it knows."""
    blocks = [
        _ICNS[size] + struct.pack(">I", 8 + len(content)) + content
        for size, content in sorted(images.items())
        if size in _ICNS
    ]
    body = b"".join(blocks)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def _draw(size: int, file: Path) -> bytes:
    from PySide6.QtCore import Qt  # noqa: PLC0415  only to draw
    from PySide6.QtGui import QImage, QPainter  # noqa: PLC0415
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    if not image.save(str(file)):
        raise OSError(f"{file} can't be written")
    return file.read_bytes()


if __name__ == "__main__":
    draw_icons(Path(sys.argv[1]))
