"""Find the files that come with the program: its icon, its translations."""

from pathlib import Path

from PySide6.QtGui import QIcon

__all__ = ["program_icon", "resource_folder"]


def resource_folder() -> Path:
    """Return the folder of resources, in a checkout, an installed wheel or a bundle."""
    here = Path(__file__).resolve()
    installed = here.parents[1] / "_resources"
    return installed if installed.is_dir() else here.parents[3] / "resources"


def program_icon() -> QIcon:
    """Return the icon of the windows: drawn from ``sparkwizard.svg`` by the build's own script."""
    return QIcon(str(resource_folder() / "icons" / "sparkwizard.png"))
