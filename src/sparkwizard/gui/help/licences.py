"""Show the licences of everything that takes part, from the notices that come with it."""

import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QWidget

from sparkwizard.gui.help.frame import HelpDialog
from sparkwizard.gui.help.unexpected import TextView
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.gui.widgets.kept import keep_size

__all__ = ["LicencesDialog", "Notice", "notices"]

_QT = (
    "Qt and PySide6 are used under the GNU Lesser General Public License 3. They are separate"
    " files beside the program and may be replaced by others of the same interface. Their source"
    " is offered by The Qt Company."
)
_FILES = ("licen", "copying", "notice", "authors")


class Notice(msgspec.Struct, frozen=True):
    """Hold one component's name with version, its licence in a word, and the whole text."""

    name: str
    licence: str
    text: str


class LicencesDialog(HelpDialog):
    """List the components; the text of the chosen one stands beside."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Licences", _QT)
        self.resize(760, 520)
        keep_size(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Components")
        self.list.setSpacing(2)
        self.text = TextView("Licence text")
        self._notices = notices()
        for notice in self._notices:
            self.list.addItem(QListWidgetItem(f"{notice.name}, {notice.licence}".rstrip(", ")))
        self.list.currentRowChanged.connect(
            lambda row: self.text.setPlainText(self._notices[row].text if row >= 0 else "")
        )
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setStretchFactor(1, 2)
        split.setSizes([260, 480])
        self.body.addWidget(split, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        self.list.setCurrentRow(0)
        self.list.setFocus()


@cache
def notices() -> tuple[Notice, ...]:
    """Return the notices of what is installed with the program, by name.

    A bundle brings them as files in the folder ``licences``; else the packages' own are read.
    """
    folder = Path(getattr(sys, "_MEIPASS", "")) / "licences"
    if hasattr(sys, "_MEIPASS") and folder.is_dir():
        files = sorted(folder.rglob("*"), key=lambda path: str(path).casefold())
        return tuple(
            Notice(str(path.relative_to(folder)), "", path.read_text("utf-8", "replace"))
            for path in files
            if path.is_file()
        )
    return tuple(sorted(_installed(), key=lambda notice: notice.name.casefold()))


def _installed() -> Iterator[Notice]:
    for name in sorted(_needed("sparkwizard", set())):
        found = metadata.distribution(name)
        licence = found.metadata.get("License-Expression") or _classified(found)
        texts = [
            file.read_text(encoding="utf-8")
            for file in found.files or ()
            if any(mark in file.name.lower() for mark in _FILES) and ".dist-info" in str(file)
        ]
        text = "\n\n".join(texts) or f"{licence or 'The licence'} applies; the package has no text."
        yield Notice(f"{found.metadata['Name']} {found.version}", licence, text)


def _classified(found: metadata.Distribution) -> str:
    marks = found.metadata.get_all("Classifier") or []
    named = [mark.rpartition("::")[2].strip() for mark in marks if mark.startswith("License ::")]
    return ", ".join(named)


def _needed(name: str, seen: set[str]) -> set[str]:
    """Return a package and all that it needs here, by name."""
    try:
        requires = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return seen
    if name in seen:
        return seen
    seen.add(name)
    for line in requires:
        if "extra ==" not in line:
            bare = line.split(";")[0]
            for mark in "[<>=!~ (":
                bare = bare.split(mark)[0]
            _needed(bare.strip().lower().replace("_", "-"), seen)
    return seen
