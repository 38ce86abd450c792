"""The three faces of the sign-in: what is asked for, the browser at work, the code to enter."""

from collections.abc import Callable, Collection
from datetime import timedelta

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.entra.types import BrowserNeeded, DeviceCode, Purpose
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.signing_in.qr_picture import QrPicture
from sparkwizard.gui.widgets import (
    Card,
    CopyButton,
    IconLabel,
    IconText,
    Label,
    LinkButton,
    MonoLabel,
    PrimaryButton,
    SecondaryButton,
    Spinner,
    WrapLabel,
)
from sparkwizard.wizard.access.sign_in_words import before_sign_in, code_shown, time_left_words

__all__ = ["AskPane", "BrowserPane", "CodePane", "permission_row"]


class _Pane(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.m)


class AskPane(_Pane):
    """Name every permission with its reason, and offer both ways to sign in."""

    browser_chosen = Signal()
    code_chosen = Signal()

    def __init__(self, purposes: Collection[Purpose], *, practice: bool) -> None:
        super().__init__()
        asked = before_sign_in(purposes)
        card = Card()
        card.body.addWidget(WrapLabel(asked.intro, role="section"))
        for need in asked.permissions:
            card.body.addWidget(permission_row(need.permission, need.reason))
        self.column.addWidget(card)
        if asked.role:
            self.column.addWidget(IconText("shield", asked.role, wrap=True))
        note = "SparkWizard never sees your password. The sign-in is kept where this computer"
        self.column.addWidget(
            WrapLabel(f"{note} keeps its secrets, and ends with Sign out.", tone=Tone.MUTED)
        )
        self.column.addStretch(1)
        self.browser = (SecondaryButton if practice else PrimaryButton)(
            "Sign in in the &browser", icon_name="external-link", on_click=self.browser_chosen.emit
        )
        self.code = (PrimaryButton if practice else SecondaryButton)(
            "Use a &code instead", icon_name="key", on_click=self.code_chosen.emit
        )
        if practice:
            self.code.setText("Sign in with a &code")
        self.first = self.code if practice else self.browser
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(self.first)
        row.addWidget(self.browser if practice else self.code)
        row.addStretch(1)
        self.column.addLayout(row)


def permission_row(permission: str, reason: str) -> QWidget:
    """Return a permission under its reason."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SPACE.s)
    words = QVBoxLayout()
    words.setSpacing(1)
    words.addWidget(WrapLabel(f"{reason[:1].upper()}{reason[1:]}"))
    words.addWidget(MonoLabel(permission, tone=Tone.MUTED))
    line.addWidget(IconLabel("check", tone=Tone.ACCENT, size=16), 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    row.setAccessibleName(f"{permission}, {reason}")
    return row


class BrowserPane(_Pane):
    """Wait for the browser; its address can be opened again or copied."""

    def __init__(self) -> None:
        super().__init__()
        self._url = ""
        head = QHBoxLayout()
        head.setSpacing(SPACE.m)
        head.addWidget(Spinner())
        head.addWidget(Label("Go on in your browser", role="heading"), 1)
        self.column.addLayout(head)
        self.column.addWidget(
            WrapLabel(
                "A page of Microsoft has opened there. When you have signed in, this window goes"
                " on by itself."
            )
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        self.again = SecondaryButton(
            "&Open the page again", icon_name="external-link", on_click=self._open
        )
        self.copy = CopyButton(lambda: self._url, what="sign-in address", text="Copy its address")
        row.addWidget(self.again)
        row.addWidget(self.copy)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def show_address(self, needed: BrowserNeeded) -> None:
        """Open this page, and remember it."""
        self._url = needed.url
        self._open()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(self._url))


class CodePane(_Pane):
    """Show the code large, with copy and QR code, for as long as it is good.

    ``sign_in_here`` signs in as the practice administrator; None outside of practice.
    """

    def __init__(self, sign_in_here: Callable[[], object] | None) -> None:
        super().__init__()
        self._code = ""
        self._seconds = 0
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self.code = Label("", role="huge")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = CopyButton(lambda: self._code, what="code", text="Copy the code")
        self.qr = QrPicture("QR code of the page where the code is entered")
        self.good_for = WrapLabel("", tone=Tone.MUTED)
        self._link = QHBoxLayout()
        self.column.addLayout(self._both_sides(), 1)
        self.here = PrimaryButton(
            "Sign in as the practice &administrator", icon_name="flask", on_click=sign_in_here
        )
        self.here.setVisible(sign_in_here is not None)
        self.column.addWidget(self.here)

    def _both_sides(self) -> QHBoxLayout:
        sides, left = QHBoxLayout(), QVBoxLayout()
        sides.setSpacing(SPACE.xl)
        left.setSpacing(SPACE.s)
        left.addWidget(Label("Enter this code on the page of Microsoft", role="section"))
        left.addWidget(self.code)
        left.addWidget(self.copy)
        left.addWidget(self.good_for)
        left.addLayout(self._link)
        left.addWidget(
            WrapLabel(
                "Any device will do: the page opens in every browser, and the picture is for a"
                " phone. Enter a code only if you asked for it yourself, as you just did.",
                tone=Tone.MUTED,
            )
        )
        left.addStretch(1)
        sides.addLayout(left, 1)
        sides.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        return sides

    def show_code(self, code: DeviceCode) -> None:
        """Show a new code, and count down how long it is good."""
        self._code = code.user_code
        self.code.setText(code_shown(code.user_code))
        self.code.setAccessibleName(f"Code {' '.join(code.user_code)}")
        self.qr.show_modules(code.qr)
        self._seconds = code.expires_in
        self._since.start()
        while (item := self._link.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._link.addWidget(_page(code.url))
        self._tick()
        self._timer.start()

    def rest(self) -> None:
        """Stop counting."""
        self._timer.stop()

    def _tick(self) -> None:
        since = timedelta(milliseconds=self._since.elapsed())
        self.good_for.setText(time_left_words(self._seconds, since))


def _page(url: str) -> QWidget:
    """Return a link to the page; the practice tenant's is no https, and only told."""
    if url.startswith("https://"):
        return LinkButton(url.removeprefix("https://"), url)
    return MonoLabel(url)
