"""Every colour reads on its ground, whatever the system's accent is."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from sparkwizard.gui.look.icons import ICON_NAMES, icon
from sparkwizard.gui.look.theme import (
    Theme,
    Tone,
    contrast,
    scheme_palette,
    set_scheme,
    theme_signals,
    tooltip_text,
)

type Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
READING = (Tone.TEXT, Tone.MUTED, Tone.ACCENT, Tone.SUCCESS, Tone.WARNING, Tone.DANGER)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", READING)
def test_every_tone_reads_on_the_page_and_on_its_own_tint(scheme: Scheme, tone: Tone) -> None:
    theme = Theme.from_palette(scheme_palette(scheme))
    assert contrast(theme.color(tone), theme.base) >= 4.5
    assert contrast(theme.color(tone), theme.tint_of(tone)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_muted_words_read_on_the_rail_and_on_a_selected_row(scheme: Scheme) -> None:
    theme = Theme.from_palette(scheme_palette(scheme))
    assert contrast(theme.muted, theme.rail) >= 4.5
    assert contrast(theme.muted, theme.selection) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_edge_of_an_input_stands_out_three_to_one(scheme: Scheme) -> None:
    theme = Theme.from_palette(scheme_palette(scheme))
    assert contrast(theme.edge, theme.base) >= 3


colors = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: QColor(*rgb))


@given(accent=colors, scheme=st.sampled_from(SCHEMES))
def test_a_foreign_accent_is_corrected_until_it_reads(accent: QColor, scheme: Scheme) -> None:
    palette = scheme_palette(scheme)
    palette.setColor(QPalette.ColorRole.Accent, accent)
    theme = Theme.from_palette(palette)
    assert contrast(theme.accent, theme.base) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


def test_a_switch_of_the_scheme_repaints_and_tells_everybody(qapp: QApplication) -> None:
    told: list[bool] = []
    connection = theme_signals().changed.connect(lambda: told.append(Theme.current().dark))
    set_scheme(qapp, "dark")
    set_scheme(qapp, "light")
    theme_signals().changed.disconnect(connection)
    assert told == [True, False]


def test_a_label_takes_its_colour_from_its_tone(qapp: QApplication) -> None:
    label = QLabel("muted")
    label.setProperty("tone", "muted")
    label.ensurePolished()
    color = label.palette().color(label.foregroundRole())
    assert color.name() == Theme.current().muted.name()


@pytest.mark.parametrize("name", ICON_NAMES)
def test_every_icon_paints_something_inside_its_box(name: str) -> None:
    image = icon(name).pixmap(QSize(20, 20), 2.0).toImage()
    painted = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 40
    ]
    assert len(painted) > 20
    assert all(0 < x < 39 and 0 < y < 39 for x, y in painted)


def test_an_icon_is_as_sharp_as_the_screen() -> None:
    assert icon("check").pixmap(QSize(16, 16), 3.0).toImage().width() == 48


def test_an_icon_follows_the_theme(qapp: QApplication) -> None:
    mark = icon("stop", Tone.TEXT)
    before = mark.pixmap(QSize(20, 20), 1.0).toImage()
    set_scheme(qapp, "dark")
    after = mark.pixmap(QSize(20, 20), 1.0).toImage()
    set_scheme(qapp, "light")
    assert before != after


def test_a_disabled_icon_is_paler() -> None:
    mark = icon("stop")
    normal = mark.pixmap(QSize(20, 20), QIcon.Mode.Normal).toImage()
    assert normal != mark.pixmap(QSize(20, 20), QIcon.Mode.Disabled).toImage()


def test_a_tooltip_shows_markup_as_text() -> None:
    assert tooltip_text("<b>Adele</b> & co") == "<qt>&lt;b&gt;Adele&lt;/b&gt; &amp; co</qt>"
    assert tooltip_text("Adele Vance") == "Adele Vance"
