"""Messages below each other: those there is no room for are a click away, none is left out."""

from PySide6.QtWidgets import QAbstractButton, QWidget

from sparkwizard.gui.widgets import Message, MessageKind, MessageStrip, StripAction
from sparkwizard.gui.widgets.buttons import LinkButton
from sparkwizard.gui.widgets.telling.notices import Notices, NoticesDialog


def told(*headings: str, **more: StripAction) -> list[Message]:
    actions = tuple(more.values())
    return [Message(MessageKind.WARNING, heading, "Text.", actions) for heading in headings]


def strips(notices: QWidget) -> list[MessageStrip]:
    return [one for one in notices.findChildren(MessageStrip) if one.isVisibleTo(notices)]


def links(notices: Notices) -> list[str]:
    return [one.text() for one in notices.findChildren(LinkButton) if one.isVisibleTo(notices)]


def test_what_there_is_no_room_for_stands_behind_a_link(qapp: object) -> None:
    notices = Notices()
    notices.show_at_most(1)
    notices.show_messages(told("First", "Second", "Third"))
    notices.show()
    assert [message.heading for message in notices.messages] == ["First", "Second", "Third"]
    assert len(strips(notices)) == 1
    assert links(notices) == ["2 more things to know"]
    notices.findChildren(LinkButton)[0].click()
    (dialog,) = notices.findChildren(NoticesDialog)
    assert len(strips(dialog)) == 3
    dialog.close()


def test_a_window_that_grows_shows_them_beside_each_other_again(qapp: object) -> None:
    notices = Notices()
    notices.show_at_most(1)
    notices.show_messages(told("First", "Second"))
    assert links(notices) == ["1 more thing to know"]
    notices.show_at_most(2)
    assert len(strips(notices)) == 2
    assert links(notices) == []


def test_what_can_be_done_closes_the_list_first(qapp: object) -> None:
    seen: list[bool] = []
    notices = Notices()
    dialog = NoticesDialog(
        notices,
        told("First", do=StripAction("Do it", lambda: seen.append(dialog.isVisible()))),
    )
    dialog.show()
    next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "Do it").click()
    assert seen == [False]
