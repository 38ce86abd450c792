"""Mix every colour and size of the program from the system's palette and font.

Only the semantic colours (success, warning, danger) are fixed; the rest follows the palette roles,
and each colour that carries text is corrected until it reads at 4.5 to 1 on its background.
"""

from enum import StrEnum
from typing import Literal, NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

__all__ = [
    "RADIUS_CARD",
    "RADIUS_CHIP",
    "RADIUS_CONTROL",
    "SPACE",
    "FontRole",
    "Theme",
    "Tone",
    "contrast",
    "mix",
]


class Space(NamedTuple):
    """Name the distances of the look in logical pixels."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741  a size beside xs, s, m, xl, never a loop variable
    xl: int = 20
    xxl: int = 28


SPACE = Space()
RADIUS_CARD, RADIUS_CONTROL, RADIUS_CHIP = 8, 6, 5


class Tone(StrEnum):
    """Say what a colour means, so that widgets never name a colour."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    ON_ACCENT = "on_accent"
    DISABLED = "disabled"


type FontRole = Literal[
    "body", "strong", "note", "section", "heading", "name", "title", "tile", "huge", "mono"
]

_SCALE: dict[str, float] = {
    "title": 1.62,
    "name": 1.15,
    "heading": 1.1,
    "section": 1.08,
    "note": 0.92,
    "tile": 1.7,
    "huge": 2.6,
}
_BOLD = frozenset({"strong", "section", "heading", "title", "tile", "huge", "name"})
_SEMANTIC = {
    False: {"success": "#1b7340", "warning": "#8a5300", "danger": "#b3261e"},
    True: {"success": "#6fcf97", "warning": "#f0b849", "danger": "#ff8f85"},
}
_READABLE = 4.5
_EDGE = 3.1


def mix(top: QColor, bottom: QColor, share: float) -> QColor:
    """Lay ``share`` (0 to 1) of ``top`` over ``bottom``."""
    rest = 1 - share
    return QColor(
        round(top.red() * share + bottom.red() * rest),
        round(top.green() * share + bottom.green() * rest),
        round(top.blue() * share + bottom.blue() * rest),
    )


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _readable(color: QColor, text: QColor, *grounds: QColor, least: float = _READABLE) -> QColor:
    """Mix ``color`` towards ``text`` in steps of 4% until it reads on every ground."""
    for step in range(26):
        mixed = mix(text, color, step * 0.04)
        if all(contrast(mixed, ground) >= least for ground in grounds):
            return mixed
    return text


def _text_on(ground: QColor, wanted: QColor) -> QColor:
    """Return ``wanted`` if it reads on ``ground``, else black or white."""
    if contrast(wanted, ground) >= _READABLE:
        return wanted
    return max((QColor("#000000"), QColor("#ffffff")), key=lambda c: contrast(c, ground))


class Theme(NamedTuple):
    """Hold every colour of one moment; ``Theme.current()`` is what widgets paint with."""

    dark: bool
    base: QColor
    window: QColor
    rail: QColor
    button: QColor
    text: QColor
    muted: QColor
    disabled: QColor
    line: QColor
    button_edge: QColor
    edge: QColor
    track: QColor
    sunken: QColor
    tint: QColor
    selection: QColor
    rail_selection: QColor
    accent: QColor
    on_accent: QColor
    success: QColor
    warning: QColor
    danger: QColor

    @classmethod
    def current(cls) -> "Theme":
        """Return the theme in force, mixed from the application's palette at first use."""
        if not _in_force:
            _in_force.append(cls.from_palette(QApplication.palette()))
        return _in_force[0]

    def make_current(self) -> None:
        """Have every widget paint with this theme from now on."""
        _in_force[:] = [self]

    @classmethod
    def from_palette(cls, palette: QPalette) -> "Theme":
        """Mix a theme from palette roles; a colour that would not read is corrected."""
        role = QPalette.ColorRole
        base, text, window = (palette.color(r) for r in (role.Base, role.Text, role.Window))
        dark = _luminance(base) < _luminance(text)
        tint_share, selection_share = (0.11, 0.18) if dark else (0.10, 0.13)
        raw_accent = palette.color(role.Accent)
        grounds = (base, mix(raw_accent, base, tint_share), mix(raw_accent, base, selection_share))
        accent = _readable(raw_accent, text, *grounds)
        selection = mix(accent, base, selection_share)
        rail = mix(QColor("#000000"), window, 0.15) if dark else mix(text, window, 0.037)
        muted = _readable(mix(base, text, 0.30 if dark else 0.31), text, base, selection, rail)
        meanings = {}
        for name, value in _SEMANTIC[dark].items():
            color = QColor(value)
            tint = mix(color, base, 0.13 if dark else 0.08)
            meanings[name] = _readable(color, text, base, tint)
        return cls(
            dark=dark,
            base=base,
            window=window,
            rail=rail,
            button=palette.color(role.Button) if dark else base,
            text=text,
            muted=muted,
            disabled=mix(text, base, 0.42),
            line=mix(text, window, 0.15 if dark else 0.13),
            button_edge=mix(text, window, 0.20),
            edge=_readable(mix(text, base, 0.42 if dark else 0.47), text, base, least=_EDGE),
            track=mix(text, base, 0.10 if dark else 0.16),
            sunken=window,
            tint=mix(accent, base, tint_share),
            selection=selection,
            rail_selection=mix(accent, rail, 0.21 if dark else 0.12),
            accent=accent,
            on_accent=_text_on(accent, palette.color(role.HighlightedText)),
            **meanings,
        )

    def color(self, tone: str) -> QColor:
        """Return the colour of a ``Tone``."""
        found = getattr(self, tone)
        assert isinstance(found, QColor)
        return found

    def tint_of(self, tone: str) -> QColor:
        """Return the pale background that belongs to a tone."""
        if tone in (Tone.SUCCESS, Tone.WARNING, Tone.DANGER):
            return mix(self.color(tone), self.base, 0.13 if self.dark else 0.08)
        return self.tint if tone == Tone.ACCENT else self.sunken

    def edge_of(self, tone: str) -> QColor:
        """Return the border that belongs to the tint of a tone."""
        return mix(self.color(tone), self.tint_of(tone), 0.30)

    @staticmethod
    def font(role: FontRole = "body") -> QFont:
        """Return the system font in one of the sizes of the look."""
        if role == "mono":
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            _scale(font, QApplication.font(), 0.96)
            return font
        font = QFont(QApplication.font())
        _scale(font, font, _SCALE.get(role, 1.0))
        if role in _BOLD:
            font.setWeight(QFont.Weight.DemiBold)
        return font


_in_force: list[Theme] = []


def _scale(font: QFont, reference: QFont, factor: float) -> None:
    if reference.pixelSize() > 0:
        font.setPixelSize(round(reference.pixelSize() * factor))
    else:
        font.setPointSizeF(reference.pointSizeF() * factor)
