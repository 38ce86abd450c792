"""What options take: numbers within limits, shares, days. Imports nothing that takes time."""

import argparse
import math
from collections.abc import Callable

__all__ = ["PEOPLE", "between", "day", "percent"]


def between(least: int, most: float, tells: str) -> Callable[[str], int]:
    """Return what reads a whole number of these limits; ``tells`` is said of others."""

    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(tells)
        return int(text)

    return number


PEOPLE = between(1, math.inf, "at least 1")


def percent(text: str) -> int:
    """Read a share, with or without its sign."""
    return between(0, 100, "a share is between 0 and 100 percent")(text.removesuffix("%"))


def day(text: str) -> str:
    """Read a day as ``2027-11-28``."""
    from datetime import date  # noqa: PLC0415  not for each start

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written as 2027-11-28") from None
