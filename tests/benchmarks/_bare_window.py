"""The baseline of size and start: a QWizard of one page, with nothing else in it."""

import sys

from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWizard, QWizardPage

WORDS = "with words enough to fill its width as the words of a page of the program do"


def main() -> int:
    """Show the window until it is closed."""
    app = QApplication(sys.argv[:1])
    page, wizard = QWizardPage(), QWizard()
    page.setTitle("A bare window")
    column = QVBoxLayout(page)
    for line in range(12):
        column.addWidget(QLabel(f"Line {line} of a page, {WORDS}"))
    wizard.addPage(page)
    wizard.resize(960, 680)
    wizard.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
