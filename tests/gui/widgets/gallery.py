"""Draw every widget, light and dark, into PNG files.

Usage: ``uv run python tests/gui/widgets/gallery.py DIR``.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gallery_pages import (  # type: ignore[import-not-found]  # beside a script, not in a package
    applying_page,
    connection_page,
    preview_page,
    result_page,
    token_page,
)
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui import widgets as w
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import PageSpec, WizardWindow
from sparkwizard.gui.look.icons import ICON_NAMES
from sparkwizard.gui.look.theme import apply_theme, set_scheme

STEPS = (
    "Start",
    "Access token",
    "Organization",
    "Connection",
    "People",
    "Mapping",
    "Scope",
    "Limits",
    "Preview",
)


class Line:
    """Follow the steps in a row."""

    def __init__(self, steps: list[str]) -> None:
        self.steps = steps

    def next(self, step: str) -> str | None:
        """Return the next in the row."""
        at = self.steps.index(step) + 1
        return self.steps[at] if at < len(self.steps) else None


def wizard(index: int, *, practice: bool = False) -> WizardWindow:
    """Build the window standing at one of its pages."""
    made = {1: token_page, 3: connection_page, 8: preview_page}
    specs = [
        PageSpec(label, label, made.get(at, lambda: WizardPage("A page"))())
        for at, label in enumerate(STEPS)
    ]
    specs.append(PageSpec("Applying", "Applying", applying_page(), icon="play"))
    specs.append(PageSpec("Result", "Result", result_page(), icon="document"))
    window = WizardWindow(
        specs, Line([s.step for s in specs]), profile="Contoso", practice=practice
    )
    window.set_saved("Draft saved 14:21")
    window.start_at(specs[0].step)
    for _ in range(index):
        window.next()
    return window


def pieces() -> QWidget:
    """Put the smaller widgets on one sheet."""
    sheet = QWidget()
    sheet.setProperty("surface", "base")
    grid = QGridLayout(sheet)
    grid.setContentsMargins(28, 22, 28, 18)
    grid.setSpacing(16)
    left, right = QVBoxLayout(), QVBoxLayout()
    grid.addLayout(left, 0, 0)
    grid.addLayout(right, 0, 1)
    for kind in w.MessageKind:
        actions = (w.StripAction("Try again", int, "refresh"),)
        left.addWidget(
            w.MessageStrip(
                w.Message(kind, f"Heading of {kind}", "One sentence more.", actions), closable=True
            )
        )
    row = QHBoxLayout()
    row.addWidget(w.PrimaryButton("&Preview changes"))
    row.addWidget(w.SecondaryButton("&Edit", icon_name="pencil"))
    row.addWidget(w.QuietButton("Quiet", icon_name="plus"))
    row.addWidget(w.IconButton("trash", "Delete this rule"))
    off = w.SecondaryButton("Watch", icon_name="eye")
    off.setEnabled(False)
    row.addWidget(off)
    row.addStretch(1)
    left.addLayout(row)
    left.addWidget(w.CopyField("Tenant URL", "https://webexapis.com/identity/scim/0f0f/v2"))
    toggle = w.Toggle(
        "Delete users", "Deletes users that an earlier run disabled at least 30 days ago."
    )
    toggle.set_on(True)
    left.addWidget(toggle)
    left.addWidget(w.Toggle("Disable users", "A leaver can no longer sign in."))
    select = w.Select("Operator")
    select.addItems(["equals", "does not equal"])
    left.addWidget(select)
    left.addWidget(w.NumberOrPercentField("Largest share of removals", "10%"))
    wrong = w.NumberOrPercentField("Largest share of removals", "10%")
    wrong.setText("ten")
    left.addWidget(wrong)
    left.addStretch(1)
    right.addWidget(
        w.EmptyState(
            "people", "No people yet", "Choose a file to read them from.", action="Choose a file"
        )
    )
    busy = w.BusyState()
    busy.start("Reading people")
    busy.progress(30, 100)
    right.addWidget(busy)
    right.addWidget(
        w.StatTile("341 days", "the token has left", "key", tone="success", beside=True)
    )
    chips = QHBoxLayout()
    chips.addWidget(w.Label("where", tone="muted"))
    chips.addWidget(w.Chip("department"))
    chips.addWidget(w.Label("equals"))
    chips.addWidget(w.Chip("Sales", value=True))
    chips.addStretch(1)
    right.addLayout(chips)
    right.addWidget(w.TermLabel("matching precedence", "Which attribute finds a user first."))
    right.addWidget(w.SearchField("Find a person"))
    icons = QGridLayout()
    for at, name in enumerate(ICON_NAMES):
        icons.addWidget(w.IconLabel(name, size=20), at // 12, at % 12)
    right.addLayout(icons)
    right.addWidget(w.IconLabel("success", tone="success", size=40))
    right.addStretch(1)
    return sheet


def overview() -> QWidget:
    """Build the likeness of the overview's rail."""
    sheet = QWidget()
    sheet.setProperty("surface", "base")
    row = QHBoxLayout(sheet)
    row.setContentsMargins(0, 0, 0, 0)
    rail = w.SideRail(
        [
            w.RailPlace("overview", "Overview", "laptop"),
            w.RailPlace("people", "People", "people"),
            w.RailPlace("runs", "Runs", "clock"),
            w.RailPlace("mapping", "Mapping and scope", "filter"),
            w.RailPlace("limits", "Limits and e-mail", "mail"),
        ]
    )
    rail.choose("overview")
    rail.set_heading("Contoso", "Saved setup")
    rail.set_footer("Saved on this computer")
    row.addWidget(rail)
    row.addStretch(1)
    return sheet


def settle(milliseconds: int = 420) -> None:
    """Let timers and layouts come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main(folder: Path) -> None:
    """Draw everything."""
    os.environ.setdefault("QT_SCALE_FACTOR", "2")  # here, or tests that import this would double
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    font = QFont("Inter")
    font.setPixelSize(13)
    app.setFont(font)
    apply_theme(app)
    for scheme in ("light", "dark"):
        set_scheme(app, scheme)
        shots: list[tuple[str, QWidget, int, int]] = [
            ("token", wizard(1), 960, 680),
            ("connection", wizard(3), 960, 680),
            ("preview", wizard(8, practice=True), 960, 680),
            ("applying", wizard(9), 960, 680),
            ("result", wizard(10), 960, 680),
            ("small-token", wizard(1), 800, 600),
            ("small-connection", wizard(3), 800, 600),
            ("small-preview", wizard(8, practice=True), 800, 600),
            ("pieces", pieces(), 1000, 760),
            ("overview", overview(), 400, 600),
        ]
        for name, widget, width, height in shots:
            widget.resize(width, height)
            widget.show()
            settle()
            widget.grab().save(str(folder / f"{name}-{scheme}.png"))
            print(name, scheme, widget.size().toTuple())  # noqa: T201  a script run by hand
            widget.hide()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
