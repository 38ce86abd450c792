"""Where the product keeps its files, and how it writes them: whole or not at all, and privately.

On POSIX, folders are made 0700 and files 0600; on Windows the user's own profile folder already
keeps others out.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from sparkwizard.errors import StorageError

__all__ = [
    "Places",
    "open_private",
    "private_folder",
    "replacing",
    "storage_error",
    "write_private",
]

_APPLICATION = "SparkWizard"
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600


class Places(NamedTuple):
    """Name the folders of profiles, data (journal, plans, drafts) and logs."""

    profiles_dir: Path
    data_dir: Path
    logs_dir: Path

    @classmethod
    def standard(cls) -> "Places":
        """Return the places of this user on this system."""
        import platformdirs  # noqa: PLC0415  not needed where --data-dir names a folder

        return cls(
            platformdirs.user_config_path(_APPLICATION, appauthor=False, roaming=True),
            platformdirs.user_data_path(_APPLICATION, appauthor=False),
            platformdirs.user_log_path(_APPLICATION, appauthor=False),
        )

    @classmethod
    def in_folder(cls, folder: Path) -> "Places":
        """Return places that all lie in one folder, as ``--data-dir`` asks."""
        folder = folder.absolute()
        return cls(folder / "profiles", folder, folder / "logs")

    @classmethod
    def for_practice(cls) -> "Places":
        """Return the places of practice, apart from those of real organizations."""
        return cls.in_folder(cls.standard().data_dir / "practice")

    @classmethod
    def chosen(cls, data_dir: Path | None, *, practice: bool = False) -> "Places":
        """Return the places that the command line asks for."""
        if data_dir is not None:
            return cls.in_folder(data_dir)
        return cls.for_practice() if practice else cls.standard()

    @property
    def journal_path(self) -> Path:
        """Return where the journal is."""
        return self.data_dir / "journal.sqlite3"

    @property
    def draft_path(self) -> Path:
        """Return where the draft of a profile is."""
        return self.data_dir / "drafts" / "profile.toml"

    def create(self) -> None:
        """Make all folders; raises ``StorageError``."""
        for folder in (self.profiles_dir, self.data_dir, self.logs_dir):
            private_folder(folder)


def private_folder(folder: Path) -> None:
    """Make a folder, and its parents, that only their owner may enter; existing ones stay.

    Raises ``StorageError``.
    """
    try:
        missing = [folder, *folder.parents]
        # Path.mkdir gives its mode to the last folder only
        for part in reversed([part for part in missing if not part.exists()]):
            part.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise storage_error(error, folder, "created") from error


def open_private(path: Path, mode: str = "ab") -> IO[bytes]:
    """Open a binary file that only its owner may read; the folder is made.

    For files that grow (logs). Raises ``StorageError``.
    """
    private_folder(path.parent)
    try:
        opened = open(path, mode, opener=_private_opener)  # noqa: SIM115  Path.open has no opener; the caller closes
        if sys.platform != "win32":
            os.fchmod(opened.fileno(), _PRIVATE_FILE)
    except OSError as error:
        raise storage_error(error, path, "written") from error
    return opened


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner only; raises ``StorageError``."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, keep_mode: bool = False) -> Iterator[IO[bytes]]:
    """Yield a new file that takes the place of ``path`` at the end; on any error nothing changes.

    The file is its owner's only; with ``keep_mode`` one that exists keeps its permissions. A link
    stays a link, and a pipe a pipe. Raises ``StorageError``, also for an ``OSError`` inside.
    """
    import tempfile  # noqa: PLC0415  brings half of the standard library, for writing only

    target = Path(os.path.realpath(path))  # Path.resolve raises for links in a circle
    private_folder(target.parent)
    temporary: Path | None = None
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            # a pipe or a device such as /dev/null: written to, never taken the place of
            with target.open("wb") as device:
                yield device
            return
        # delete=False: a file that is to be renamed
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".new", delete=False
        ) as file:
            temporary = Path(file.name)
            yield file.file
            file.flush()
            os.fsync(file.fileno())
        if keep_mode and os.name == "posix" and target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
        temporary = None
        _sync_folder(target.parent)
    except OSError as error:
        raise storage_error(error, path, "written") from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def storage_error(error: OSError, path: Path, done: str = "written") -> StorageError:
    """Return one clear sentence for what the system said about a file; ``done``: e.g. "written"."""
    for numbers, why, fix in _WHY:
        if error.errno in numbers:
            return StorageError(f"{path} can't be {done}: {why}.", fix=fix)
    why = error.strerror or "the system refused"
    return StorageError(f"{path} can't be {done}: {why}.", fix="Choose another folder.")


_WHY = (
    ((errno.ENOSPC,), "the disk is full", "Free some space and try again; nothing was lost."),
    (
        (errno.EDQUOT, errno.EFBIG),
        "the limit of your account is reached",
        "Free some space and try again; nothing was lost.",
    ),
    ((errno.EROFS,), "the disk is read-only", "Choose a folder on another disk."),
    (
        (errno.EACCES, errno.EPERM),
        "this account may not",
        "Choose another folder, or close the program that has the file open.",
    ),
    ((errno.ENAMETOOLONG,), "the name is too long", "Choose a shorter name."),
    ((errno.ENOTDIR, errno.EEXIST), "a file is where a folder should be", "Choose another folder."),
    ((errno.EISDIR,), "it is a folder", "Choose the name of a file."),
    ((errno.ENOENT,), "the folder is gone", "Choose another folder."),
    ((errno.EIO,), "the disk reports an error", "Check the disk, or choose another one."),
)


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE_FILE)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where a system can do that for folders."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some file systems can't; the file itself is on disk
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
