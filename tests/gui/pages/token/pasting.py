"""Paste into the Access token page, and read what it says."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.token.page import TokenPage
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, TokenPage]]


def paste(page: TokenPage, text: str, click: Click) -> None:
    QGuiApplication.clipboard().setText(text)
    click(page.secret.paste_button)


def strip_text(page: WizardPage) -> str:
    if page.strip.isHidden():
        return ""
    return f"{page.strip.heading.text()} {page.strip.text.text()}".strip()
