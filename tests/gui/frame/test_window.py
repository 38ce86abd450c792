"""The frame goes on, goes back, checks, and closes without losing anything."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QMessageBox,
    QWidget,
    QWizard,
)

from sparkwizard.errors import InputError
from sparkwizard.gui.aio import until
from sparkwizard.gui.frame.page import ExtraButton, PageButtons, WizardPage
from sparkwizard.gui.frame.window import LeaveQuestion, PageSpec, WizardWindow
from sparkwizard.gui.look.theme import set_scheme
from sparkwizard.gui.widgets import Message, MessageKind, SecretField, announce

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


KINDS = QWizard.WizardButton


class Line:
    def __init__(self, *steps: str) -> None:
        self.steps = steps

    def next(self, step: str) -> str | None:
        at = self.steps.index(step) + 1
        return self.steps[at] if at < len(self.steps) else None


class Memory:
    def __init__(self) -> None:
        self.kept: dict[str, object] = {}

    def value(self, key: str, /) -> object:
        return self.kept.get(key)

    def setValue(self, key: str, value: object, /) -> None:  # noqa: N802  QSettings' name
        self.kept[key] = value


class TokenPage(WizardPage):
    def __init__(self) -> None:
        super().__init__("Paste your token", "It finds your organization.")
        self.secret = SecretField("Access token")
        self.secret.changed.connect(lambda _text: self.edited())
        self.body.addWidget(self.secret)
        self.body.addStretch(1)
        self.gate = asyncio.Event()
        self.checks = 0

    def initial_focus(self) -> QWidget:
        return self.secret.edit

    def missing(self) -> Message | None:
        if self.secret.text():
            return None
        return Message(MessageKind.INFO, "Paste a token first")

    def checked_value(self) -> Hashable:
        return self.secret.text()

    async def check(self, value: Hashable) -> None:
        self.checks += 1
        await self.gate.wait()
        if value == "wrong":
            raise InputError("Webex refused this token.", fix="Paste another one.")


def window(*, second: WizardPage | None = None, **options: Any) -> WizardWindow:
    specs = [
        PageSpec("token", "Access token", TokenPage()),
        PageSpec("scope", "Scope", second or WizardPage("Choose who is in scope")),
        PageSpec("apply", "Applying", WizardPage("Applying"), icon="play"),
    ]
    made = WizardWindow(specs, Line("token", "scope", "apply"), profile="Contoso", **options)
    made.start_at("token")
    made.show()
    return made


def token_page(made: WizardWindow) -> TokenPage:
    page = made.page_of("token")
    assert isinstance(page, TokenPage)
    return page


def question_of(made: WizardWindow) -> QMessageBox:
    assert made._question is not None
    return made._question


def press(made: WizardWindow, which: QWizard.WizardButton) -> None:
    QTest.mouseClick(made.button(which), Qt.MouseButton.LeftButton)


def test_next_says_what_is_missing_instead_of_being_off(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        assert made.button(KINDS.NextButton).isEnabled()
        press(made, KINDS.NextButton)
        page = token_page(made)
        assert page.strip.heading.text() == "Paste a token first"
        assert made.current_step() == "token"

    aio(main)


def test_next_checks_once_and_goes_on_by_itself(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        page = token_page(made)
        page.secret.set_text("good")
        press(made, KINDS.NextButton)
        await asyncio.sleep(0.01)
        assert not made.button(KINDS.NextButton).isEnabled()
        made.next()
        made.next()
        page.gate.set()
        await until(lambda: made.current_step() == "scope")
        assert page.checks == 1

    aio(main)


def test_a_failed_check_stays_and_says_what_to_do(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        page = token_page(made)
        page.secret.set_text("wrong")
        page.gate.set()
        press(made, KINDS.NextButton)
        await until(lambda: not page.strip.isHidden())
        assert page.strip.heading.text() == "Webex refused this token."
        assert page.strip.text.text() == "Paste another one."
        assert made.button(KINDS.NextButton).isEnabled()

    aio(main)


def test_a_checked_value_is_not_checked_again(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        page = token_page(made)
        page.gate.set()
        page.secret.set_text("good")
        press(made, KINDS.NextButton)
        await until(lambda: made.current_step() == "scope")
        made.back()
        press(made, KINDS.NextButton)
        assert made.current_step() == "scope"
        assert page.checks == 1

    aio(main)


def test_an_edit_during_the_check_keeps_the_page(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        page = token_page(made)
        page.secret.set_text("good")
        press(made, KINDS.NextButton)
        await asyncio.sleep(0.01)
        page.secret.set_text("better")
        page.gate.set()
        await page.tasks.drained()
        await asyncio.sleep(0.02)
        assert made.current_step() == "token"
        assert made.button(KINDS.NextButton).isEnabled()

    aio(main)


def test_escape_cancels_what_runs_and_only_then_leaves(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        page = token_page(made)
        page.secret.set_text("good")
        press(made, KINDS.NextButton)
        await asyncio.sleep(0.01)
        QTest.keyClick(made, Qt.Key.Key_Escape)
        await until(lambda: page.tasks.idle)
        assert made.isVisible()
        QTest.keyClick(made, Qt.Key.Key_Escape)
        await made.wait_closed()
        assert not made.isVisible()

    aio(main)


def test_leaving_asks_where_something_would_be_lost(aio: Aio) -> None:
    async def main() -> None:
        made = window(leave_question=lambda: LeaveQuestion("Leave the setup?"))
        made.close()
        box = question_of(made)
        assert box.textFormat() == Qt.TextFormat.PlainText
        QTest.keyClick(box, Qt.Key.Key_Escape)
        await asyncio.sleep(0.02)
        assert made.isVisible()
        made.close()
        box = question_of(made)
        next(button for button in box.buttons() if button.text() == "&Leave").click()
        await made.wait_closed()

    aio(main)


def test_closing_waits_until_everything_has_ended(aio: Aio) -> None:
    order: list[str] = []

    async def drain() -> None:
        await asyncio.sleep(0.02)
        order.append("drained")

    async def main() -> None:
        made = window(drain=drain)
        made.closed.connect(lambda: order.append("closed"))
        made.page_of("scope").start(asyncio.sleep(60))
        made.close()
        assert made.isVisible()
        await made.wait_closed()

    aio(main)
    assert order == ["drained", "closed"]


def test_the_window_remembers_where_it_was(aio: Aio) -> None:
    store = Memory()

    async def main() -> None:
        made = window(store=store)
        made.resize(800, 640)  # the offscreen screen is 800 by 800
        made.close()
        await made.wait_closed()

    aio(main)
    assert isinstance(store.kept["wizard/geometry"], QByteArray)
    again = window(store=store)
    assert again.size().toTuple() == (800, 640)


def test_a_done_step_is_clicked_to_go_back_and_keeps_what_was_typed(aio: Aio) -> None:
    async def main() -> None:
        made = window()
        page = token_page(made)
        page.gate.set()
        page.secret.set_text("good")
        press(made, KINDS.NextButton)
        await until(lambda: made.current_step() == "scope")
        made.rail._steps[0].click()
        assert made.current_step() == "token"
        assert page.secret.text() == "good"

    aio(main)


class CommitPage(WizardPage):
    commit = True


def test_nothing_leads_back_over_a_commit(qapp: QApplication) -> None:
    made = window(second=CommitPage("See what would happen"))
    made.setStartId(0)
    page = token_page(made)
    page.gate.set()
    page._verdict = "x"  # checked before
    page.secret.edit.blockSignals(True)
    page.secret.set_text("x")
    made.next()
    made.next()
    assert made.current_step() == "apply"
    made.back()
    made.go_back_to(0)
    assert made.current_step() == "apply"
    assert all(b.focusPolicy() == Qt.FocusPolicy.NoFocus for b in made.rail._steps)


def test_the_bottom_row_says_what_the_page_says(qapp: QApplication) -> None:
    pressed: list[str] = []
    page = WizardPage("See what would happen")
    made = window(second=page)
    made.start_at("scope")
    page.set_buttons(
        PageButtons(
            next="&Apply 214 changes",
            cancel="",
            extras=(ExtraButton("Start with &1 person", lambda: pressed.append("one")),),
        )
    )
    assert made.button(KINDS.NextButton).text() == "&Apply 214 changes"
    assert not made.button(KINDS.CancelButton).isVisible()
    made.button(KINDS.CustomButton1).click()
    assert pressed == ["one"]


def test_the_title_bar_names_profile_and_practice(qapp: QApplication) -> None:
    made = window(practice=True)
    assert made.windowTitle() == "Contoso \N{EN DASH} SparkWizard, practice"
    assert made.band.isVisible()
    made.set_profile("Fabrikam", practice=False)
    assert made.windowTitle() == "Fabrikam \N{EN DASH} SparkWizard"
    assert not made.band.isVisible()


def test_the_practice_band_spans_rail_and_page_and_covers_neither(qapp: QApplication) -> None:
    made = window(practice=True)
    QApplication.processEvents()
    assert made.band.width() == made.width()
    top = made.rail.mapTo(made, made.rail.rect().topLeft()).y()
    assert top == made.band.height()
    page = token_page(made)
    assert page.mapTo(made, page.rect().topLeft()).y() == made.band.height()


def test_the_page_fills_the_frame_without_a_margin(qapp: QApplication) -> None:
    made = window()
    QApplication.processEvents()
    page = token_page(made)
    assert page.mapTo(made, page.rect().topLeft()).toTuple() == (made.rail.width(), 0)
    assert page.width() == made.width() - made.rail.width()


def test_the_window_fits_800_by_600_with_a_rail_of_marks(qapp: QApplication) -> None:
    made = window()
    made.resize(800, 600)
    QApplication.processEvents()
    assert made.size().toTuple() == (800, 600)
    assert made.rail.compact
    made.resize(960, 680)
    QApplication.processEvents()
    assert not made.rail.compact


def test_focus_starts_where_typing_starts(qapp: QApplication) -> None:
    made = window()
    made.activateWindow()
    QTest.qWait(20)
    assert made.focusWidget() is token_page(made).secret.edit


def test_a_live_switch_of_the_scheme_leaves_the_keyboard_where_it_is(qapp: QApplication) -> None:
    made = window(practice=True)
    made.activateWindow()
    QTest.qWait(20)
    before = made.focusWidget()
    assert before is token_page(made).secret.edit
    set_scheme(qapp, "dark")
    QTest.qWait(20)
    after = made.focusWidget()
    set_scheme(qapp, "light")
    QTest.qWait(20)
    assert (after, made.focusWidget()) == (before, before)


def test_a_live_switch_of_the_scheme_leaves_the_frame_in_place(qapp: QApplication) -> None:
    made = window(practice=True)
    set_scheme(qapp, "dark")
    QTest.qWait(20)
    set_scheme(qapp, "light")
    QTest.qWait(20)
    page = token_page(made)
    assert page.mapTo(made, page.rect().topLeft()).toTuple() == (208, made.band.height())


def test_an_unexpected_failure_reaches_the_shell(aio: Aio) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    async def main() -> None:
        made = window()
        told: list[object] = []
        made.unexpected.connect(told.append)
        token_page(made).start(broken(), words="Reading")
        await until(lambda: bool(told))
        assert isinstance(told[0], ZeroDivisionError)
        assert token_page(made).isComplete()

    aio(main)


def test_an_announcement_reaches_no_one_when_nobody_listens(qapp: QApplication) -> None:
    announce(window(), "Copied")


def test_a_page_can_send_back_to_the_step_that_mends_its_trouble(qapp: QApplication) -> None:
    made = window()
    page = token_page(made)
    page.secret.set_text("x")
    page._verdict = "x"  # checked before
    made.next()
    made.page_of("scope").leave_to.emit("token")
    assert made.current_step() == "token"
