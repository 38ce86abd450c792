"""Dress the application: apply the theme, follow the system, force a scheme.

``from sparkwizard.gui.look.theme import SPACE, Theme, Tone`` is all a widget needs; the colours are
mixed in ``palette`` and the sheet is written in ``stylesheet``.
"""

import os
import sys
import weakref
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from sparkwizard.gui.look.palette import (
    RADIUS_CARD,
    RADIUS_CHIP,
    RADIUS_CONTROL,
    SPACE,
    FontRole,
    Theme,
    Tone,
    contrast,
    mix,
)
from sparkwizard.gui.look.stylesheet import style_sheet

__all__ = [
    "RADIUS_CARD",
    "RADIUS_CHIP",
    "RADIUS_CONTROL",
    "SPACE",
    "FontRole",
    "Theme",
    "ThemeSignals",
    "Tone",
    "apply_theme",
    "contrast",
    "is_fusion",
    "mix",
    "on_theme_change",
    "scheme_palette",
    "set_property",
    "set_scheme",
    "theme_signals",
    "tooltip_text",
]


class ThemeSignals(QObject):
    """Tell widgets that the theme was mixed anew."""

    changed = Signal()


_signals: list[ThemeSignals] = []


def theme_signals() -> ThemeSignals:
    """Return the one notifier of theme changes."""
    if not _signals:
        _signals.append(ThemeSignals())
    return _signals[0]


def on_theme_change(widget: QWidget, react: Callable[[], None]) -> None:
    """Call a bound method of ``widget`` after each theme change, as long as the widget lives.

    Repainting needs no call: a new sheet repaints everything, and icons are painted from the theme.
    """
    held = weakref.WeakMethod(react)

    def forward() -> None:
        call = held()
        if call is not None:
            call()

    connection = theme_signals().changed.connect(forward)
    widget.destroyed.connect(lambda: QObject.disconnect(connection))


def _refresh(app: QApplication, *, fusion: bool) -> None:
    theme = Theme.from_palette(app.palette())
    if theme == Theme.current() and app.styleSheet():
        return  # setting the sheet reports a palette change of its own
    theme.make_current()
    focused = app.focusWidget()
    app.setStyleSheet(style_sheet(theme, fusion=fusion))
    if focused is not None and app.focusWidget() is not focused:
        focused.setFocus()  # Qt moves the keyboard on from a list that it dresses anew
    theme_signals().changed.emit()


def apply_theme(app: QApplication) -> None:
    """Dress the application and keep it dressed when the system turns dark or light."""
    fusion = _draws_fusion(app)
    app.setProperty("fusion", fusion)
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: _refresh(app, fusion=fusion))
    app.paletteChanged.connect(lambda _palette: _refresh(app, fusion=fusion))
    _refresh(app, fusion=fusion)


def _draws_fusion(app: QApplication) -> bool:
    """Return whether the style is Fusion, asked for only where there is another to choose.

    What QStyle knows by name takes as long to make as twenty modules of ours to read.
    """
    bare = {name.lower() for name in QStyleFactory.keys()}  # noqa: SIM118 -- no dict <= {"fusion", "windows"}
    if bare and sys.platform == "linux" and not os.environ.get("QT_STYLE_OVERRIDE"):
        return True
    return app.style().name().lower() == "fusion"


def is_fusion() -> bool:
    """Tell whether our own drawing of controls applies, rather than the native style's."""
    app = QApplication.instance()
    return app is not None and app.property("fusion") is not False


_SCHEMES: dict[str, dict[QPalette.ColorRole, str]] = {
    "light": {
        QPalette.ColorRole.Window: "#f5f6f8",
        QPalette.ColorRole.Base: "#ffffff",
        QPalette.ColorRole.AlternateBase: "#f5f6f8",
        QPalette.ColorRole.Button: "#ffffff",
        QPalette.ColorRole.Text: "#1b1e23",
        QPalette.ColorRole.Accent: "#0f62b8",
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.ToolTipBase: "#1b1e23",
        QPalette.ColorRole.ToolTipText: "#ffffff",
    },
    "dark": {
        QPalette.ColorRole.Window: "#202226",
        QPalette.ColorRole.Base: "#2a2d32",
        QPalette.ColorRole.AlternateBase: "#202226",
        QPalette.ColorRole.Button: "#353940",
        QPalette.ColorRole.Text: "#eceef1",
        QPalette.ColorRole.Accent: "#5aa9f8",
        QPalette.ColorRole.HighlightedText: "#12181f",
        QPalette.ColorRole.ToolTipBase: "#eceef1",
        QPalette.ColorRole.ToolTipText: "#1b1e23",
    },
}


def scheme_palette(scheme: Literal["light", "dark"]) -> QPalette:
    """Build the light or dark palette used where the system brings none."""
    colors = {role: QColor(value) for role, value in _SCHEMES[scheme].items()}
    role = QPalette.ColorRole
    text, base = colors[role.Text], colors[role.Base]
    colors |= {role.WindowText: text, role.ButtonText: text, role.BrightText: text}
    colors |= {role.Highlight: colors[role.Accent], role.Link: colors[role.Accent]}
    colors |= {role.PlaceholderText: mix(text, base, 0.55)}
    palette = QPalette()
    for which, color in colors.items():
        palette.setColor(which, color)
    off = mix(text, base, 0.42)
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, off)
    return palette


def set_scheme(app: QApplication, scheme: Literal["light", "dark"]) -> None:
    """Force the light or dark look, for tests, pictures and a person's own choice."""
    wanted = Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light
    app.styleHints().setColorScheme(wanted)
    app.setPalette(scheme_palette(scheme))
    _refresh(app, fusion=is_fusion())


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet selects on, and have it take effect at once."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.updateGeometry()


def tooltip_text(text: str) -> str:
    """Return ``text`` so that a tooltip shows it letter by letter, whatever it holds."""
    if "<" not in text and "&" not in text:
        return text
    import html  # noqa: PLC0415 -- the window that is painted first has no tooltips

    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"
