"""The small parts say what they are, take the keyboard, and never cut a text."""

from typing import override

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sparkwizard.gui import widgets as w
from sparkwizard.gui.widgets.paint import mirrored
from tests.examples import examples
from tests.gui.shown import accessible_name
from tests.gui.widgets.settling import qapp_now, settle

LONG = "Sign in at the administrator link, which asks for this permission, and paste the new token."


@settings(max_examples=examples(25))
@given(width=st.integers(140, 900), beside=st.booleans())
def test_wrapped_text_is_never_cut_whatever_the_width(width: int, beside: bool) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    labels = [w.WrapLabel(LONG), w.WrapLabel(LONG, role="note", tone="muted")]
    card = w.Card()
    if beside:
        row = QHBoxLayout()
        for label in labels:
            row.addWidget(label)
        card.body.addLayout(row)
    else:
        for label in labels:
            card.body.addWidget(label)
    column.addWidget(card)
    column.addStretch(1)
    window.resize(width, 700)
    window.show()
    settle(qapp_now())
    for label in labels:
        assert label.height() >= label.heightForWidth(label.width())
    window.close()


def test_text_with_markup_is_shown_letter_by_letter() -> None:
    label = w.Label("<b>Adele</b>")
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.sizeHint().width() > w.Label("Adele").sizeHint().width()


def test_a_cut_line_is_whole_in_its_tooltip_and_for_screen_readers(qapp: QApplication) -> None:
    label = w.ElidedLabel("A name that is much longer than the room it has")
    label.resize(80, 20)
    label.show()
    settle(qapp)
    assert label.text().endswith("…")
    assert label.toolTip() == label.full_text() == accessible_name(label)


def test_a_term_explains_itself_to_screen_readers() -> None:
    term = w.TermLabel("watermark", "Up to where changes were read.")
    assert term.accessibleDescription() == term.toolTip() == "Up to where changes were read."


def test_copying_says_copied_and_rests_again(qapp: QApplication) -> None:
    button = w.CopyButton("the value", what="the Tenant URL")
    button.show()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "the value"
    assert button.text() == "Copied"
    button._timer.setInterval(1)
    button._timer.start()
    QTest.qWait(20)
    assert button.text() == "Copy"


def test_copying_keeps_the_buttons_width() -> None:
    button = w.CopyButton("x", what="x")
    before = button.sizeHint().width()
    button.click()
    assert button.sizeHint().width() == before


def test_a_link_opens_its_page_in_the_browser(qapp: QApplication) -> None:
    from PySide6.QtCore import QObject, Slot

    class Catcher(QObject):
        seen: list[str] = []  # noqa: RUF012  of one test

        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            self.seen.append(url.toString())

    catcher = Catcher()
    QDesktopServices.setUrlHandler("https", catcher, "open")  # type: ignore[arg-type]  # wrong stub
    link = w.LinkButton("Open developer.webex.com", "https://developer.webex.com/")
    link.show()
    QTest.mouseClick(link, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QDesktopServices.unsetUrlHandler("https")
    assert Catcher.seen == ["https://developer.webex.com/"]


def test_a_link_that_is_not_https_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        w.LinkButton("Open", "http://example.test/")


def test_a_secret_is_masked_until_the_eye_is_pressed() -> None:
    field = w.SecretField("Access token")
    field.set_text("secret")
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClick(field.eye, Qt.Key.Key_Space)
    assert field.edit.echoMode() == QLineEdit.EchoMode.Normal
    field.clear()
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password


def test_the_paste_button_takes_what_was_copied() -> None:
    QGuiApplication.clipboard().setText("Bearer abc")
    field = w.SecretField("Access token")
    field.paste_button.click()
    assert field.text() == "Bearer abc"


def test_a_search_waits_for_the_last_key() -> None:
    field = w.SearchField("Find a person")
    told: list[str] = []
    field.searched.connect(told.append)
    QTest.keyClicks(field, "adele")
    assert told == []
    QTest.qWait(220)
    assert told == ["adele"]


def test_enter_searches_at_once() -> None:
    field = w.SearchField("Find a person")
    told: list[str] = []
    field.searched.connect(told.append)
    QTest.keyClicks(field, "lee")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == ["lee"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("10%", "10%"), (" 25 ", "25"), ("10 %", "10%"), ("007", "7")],
)
def test_a_limit_is_a_number_or_a_percentage(text: str, value: str) -> None:
    assert w.NumberOrPercentField("Limit", text).value() == value


@pytest.mark.parametrize("text", ["", "ten", "101%", "-1", "1.5", "10%%"])
def test_a_limit_that_is_neither_has_no_value(text: str) -> None:
    assert w.NumberOrPercentField("Limit", text).value() is None


def test_a_wrong_limit_is_marked() -> None:
    field = w.NumberOrPercentField("Limit", "10%")
    field.setText("ten")
    assert field.property("invalid") == "true"


def test_a_tile_filters_and_a_second_press_frees_it() -> None:
    row = w.TileRow()
    row.add("create", w.StatTile("187", "Create", "person-plus", checkable=True))
    row.add("update", w.StatTile("25", "Update", "pencil", checkable=True))
    told: list[object] = []
    row.chosen.connect(told.append)
    QTest.keyClick(row.tile("create"), Qt.Key.Key_Space)
    QTest.keyClick(row.tile("update"), Qt.Key.Key_Space)
    QTest.keyClick(row.tile("update"), Qt.Key.Key_Space)
    assert told == ["create", "update", None]


def test_a_tile_is_read_as_number_and_word() -> None:
    assert accessible_name(w.StatTile("25", "Update", "pencil")) == "25 Update"


def test_a_card_opens_no_window_of_its_own_while_it_is_made(qapp: QApplication) -> None:
    class Watch(QObject):
        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show:
                shown.append(watched)
            return False

    shown: list[QObject] = []
    watch = Watch()
    qapp.installEventFilter(watch)
    card = w.ChoiceCard("plus", "A new setup", "For your own organization.")
    qapp.removeEventFilter(watch)
    assert shown == []
    assert not card.words.isHidden()


def test_what_is_painted_changes_sides_where_text_runs_right_to_left() -> None:
    widget = QWidget()
    widget.resize(100, 40)
    assert mirrored(widget, QRect(8, 4, 20, 10)) == QRect(8, 4, 20, 10)
    widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert mirrored(widget, QRect(8, 4, 20, 10)) == QRect(72, 4, 20, 10)


def test_enter_chooses_a_card() -> None:
    group = w.ChoiceGroup()
    group.add("new", w.ChoiceCard("plus", "A new setup"))
    practice = group.add("practice", w.ChoiceCard("flask", "Practise first"))
    QTest.keyClick(practice, Qt.Key.Key_Return)
    assert group.choice() == "practice"


def test_a_progress_bar_never_goes_back() -> None:
    card = w.ProgressCard()
    card.set_progress(60, 100)
    card.set_progress(40, 100)
    assert card.percent.text() == "60%"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "A few seconds left"),
        (22, "About 25 seconds left"),
        (61, "About 2 minutes left"),
        (60, "About 1 minute left"),
        (3601, "About 1 hour left"),
        (3900, "About 1 hour 5 minutes left"),
    ],
)
def test_the_time_left_is_said_in_words_that_do_not_flicker(seconds: float, words: str) -> None:
    assert w.time_left(seconds) == words


def test_work_of_less_than_300_ms_shows_nothing() -> None:
    host = QWidget()
    busy = w.BusyState()
    QVBoxLayout(host).addWidget(busy)
    host.show()
    busy.start("Reading people")
    QTest.qWait(120)
    assert busy.running
    assert not busy.isVisible()
    QTest.qWait(300)
    assert busy.isVisible()
    busy.stop()
    assert not busy.running


def test_busy_words_change_a_few_times_a_second_however_often_they_are_told() -> None:
    busy = w.BusyState()
    busy.start("Reading people")
    shown = QSignalSpy(busy.bar.valueChanged)
    for number in range(100):
        busy.progress(number + 1, 100, f"{number + 1} people")
    assert busy.label.full_text() == "Reading people"
    QTest.qWait(200)
    assert busy.label.full_text() == "100 people"
    assert busy.bar.share() == 1
    assert shown.count() == 1
    busy.stop()


def test_what_was_told_last_is_not_shown_after_the_end() -> None:
    busy = w.BusyState()
    busy.start("Reading people")
    busy.progress(1, 2, "1 person")
    busy.stop()
    busy.start("Comparing")
    QTest.qWait(150)
    assert busy.label.full_text() == "Comparing"
    assert busy.bar.isHidden()
    busy.stop()


def test_a_failed_layer_opens_itself_and_the_keyboard_closes_it() -> None:
    rows = w.LayerList(
        [
            w.LayerRow("Name", w.LayerState.PASSED, "known", 18, "Nothing to do."),
            w.LayerRow("Token", w.LayerState.FAILED, "refused", 20, evidence="401", fix="Paste"),
        ]
    )
    rows.show()
    closed, opened = rows.rows()
    assert not closed.detail.isVisible()
    assert opened.detail.isVisible()
    QTest.keyClick(opened.head, Qt.Key.Key_Left)
    assert not opened.detail.isVisible()


def test_a_layer_says_its_state_in_words() -> None:
    row = w.ExpandingRow(w.LayerRow("Token", w.LayerState.WARNING, "Ends today"))
    assert accessible_name(row.head) == "Token, needs attention. Ends today"


def test_a_change_says_now_and_then_in_words() -> None:
    rows = w.DiffRows([w.Change("Family name", "Müller", "Mueller"), w.Change("Title", None, "x")])
    texts = [label.text() for label in rows.findChildren(w.Label)]
    assert texts == [
        *("Family name", "Now", "Müller", "Then", "Mueller"),
        *("Title", "Now", "empty", "Then", "x"),
    ]


def test_a_message_speaks_plainly_and_can_be_closed() -> None:
    strip = w.MessageStrip(closable=True)
    strip.show_message(w.Message(w.MessageKind.DANGER, "No answer", "<i>Try again</i>"))
    assert not strip.isHidden()
    assert strip.text.textFormat() == Qt.TextFormat.PlainText
    strip.dismiss()
    assert strip.isHidden()


def test_an_action_of_a_message_is_carried_out() -> None:
    done: list[str] = []
    action = w.StripAction("Try again", lambda: done.append("again"))
    strip = w.MessageStrip(w.Message(w.MessageKind.WARNING, "No answer", actions=(action,)))
    strip.findChildren(w.SecondaryButton)[0].click()
    assert done == ["again"]


def test_a_switch_explains_itself_to_screen_readers() -> None:
    toggle = w.Toggle("Delete users", "Deletes users disabled 30 days ago.")
    assert toggle.box.accessibleDescription() == "Deletes users disabled 30 days ago."
    told: list[bool] = []
    toggle.toggled.connect(told.append)
    QTest.keyClick(toggle.box, Qt.Key.Key_Space)
    assert told == [True]
