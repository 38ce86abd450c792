"""The Access token page, pasted into and clicked, with the practice tenant answering."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.pages.token.page import TokenPage
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.webex.types import Role
from tests.gui.pages.token.pasting import Aio, Click, Opened, PressNext, paste, strip_text


def test_a_pasted_token_is_recognized_by_itself_and_next_goes_on(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    tenant: PracticeServer,
    click: Click,
    press_next: PressNext,
) -> None:
    async def main() -> None:
        window, page = opened()
        paste(page, f"Bearer {tenant.tokens['admin']}\n", click)
        await until(lambda: desk.state.identity is not None)
        assert page.card.title.text() == "Administrator token recognized"
        assert "full administrator" in _card(page)
        assert "Removed the word “Bearer” and line breaks" in _card(page)
        assert page.caution.isHidden()
        press_next(window)
        await until(lambda: window.current_step() == "ORGANIZATION")

    aio(main)


def _card(page: TokenPage) -> str:
    return " / ".join(
        label.accessibleName()
        for label in page.card.rows.findChildren(QWidget)
        if label.isVisible()
    )


def test_the_token_is_typed_right_away_and_shown_only_on_demand(
    aio: Aio, opened: Opened, tenant: PracticeServer
) -> None:
    async def main() -> None:
        _window, page = opened()
        await until(page.secret.edit.hasFocus)
        QTest.keyClicks(page.secret.edit, "abc")
        assert page.secret.edit.displayText() != "abc"
        page.secret.clear()

    aio(main)


def test_a_token_of_twelve_hours_is_warned_about_at_once(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        paste(page, tenant.tokens["personal"], click)
        await until(lambda: not page.caution.isHidden())
        assert page.card.title.text() == "Personal access token recognized"
        assert page.caution.heading.text().startswith("This token ends")

    aio(main)


def test_somebody_who_is_no_administrator_is_named(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        paste(page, tenant.tokens["non_admin"], click)
        await until(lambda: not page.caution.isHidden())
        assert desk.state.identity is not None
        assert desk.state.identity.role is Role.NO_ADMIN
        assert "is no administrator" in page.caution.heading.text()

    aio(main)


def test_a_bot_is_refused_in_words_and_next_stays(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        paste(page, tenant.tokens["bot"], click)
        await until(lambda: "bot" in strip_text(page))
        assert page.card.isHidden()
        press_next(window)
        await asyncio.sleep(0.05)
        await until(lambda: page.tasks.idle)
        assert window.current_step() == "TOKEN"
        assert "bot" in strip_text(page)

    aio(main)


def test_an_expired_token_is_refused_and_its_details_can_be_copied_for_support(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        paste(page, tenant.tokens["expired"], click)
        await until(lambda: not page.strip.isHidden())
        (copy,) = [
            button
            for button in page.strip.findChildren(SecondaryButton)
            if button.text() == "Copy details"
        ]
        click(copy)
        copied = QGuiApplication.clipboard().text()
        assert "Code: not-authorized" in copied
        assert "Tracking ID: " in copied
        assert tenant.tokens["expired"] not in copied
        assert copy.text() == "Copied"

    aio(main)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("megan@contoso.example", "This is an e-mail address, not an access token."),
        ("cd613e30-d8f1-4adf-91b7-584a2265b1f5", "This is an ID, not an access token."),
        ("two words", "An access token has no spaces in it."),
        ("https://localhost:3000/auth/code#error=access_denied", "Webex refused to give a token"),
    ],
)
def test_what_is_no_token_is_told_at_once_and_never_sent(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    tenant: PracticeServer,
    click: Click,
    press_next: PressNext,
    pasted: str,
    said: str,
) -> None:
    async def main() -> None:
        window, page = opened()
        before = len(tenant.log)
        paste(page, pasted, click)
        assert said in strip_text(page)
        press_next(window)
        assert said in strip_text(page)
        assert window.current_step() == "TOKEN"
        assert desk.state.pasted is None
        assert len(tenant.log) == before

    aio(main)


def test_next_without_a_token_asks_for_it(aio: Aio, opened: Opened, press_next: PressNext) -> None:
    async def main() -> None:
        window, page = opened()
        press_next(window)
        assert strip_text(page) == "Paste the token first."
        assert window.current_step() == "TOKEN"

    aio(main)


def test_next_right_after_pasting_asks_webex_and_then_goes_on(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        paste(page, tenant.token, click)
        press_next(window)
        assert not page.isComplete()
        await until(lambda: window.current_step() == "ORGANIZATION")

    aio(main)


def _link_state(page: TokenPage) -> str:
    link = page.where.links()[1].url
    return parse_qs(urlsplit(link).query)["state"][0]


def test_the_address_that_our_administrator_link_ends_at_gives_its_token(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        state = _link_state(page)
        address = "http://localhost:3000/auth/code#access_token={}&token_type=Bearer&state={}"
        paste(page, address.format(tenant.token, state), click)
        await until(lambda: desk.state.identity is not None)
        assert desk.state.token == tenant.token
        assert "Taken out of the pasted address" in _card(page)

    aio(main)


@pytest.mark.parametrize("state", ["", "&state=somebody-elses"])
def test_the_address_of_another_link_is_refused(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click, state: str
) -> None:
    async def main() -> None:
        _window, page = opened()
        paste(page, f"http://localhost:3000/auth/code#access_token={tenant.token}{state}", click)
        assert "does not belong to the link" in strip_text(page)
        assert desk.state.pasted is None

    aio(main)


def test_the_administrator_link_stays_the_same_when_one_comes_back(
    aio: Aio, opened: Opened
) -> None:
    async def main() -> None:
        _window, page = opened()
        before = _link_state(page)
        page.on_leave()
        page.on_enter()
        assert _link_state(page) == before
        assert len(before) >= 24

    aio(main)


def test_the_token_pasted_last_wins_over_a_slow_answer_for_the_first(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        tenant.faults.latency_ms = 400
        paste(page, tenant.tokens["personal"], click)
        await asyncio.sleep(0.45)
        tenant.faults.latency_ms = 0
        paste(page, tenant.tokens["admin"], click)
        await until(lambda: desk.state.identity is not None)
        await asyncio.sleep(0.5)
        assert desk.state.token == tenant.tokens["admin"]
        assert page.card.title.text() == "Administrator token recognized"
        assert page.caution.isHidden()

    aio(main)


def test_an_emptied_field_forgets_the_token(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        paste(page, tenant.token, click)
        await until(lambda: desk.state.identity is not None)
        page.secret.edit.selectAll()
        QTest.keyClick(page.secret.edit, Qt.Key.Key_Delete)
        assert desk.state.pasted is None
        assert desk.state.identity is None
        assert page.card.isHidden()

    aio(main)
