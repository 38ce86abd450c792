"""Write the style sheet of a theme; native styles only get the labels, Fusion also the controls."""

from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from sparkwizard.gui.look.palette import RADIUS_CHIP, RADIUS_CONTROL, FontRole, Theme, Tone, mix

__all__ = ["style_sheet"]

_ROLES: tuple[FontRole, ...] = (
    "title",
    "heading",
    "name",
    "section",
    "strong",
    "note",
    "tile",
    "huge",
    "mono",
)


def style_sheet(theme: Theme, *, fusion: bool) -> str:
    """Return the sheet of a theme: labels by role and tone, and for Fusion the controls too."""
    parts = [_labels(theme), _surfaces(theme)]
    if fusion:
        parts += [_buttons(theme), _inputs(theme), _scroll_bars(theme), _tables(theme)]
    return "\n".join(parts)


def _name(color: QColor) -> str:
    return color.name()


def _font(font: QFont) -> str:
    px = font.pixelSize()
    size = f"{px}px" if px > 0 else f"{font.pointSizeF():.2f}pt"
    family = ""
    if font.family() != QApplication.font().family():
        family = f' font-family: "{font.family()}";'
    return f"font-size: {size}; font-weight: {font.weight()};{family}"


def _labels(theme: Theme) -> str:
    tones = (Tone.MUTED, Tone.ACCENT, Tone.SUCCESS, Tone.WARNING, Tone.DANGER)
    rules = [f'QLabel[role="{role}"] {{ {_font(Theme.font(role))} }}' for role in _ROLES]
    rules += [f'QLabel[tone="{tone}"] {{ color: {_name(theme.color(tone))}; }}' for tone in tones]
    rules.append(f"QLabel:disabled {{ color: {_name(theme.disabled)}; }}")
    return "\n".join(rules)


def _surfaces(theme: Theme) -> str:
    return f"""
QWizard {{ background: {_name(theme.window)}; }}
QWidget[surface="base"], QWizardPage {{ background: {_name(theme.base)}; }}
QWidget[surface="window"] {{ background: {_name(theme.window)}; }}
QWidget[surface="none"] {{ background: transparent; }}
QLabel[chip="plain"], QLabel[chip="value"] {{
    border-radius: {RADIUS_CHIP}px; padding: 2px 7px; border: 1px solid {_name(theme.line)};
    background: {_name(theme.sunken)};
}}
QLabel[chip="value"] {{
    background: {_name(theme.tint)}; border-color: {_name(theme.edge_of("accent"))};
    font-weight: 600;
}}
QFrame[evidence="true"] {{
    border: 1px solid {_name(theme.line)}; border-radius: {RADIUS_CONTROL}px;
    background: {_name(theme.sunken)};
}}
"""


def _buttons(theme: Theme) -> str:
    hover = mix(theme.text, theme.button, 0.05)
    pressed = mix(theme.text, theme.button, 0.10)
    primary_hover = mix(theme.text, theme.accent, 0.08)
    primary_pressed = mix(theme.text, theme.accent, 0.16)
    off = mix(theme.text, theme.window, 0.03)
    return f"""
QPushButton {{
    min-height: 30px; padding: 0 14px; border: 1px solid {_name(theme.button_edge)};
    border-radius: {RADIUS_CONTROL}px; background: {_name(theme.button)};
    color: {_name(theme.text)}; outline: none;
}}
QPushButton:hover {{ background: {_name(hover)}; }}
QPushButton:pressed, QPushButton:checked {{ background: {_name(pressed)}; }}
QPushButton:disabled {{
    color: {_name(theme.disabled)}; background: {_name(off)}; border-color: {_name(theme.line)};
}}
QPushButton:focus {{ border: 2px solid {_name(theme.accent)}; padding: 0 13px; min-height: 28px; }}
QPushButton[kind="primary"] {{
    background: {_name(theme.accent)}; color: {_name(theme.on_accent)};
    border: 1px solid {_name(theme.accent)}; font-weight: 600; padding: 0 18px;
}}
QPushButton[kind="primary"]:hover {{
    background: {_name(primary_hover)};
}}
QPushButton[kind="primary"]:pressed {{
    background: {_name(primary_pressed)};
}}
QPushButton[kind="primary"]:focus {{
    border: 2px solid {_name(mix(theme.text, theme.accent, 0.55))};
    padding: 0 17px; min-height: 28px;
}}
QPushButton[kind="primary"]:disabled {{
    background: {_name(off)}; color: {_name(theme.disabled)}; border-color: {_name(theme.line)};
}}
QWizard > QWidget > QPushButton {{ margin: 3px 1px; padding: 0 12px; }}
QWizard > QWidget > QPushButton:focus {{ padding: 0 11px; }}
QWizard > QWidget > QPushButton[tight="yes"] {{ padding: 0 4px; }}
QWizard > QWidget > QPushButton[tight="yes"]:focus {{ padding: 0 3px; }}
QWizard > QWidget > QPushButton[edge="last"] {{ margin-right: 9px; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[kind="quiet"]:hover {{ background: {_name(mix(theme.text, theme.base, 0.06))}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {_name(theme.accent)}; }}
QPushButton[kind="inside"] {{ background: transparent; border: none; min-height: 24px; }}
QPushButton[kind="inside"]:focus {{ border: 2px solid {_name(theme.accent)}; min-height: 22px; }}
QPushButton[shape="icon"] {{ padding: 0; min-width: 30px; max-width: 30px; }}
QPushButton[kind="inside"] {{ padding: 0; min-width: 24px; max-width: 28px; }}
QPushButton[shape="icon"]:focus {{ padding: 0; min-width: 28px; max-width: 28px; }}
"""


def _inputs(theme: Theme) -> str:
    fields = ("QLineEdit", "QPlainTextEdit", "QComboBox", "QAbstractSpinBox", "QListWidget")
    plain = ", ".join(fields)
    focused = ", ".join(f"{field}:focus" for field in fields)
    invalid = ", ".join(f'{field}[invalid="true"]' for field in fields)
    off = ", ".join(f"{field}:disabled" for field in fields)
    return f"""
{plain} {{
    border: 1px solid {_name(theme.edge)}; border-radius: {RADIUS_CONTROL}px;
    background: {_name(theme.base)}; color: {_name(theme.text)};
    selection-background-color: {_name(theme.accent)};
    selection-color: {_name(theme.on_accent)};
}}
QLineEdit, QAbstractSpinBox {{ min-height: 32px; padding: 0 9px; }}
QComboBox {{ min-height: 30px; padding: 0 9px; }}
{focused} {{ border: 2px solid {_name(theme.accent)}; }}
QLineEdit:focus, QAbstractSpinBox:focus {{ min-height: 30px; padding: 0 8px; }}
QComboBox:focus {{ min-height: 28px; padding: 0 8px; }}
{invalid} {{ border-color: {_name(theme.danger)}; }}
{off} {{ color: {_name(theme.disabled)}; background: {_name(theme.window)}; }}
QLineEdit[lead="icon"], QLineEdit[lead="icon"]:focus {{ padding-left: 0; }}
QToolTip {{
    border: 1px solid {_name(theme.line)}; padding: 4px 7px;
    background: {_name(theme.base)}; color: {_name(theme.text)};
}}
QComboBox QAbstractItemView, QMenu {{
    border: 1px solid {_name(theme.line)}; background: {_name(theme.base)};
    selection-background-color: {_name(theme.selection)}; selection-color: {_name(theme.text)};
}}
"""


def _scroll_bars(theme: Theme) -> str:
    handle, hover = mix(theme.text, theme.base, 0.28), mix(theme.text, theme.base, 0.45)
    return f"""
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 12px; margin: 2px 2px 2px 0; }}
QScrollBar:horizontal {{ height: 12px; margin: 0 2px 2px 2px; }}
QScrollBar::handle {{ background: {_name(handle)}; border-radius: 4px; }}
QScrollBar::handle:vertical {{ min-height: 28px; margin: 0 1px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; margin: 1px 0; }}
QScrollBar::handle:hover {{ background: {_name(hover)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _tables(theme: Theme) -> str:
    return f"""
QTableView {{
    border: none; background: {_name(theme.base)}; outline: none;
}}
QHeaderView, QTableCornerButton::section {{ background: {_name(theme.base)}; border: none; }}
QHeaderView::section {{
    background: {_name(theme.base)}; color: {_name(theme.muted)};
    border: none; border-bottom: 1px solid {_name(theme.line)}; padding: 0 12px;
    {_font(Theme.font("note"))} font-weight: 600;
}}
"""
