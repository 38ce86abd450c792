"""The charts of a report, as SVG within the page: shapes with words, never colour alone.

Each is an image with a title and a description; the page shows the same numbers as a table.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from sparkwizard.runs.reports.markup import Markup, element, joined

__all__ = ["Bar", "Part", "Tick", "bars", "donut", "timeline"]

_WIDTH = 640
_WIDE = 980
_ROW = 50
_LEFT = 96
_RIGHT = 70


class Bar(msgspec.Struct, frozen=True):
    """Hold what was predicted and done of one kind."""

    name: str
    predicted: int
    done: int


class Part(msgspec.Struct, frozen=True):
    """Hold one part of a whole; ``style`` is the class of its colour."""

    name: str
    number: int
    style: str


class Tick(msgspec.Struct, frozen=True):
    """Hold when one action came out, and how."""

    at: datetime
    failed: bool


def bars(rows: Sequence[Bar]) -> Markup:
    """Draw what was done over what was predicted, a row for each kind."""
    most = max((max(row.predicted, row.done) for row in rows), default=0) or 1
    drawn = joined(_bar(number, row, most) for number, row in enumerate(rows))
    said = "; ".join(f"{row.name}: {row.predicted:,} predicted, {row.done:,} done" for row in rows)
    return _image("bars", "Predicted and done", said, (_WIDTH, _ROW * len(rows)), drawn)


def _bar(number: int, row: Bar, most: int) -> Markup:
    top, room = number * _ROW + 8, _WIDTH - _LEFT - _RIGHT
    wide, done = (max(2.0, room * n / most) if n else 0.0 for n in (row.predicted, row.done))
    shapes = [
        _words(0, top + 20, row.name, "name"),
        _rect(_LEFT, top, wide, 12, "predicted"),
        _rect(_LEFT, top + 17, done, 12, "done"),
        _words(_LEFT + wide + 8, top + 10, f"{row.predicted:,}", "soft"),
        _words(_LEFT + done + 8, top + 28, f"{row.done:,}", "strong"),
    ]
    return joined(shapes)


def donut(parts: Sequence[Part], middle: str) -> Markup:
    """Draw the parts of a whole as a ring, with their numbers beside it."""
    total = sum(part.number for part in parts) or 1
    ring, place, around = [], 0.0, 2 * math.pi * 50
    for part in parts:
        share = part.number / total
        ring.append(
            element(
                "circle",
                class_=f"ring {part.style}",
                cx=70,
                cy=70,
                r=50,
                stroke_dasharray=f"{share * around:.2f} {around:.2f}",
                stroke_dashoffset=f"{-place * around:.2f}",
                transform="rotate(-90 70 70)",
            )
        )
        place += share
    middle_words = element("text", middle, class_="big", x=70, y=77, text_anchor="middle")
    said = "; ".join(f"{part.name}: {part.number:,}" for part in parts)
    drawn = joined([*ring, middle_words, *_legend(parts)])
    return _image("outcome", "How it came out", said, (300, 140), drawn)


def _legend(parts: Sequence[Part]) -> Iterator[Markup]:
    top = 70 - 13 * (len(parts) - 1)
    for number, part in enumerate(parts):
        line = top + 26 * number
        yield _rect(160, line - 6, 12, 12, part.style)
        yield _words(182, line + 5, f"{part.number:,} {part.name.lower()}", "name")


def timeline(ticks: Sequence[Tick], *, slots: int = 40) -> Markup:
    """Draw how many actions came out when; empty where all came at one moment."""
    if len({tick.at for tick in ticks}) < 2:
        return Markup("")
    first, last = min(t.at for t in ticks), max(t.at for t in ticks)
    heights = _slots(ticks, first, (last - first).total_seconds(), slots)
    most = max(sum(pair) for pair in heights)
    wide, tall = (_WIDE - 40) / slots, 90
    drawn = [
        _line(40, 100, _WIDE),
        _words(0, 18, f"{most:,}", "soft"),
        _words(0, 104, "0", "soft"),
    ]
    for number, (done, failed) in enumerate(heights):
        left, high, low = 40 + number * wide, tall * done / most, tall * failed / most
        drawn.append(_rect(left, 100 - high, wide - 1.5, high, "done"))
        drawn.append(_rect(left, 100 - high - low, wide - 1.5, low, "failed"))
    drawn.append(_words(40, 120, f"{first:%H:%M:%S}", "soft"))
    end = element("text", f"{last:%H:%M:%S}", class_="soft", x=_WIDE, y=120, text_anchor="end")
    said = (
        f"{len(ticks):,} actions from {first:%H:%M:%S} to {last:%H:%M:%S},"
        f" at most {most:,} in a fortieth of the time"
    )
    return _image("timeline", "The run over time", said, (_WIDE, 126), joined([*drawn, end]))


def _slots(
    ticks: Sequence[Tick], first: datetime, span: float, slots: int
) -> list[tuple[int, int]]:
    """Count done and failed in each slice of the time."""
    counted = [[0, 0] for _ in range(slots)]
    for tick in ticks:
        place = int((tick.at - first).total_seconds() / span * slots)
        counted[min(place, slots - 1)][tick.failed] += 1
    return [(done, failed) for done, failed in counted]


def _image(name: str, title: str, said: str, size: tuple[int, int], drawn: Markup) -> Markup:
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", said, id=f"{name}-desc"),
        drawn,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        viewBox=f"0 0 {size[0]} {size[1]}",
    )


def _rect(left: float, top: float, width: float, height: float, style: str) -> Markup:
    if not width or not height:
        return Markup("")
    return element(
        "rect",
        class_=style,
        x=f"{left:.1f}",
        y=f"{top:.1f}",
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        rx=2,
    )


def _words(left: float, line: float, words: str, style: str) -> Markup:
    return element("text", words, class_=style, x=f"{left:.1f}", y=f"{line:.1f}")


def _line(left: float, top: float, right: float) -> Markup:
    return element("line", class_="axis", x1=left, y1=top, x2=right, y2=top)
