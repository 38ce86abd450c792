"""The files that a Linux desktop reads: menu entry, icons, manual page, completions."""

import gzip

from bundling.completions import completions
from bundling.icons import SIZES
from bundling.paths import BUILD, PACKAGING, ROOT

__all__ = ["share_files"]


def share_files(version: str) -> dict[str, bytes]:
    """Return files by their place under ``share``; the icons were drawn before."""
    files = {
        f"icons/hicolor/{size}x{size}/apps/sparkwizard.png": (
            BUILD / "icons" / f"sparkwizard-{size}.png"
        ).read_bytes()
        for size in SIZES
    }
    files["icons/hicolor/scalable/apps/sparkwizard.svg"] = (
        ROOT / "resources" / "icons" / "sparkwizard.svg"
    ).read_bytes()
    files["applications/sparkwizard.desktop"] = (
        PACKAGING / "linux" / "sparkwizard.desktop"
    ).read_bytes()
    return files | completions() | _manual(version)


def _manual(version: str) -> dict[str, bytes]:
    """Return the manual page, packed without a date so that two builds give the same."""
    page = (ROOT / "resources" / "man" / "sparkwizard.1").read_bytes()
    if f"SparkWizard {version}".encode() not in page:
        raise ValueError(f"the manual page is not that of {version}: run packaging/man.py")
    return {"man/man1/sparkwizard.1.gz": gzip.compress(page, 9, mtime=0)}
