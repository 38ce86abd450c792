"""Let the window do what it put off."""

from PySide6.QtWidgets import QApplication


def qapp_now() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def settle(app: QApplication, rounds: int = 4) -> None:
    for _ in range(rounds):
        app.processEvents()
