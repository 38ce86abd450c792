"""Say which program this is, what it is made of, and under which licences."""

from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard import __version__
from sparkwizard.gui.help.frame import HelpDialog
from sparkwizard.gui.help.licences import LicencesDialog
from sparkwizard.gui.widgets import CopyButton, KeyValueRows, ScrollColumn, SecondaryButton
from sparkwizard.runs.papers.made import versions

__all__ = ["AboutDialog", "window_versions"]

_WHAT = (
    "Brings people from Microsoft Entra ID into Cisco Webex: preview first, then exactly that."
    " Free software under the MIT licence. No product of Microsoft or Cisco."
)
_NAMES = {"python": "Python", "system": "System", "sparkwizard": "SparkWizard"}


def window_versions() -> dict[str, str]:
    """Return what only the window knows: the Qt that runs, how it shows itself, and its binding."""
    return {
        "qt": qVersion(),
        "qt platform": QGuiApplication.platformName(),
        "shiboken6": _installed("shiboken6"),
    }


class AboutDialog(HelpDialog):
    """Show versions to read and to copy, and the way to the licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, f"SparkWizard {__version__}", _WHAT)
        self.setMinimumSize(460, 420)
        found = {**versions(), **window_versions()}
        rows = [(_NAMES.get(name, name), version) for name, version in found.items()]
        scroll = ScrollColumn()
        scroll.column.addWidget(KeyValueRows(rows[1:], name_width=150))
        scroll.column.addStretch(1)
        scroll.setAccessibleName("Versions")
        self.body.addWidget(scroll, 1)
        text = "\n".join(f"{name} {version}" for name, version in rows)
        self.copy = CopyButton(text, what="versions", text="Copy versions")
        self._fill(self.foot)

    def _fill(self, foot: QHBoxLayout) -> None:
        foot.addWidget(self.copy)
        licences = SecondaryButton("&Licences…", on_click=lambda: LicencesDialog(self).open())
        foot.addWidget(licences)
        foot.addStretch(1)
        close = SecondaryButton("&Close", on_click=self.close)
        foot.addWidget(close)
        close.setFocus()


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
