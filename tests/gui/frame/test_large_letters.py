"""People who read larger letters get a larger window, and no button's words are cut."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from sparkwizard.gui.frame.page import ExtraButton, PageButtons, WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.frame.window_parts import PageSpec
from sparkwizard.gui.look.room import LEAST, USUAL, grown


class _End:
    def next(self, step: str) -> str | None:
        return None


def test_no_words_of_a_button_are_cut_on_a_narrow_screen(qapp: QApplication) -> None:
    page = WizardPage("See what would happen")
    window = WizardWindow([PageSpec("A", "A", page)], _End())
    window.start_at("A")
    window.resize(LEAST)
    window.show()
    words = ("Start with 1 person", "Apply in rings…", "Let Microsoft Entra do it")
    extras = tuple(ExtraButton(one, lambda: None) for one in words)
    page.set_buttons(PageButtons(next="Apply 1,042 changes", extras=extras))
    qapp.processEvents()
    cut = [b.text() for b in window._row.in_order() if b.width() < b.minimumSizeHint().width()]
    assert cut == []
    page.set_buttons(PageButtons())
    assert window.minimumWidth() == LEAST.width(), "and gives the room back"


@pytest.mark.parametrize(
    ("line", "room", "size"),
    [
        (15, QSize(1920, 1080), USUAL),
        (17, QSize(1920, 1080), USUAL),
        (34, QSize(2560, 1600), USUAL * 2),
        (34, QSize(1350, 728), QSize(1350, 728)),
        (34, QSize(800, 600), USUAL),
    ],
)
def test_a_window_grows_with_the_letters_as_far_as_the_screen_goes(
    line: int, room: QSize, size: QSize
) -> None:
    assert grown(USUAL, line, room) == size
