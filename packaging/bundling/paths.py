"""Where the checkout is, and where a build puts things."""

from pathlib import Path

__all__ = ["BUILD", "DIST", "PACKAGING", "ROOT"]

PACKAGING = Path(__file__).resolve().parents[1]
ROOT = PACKAGING.parent
BUILD = ROOT / "build"
DIST = ROOT / "dist"
