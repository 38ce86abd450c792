"""A file that one process holds: the system frees it when the process ends, however it ends.

``filelock`` does the same for runs; it brings asyncio, which the first window is faster without.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from sparkwizard.setup.places import open_private

__all__ = ["hold", "let_go"]

# beyond what is ever written: on Windows nobody else can read a byte that is locked
_LOCKED_BYTE = 1 << 30


def hold(path: Path) -> IO[bytes] | None:
    """Open a file that only its owner may read and hold it; None while another process does.

    Where the disk knows no locks, everybody holds. Raises StorageError.
    """
    file = open_private(path, "r+b" if path.exists() else "w+b")
    try:
        _lock(file)
    except (BlockingIOError, PermissionError):
        file.close()
        return None
    except OSError:
        pass  # a disk of the network without locks
    return file


def let_go(file: IO[bytes], *, remove: bool = False) -> None:
    """Let others hold the file; remove it where nobody else will want it."""
    with contextlib.suppress(OSError):
        file.close()
        if remove:
            Path(file.name).unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  Windows only

        os.lseek(file.fileno(), _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        os.lseek(file.fileno(), 0, os.SEEK_SET)
    else:
        import fcntl  # noqa: PLC0415  not on Windows

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
