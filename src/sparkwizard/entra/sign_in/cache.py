"""Keep the tokens of a sign-in where each system can hold them, and never in plain text.

============ ==========================================================================
Windows      a file that DPAPI encrypts for its user (the credential manager holds 2,560 bytes)
macOS        the Keychain
Linux        the Secret Service (msal-extensions' own way there needs PyGObject)
elsewhere    memory, and the person is told
============ ==========================================================================
"""

import contextlib
import hashlib
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msal
from filelock import FileLock, Timeout

from sparkwizard.errors import StorageError
from sparkwizard.setup.places import private_folder, write_private
from sparkwizard.setup.sealed_text import KeyringText, MemoryText, SealedText
from sparkwizard.setup.secrets import keyring_available

__all__ = [
    "EncryptedFile",
    "TokenStore",
    "Vaults",
    "in_memory",
    "kept_names",
    "memory_vaults",
    "system_vaults",
]

type Vaults = Callable[[str], SealedText]

logger = logging.getLogger(__name__)

# whoever holds it asks the network meanwhile; better two renewals than none
_LOCK_SECONDS = 20.0
_SERVICE = "SparkWizard sign-in"


class EncryptedFile:
    """Keep a text in a file that Windows encrypts for this user on this computer. Blocks."""

    durable = True

    def __init__(self, path: Path) -> None:
        from msal_extensions import (  # type: ignore[import-untyped]  # noqa: PLC0415
            FilePersistenceWithDataProtection,
        )

        private_folder(path.parent)
        self._path = path
        self._file = FilePersistenceWithDataProtection(str(path))

    def load(self) -> str | None:
        """Return the text; None if there is none, or it is another user's or computer's."""
        from msal_extensions.persistence import (  # type: ignore[import-untyped]  # noqa: PLC0415
            PersistenceDecryptionError,
            PersistenceNotFound,
        )

        try:
            return str(self._file.load())
        except PersistenceNotFound:
            return None
        except PersistenceDecryptionError:
            logger.info("the saved sign-in can't be decrypted here")
            return None
        except OSError as error:
            raise _unreadable() from error

    def save(self, text: str) -> None:
        """Save or replace the text."""
        try:
            self._file.save(text)
        except OSError as error:
            raise _unreadable() from error

    def delete(self) -> None:
        """Forget the text, if there is one."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise _unreadable() from error


def system_vaults(folder: Path) -> Vaults:
    """Return where this system keeps sign-ins; ``folder`` holds files where it needs any."""

    def vault(name: str) -> SealedText:
        if sys.platform == "win32":
            return EncryptedFile(folder / f"{_file_name(name)}.bin")
        if keyring_available() is not None:
            return in_memory(name)
        return KeyringText(_SERVICE, name)

    return vault


def memory_vaults() -> Vaults:
    """Return a place that keeps sign-ins until the program ends."""
    kept: dict[str, MemoryText] = {}
    return lambda name: kept.setdefault(name, MemoryText())


# where nothing else may keep them, the program remembers sign-ins until it ends
in_memory: Vaults = memory_vaults()


def kept_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the vaults that hold a sign-in."""
    found = (path.read_text("utf-8", "replace") for path in sorted(folder.glob(_marker("*"))))
    return tuple(name for name in found if name)


class TokenStore:
    """Keep MSAL's cache of one setup in a vault; other processes of this user are minded. Blocks.

    In ``folder`` a file is locked meanwhile, and one without secrets tells that the vault of this
    ``name`` holds something; None for a vault that nobody else has.
    """

    def __init__(self, vault: SealedText, folder: Path | None = None, name: str = "") -> None:
        self._vault = vault
        self._folder = folder if vault.durable else None
        self._name = name

    @property
    def durable(self) -> bool:
        """Return whether what is kept outlives the program."""
        return self._vault.durable

    @contextlib.contextmanager
    def opened(self) -> Iterator[msal.SerializableTokenCache]:
        """Yield what is kept, and keep what it becomes. Raises StorageError."""
        with self._alone():
            cache = msal.SerializableTokenCache()
            _fill(cache, self._vault.load())
            yield cache
            if cache.has_state_changed:
                self._vault.save(cache.serialize())

    def replace(self, cache: msal.SerializableTokenCache) -> None:
        """Keep this in place of whatever was kept. Raises StorageError."""
        with self._alone():
            self._vault.save(cache.serialize())
            if self._folder is not None:
                write_private(self._folder / _marker(self._name), self._name.encode())

    def forget(self) -> None:
        """Remove everything. Raises StorageError."""
        with self._alone():
            self._vault.delete()
            if self._folder is not None:
                (self._folder / _marker(self._name)).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if self._folder is None:
            yield
            return
        private_folder(self._folder)
        path = self._folder / "sign-in.lock"
        lock = FileLock(path, timeout=_LOCK_SECONDS, thread_local=False)
        with contextlib.suppress(Timeout):
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def _fill(cache: msal.SerializableTokenCache, text: str | None) -> None:
    """Fill a cache from what was kept; what is damaged counts as nothing."""
    try:
        cache.deserialize(text)
        list(cache.search(msal.TokenCache.CredentialType.ACCOUNT))
    except (ValueError, TypeError, AttributeError):
        logger.info("the saved sign-in is damaged and counts as none")
        cache.deserialize(None)
    cache.has_state_changed = False


def _file_name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def _marker(name: str) -> str:
    return f"{name if name == '*' else _file_name(name)}.kept"


def _unreadable() -> StorageError:
    return StorageError(
        "The saved sign-in can't be read or written.",
        fix="Check that the disk is not full and the folder of SparkWizard's data is yours.",
        code="sign-in-file",
    )
