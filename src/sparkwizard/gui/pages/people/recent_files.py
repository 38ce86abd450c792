"""Remember which files people were read from last, so that they are one click away."""

import json
from pathlib import Path

from sparkwizard.errors import StorageError
from sparkwizard.setup.places import Places, private_folder, write_private

__all__ = ["RecentFiles"]

_KEPT = 5


class RecentFiles:
    """Keep the last files in the data folder, newest first; a loss of the list loses nothing."""

    def __init__(self, places: Places) -> None:
        self._path = places.data_dir / "recent-files.json"

    def existing(self) -> list[Path]:
        """Return the remembered files that are still there."""
        return [path for path in self._read() if path.is_file()]

    def remember(self, file: Path) -> None:
        """Put a file first."""
        files = [file, *(path for path in self._read() if path != file)][:_KEPT]
        content = json.dumps([str(path) for path in files], indent=1)
        try:
            private_folder(self._path.parent)
            write_private(self._path, content.encode())
        except StorageError:  # a list for convenience only: the reading itself went well
            return

    def _read(self) -> list[Path]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        return [Path(item) for item in found if isinstance(item, str)] if _is_list(found) else []


def _is_list(value: object) -> bool:
    return isinstance(value, list)
