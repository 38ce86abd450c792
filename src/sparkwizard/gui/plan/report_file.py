"""Write a run's report to a private file and open it in the browser."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from sparkwizard.gui.aio import run_blocking
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import write_private

__all__ = ["open_report"]


async def open_report(services: Services, run_id: int) -> None:
    """Open the report of one run. Raises StorageError, and InputError for no such run."""
    content = services.report(run_id, "html")
    path = services.places.data_dir / "reports" / f"run-{run_id}.html"
    await run_blocking(write_private, path, content)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
