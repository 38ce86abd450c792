"""Secrets, and where they are kept: in the keyring of the operating system, or in memory.

The only module that imports keyring, and only when a secret is asked for: the import takes as long
as a window. Everything here that touches the keyring blocks, for as long as a person looks at the
question whether to unlock it: never call it on the thread of the window.

keyring's own choice of a backend is not used. It follows an environment variable and a file that
may load any code, and it falls back to files without encryption; here each system has one backend.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

from sparkwizard.errors import InputError, NotSent, StorageError
from sparkwizard.provisioning.types import Reason

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = [
    "GRAPH_TOKEN_VARIABLE",
    "TOKEN_VARIABLE",
    "KeyringStore",
    "MemoryStore",
    "SecretName",
    "SecretStore",
    "StoredSecret",
    "ask_keyring",
    "backend_name",
    "keyring_available",
    "keyring_locked",
    "resolve_webex_token",
]

TOKEN_VARIABLE = "SPARKWIZARD_TOKEN"  # noqa: S105  the name of a variable
GRAPH_TOKEN_VARIABLE = "SPARKWIZARD_GRAPH_TOKEN"  # noqa: S105  the name of a variable

# CRED_MAX_CREDENTIAL_BLOB_SIZE; more fails with "the stub received bad data" (jaraco/keyring#355)
WINDOWS_BYTES = 5 * 512

_THIS_RUN_ONLY = f"Use the token for this run only, or set {TOKEN_VARIABLE}."


class SecretName(StrEnum):
    """Name the secrets of an organization; the two tokens may need different scopes."""

    WEBEX = "webex"
    ENTRA = "entra-secret-token"
    SMTP = "smtp"  # the password of the mail server, confirmed for that server only
    PROXY = "proxy"  # of the proxy that is entered, confirmed for that proxy only


class StoredSecret(msgspec.Struct, frozen=True):
    """Hold a token and the origins (``https://host``) it was confirmed for; shows neither."""

    token: str
    origins: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"StoredSecret(<{len(self.token)} characters>)"

    def confirmed_for(self, address: str) -> bool:
        """Return whether the token may be sent to the scheme, host and port of an address."""
        from sparkwizard.net.proxy import origin_of  # noqa: PLC0415 -- what asks for no secret

        origin = origin_of(address)
        return bool(origin) and origin in {origin_of(confirmed) for confirmed in self.origins}


class SecretStore(Protocol):
    """Keep one secret for each organization and name."""

    @property
    def durable(self) -> bool:
        """Return whether secrets outlive the program; those never go over plain http."""
        ...

    def load(self, organization_id: str, name: SecretName) -> StoredSecret | None:
        """Return the secret, None if there is none; raises ``StorageError``."""
        ...

    def save(self, organization_id: str, name: SecretName, secret: StoredSecret) -> None:
        """Save or replace the secret; raises ``StorageError`` if it isn't kept."""
        ...

    def delete(self, organization_id: str, name: SecretName) -> None:
        """Forget the secret, if there is one; raises ``StorageError``."""
        ...


class MemoryStore:
    """Keep secrets until the program ends."""

    durable = False

    def __init__(self) -> None:
        self._secrets: dict[tuple[str, SecretName], StoredSecret] = {}

    def load(self, organization_id: str, name: SecretName) -> StoredSecret | None:
        """Return the secret, None if there is none."""
        return self._secrets.get((organization_id, name))

    def save(self, organization_id: str, name: SecretName, secret: StoredSecret) -> None:
        """Save or replace the secret."""
        self._secrets[organization_id, name] = secret

    def delete(self, organization_id: str, name: SecretName) -> None:
        """Forget the secret, if there is one."""
        self._secrets.pop((organization_id, name), None)


class KeyringStore:
    """Keep secrets in the keyring of this system, under the service "SparkWizard <organization>".

    Blocks. ``most_bytes`` is how much one entry may hold in UTF-16, None for any size.
    """

    durable = True

    def __init__(
        self, *, most_bytes: int | None = WINDOWS_BYTES if sys.platform == "win32" else None
    ) -> None:
        self._most_bytes = most_bytes
        self._backend: KeyringBackend | None = None

    def load(self, organization_id: str, name: SecretName) -> StoredSecret | None:
        """Return the secret, None if there is none; raises ``StorageError``."""
        service = _service(organization_id)
        text = self._ask("read", lambda backend: backend.get_password(service, name))
        return None if text is None else _decoded(text)

    def save(self, organization_id: str, name: SecretName, secret: StoredSecret) -> None:
        """Save or replace the secret and read it back; raises ``StorageError`` if it isn't kept."""
        service, text = _service(organization_id), _encoded(secret)
        size = len(text.encode("utf-16-le"))
        if self._most_bytes is not None and size > self._most_bytes:
            raise StorageError(
                "The token is too long for the credential manager of Windows.",
                fix=_THIS_RUN_ONLY,
                code="secret-too-long",
            )
        self._ask("written", lambda backend: backend.set_password(service, name, text))
        if self.load(organization_id, name) != secret:
            raise StorageError("The keyring did not keep the token.", fix=_THIS_RUN_ONLY)

    def delete(self, organization_id: str, name: SecretName) -> None:
        """Forget the secret, if there is one; raises ``StorageError``."""
        service = _service(organization_id)
        # Backends disagree on how they report that there is nothing to delete.
        if self._ask("read", lambda backend: backend.get_password(service, name)) is not None:
            self._ask("changed", lambda backend: backend.delete_password(service, name))

    def _ask[T](self, done: str, question: Callable[["KeyringBackend"], T]) -> T:
        if self._backend is None:
            self._backend = _platform_backend()
        return _asked(self._backend, done, question)


def ask_keyring[T](done: str, question: Callable[["KeyringBackend"], T]) -> T:
    """Return what the keyring answers; ``done`` is "read" or the like, for the error.

    Blocks; raises ``StorageError``.
    """
    return _asked(_platform_backend(), done, question)


def backend_name() -> str:
    """Return the name of this system's backend, imported but not asked; raises ImportError."""
    kind = _backend_class()
    return f"{kind.__module__}.{kind.__qualname__}"


def keyring_available() -> Reason | None:
    """Return None if this system has a keyring that can be asked, else why not. Blocks."""
    try:
        _platform_backend()
    except StorageError as error:
        return Reason(error.code, str(error))
    return None


def keyring_locked() -> bool:
    """Return whether reading a secret would first ask a person to unlock the keyring.

    Never asks itself. Only Linux can tell; elsewhere the keyring is open while its owner is
    signed in. Blocks; raises ``StorageError`` where there is no keyring.
    """
    _platform_backend()
    if sys.platform in ("win32", "darwin"):
        return False
    import secretstorage  # noqa: PLC0415  exists on Linux only

    try:
        with closing(secretstorage.dbus_init()) as connection:
            return secretstorage.get_collection_by_alias(connection, "default").is_locked()
    except secretstorage.ItemNotFoundException:
        return True  # the first secret makes a keyring, and that asks for its password
    except Exception as error:
        raise _keyring_error(error, "read") from error


def resolve_webex_token(
    environ: Mapping[str, str], store: SecretStore, organization_id: str, address: str
) -> str:
    """Return the Webex token for an address: from the environment if it is set, else stored.

    A stored token goes only to origins it was confirmed for, and never over plain http if it
    outlives the program. Raises ``NotSent`` for those, ``InputError`` if there is no token, and
    ``StorageError``. Blocks where the store does.
    """
    if given := environ.get(TOKEN_VARIABLE, "").strip():
        return given
    secret = store.load(organization_id, SecretName.WEBEX)
    if secret is None:
        raise InputError(
            "There is no Webex token for this organization.",
            fix=f"Enter one in the window, or set {TOKEN_VARIABLE}.",
            code="no-token",
        )
    from sparkwizard.net.proxy import origin_of  # noqa: PLC0415 -- as above

    origin = origin_of(address) or address
    if not secret.confirmed_for(address):
        confirmed = " and ".join(secret.origins) or "no address"
        raise NotSent(
            f"The saved token was confirmed for {confirmed}, not for {origin}.",
            fix="Open the profile in the window and confirm the new address, or set "
            f"{TOKEN_VARIABLE} for this run.",
            code="origin-not-confirmed",
        )
    if store.durable and not origin.startswith("https://"):
        raise NotSent(
            f"A saved token is not sent over plain http to {origin}.",
            fix=f"Use an https address, or set {TOKEN_VARIABLE} for this run.",
            code="plain-http",
        )
    return secret.token


def _asked[T](backend: "KeyringBackend", done: str, question: Callable[["KeyringBackend"], T]) -> T:
    try:
        return question(backend)
    except Exception as error:  # backends raise types of their own platform
        raise _keyring_error(error, done) from error


def _service(organization_id: str) -> str:
    return f"SparkWizard {organization_id}"


def _encoded(secret: StoredSecret) -> str:
    content = {"token": secret.token, "origins": list(secret.origins)}
    return msgspec.json.encode(content).decode()


def _decoded(text: str) -> StoredSecret:
    try:
        content = msgspec.json.decode(text)
        token, origins = content["token"], content["origins"]
        if isinstance(token, str) and all(isinstance(origin, str) for origin in origins):
            return StoredSecret(token, tuple(origins))
    except (ValueError, TypeError, LookupError):
        pass  # whatever stands there, it was not saved here
    raise StorageError(
        "The entry in the keyring was not made by SparkWizard, so it is not used.",
        fix="Enter the token again in the window.",
    )


def _platform_backend() -> "KeyringBackend":
    """Return the one backend of this system; raises ``StorageError`` if it can't be used."""
    try:
        kind = _backend_class()
        # priority raises RuntimeError where the system lacks something
        backend = kind() if kind.priority > 0 else None
    except Exception as error:  # backends raise types of their own platform
        raise _no_keyring() from error
    if backend is None:
        raise _no_keyring()
    if sys.platform == "win32":
        # keyring's default roams to other computers
        setattr(backend, "persist", "local machine")  # noqa: B010  only this backend has it
    return backend


def _backend_class() -> type["KeyringBackend"]:
    # Imported here, see the docstring of the module.
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415

        return WinVaultKeyring
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain  # noqa: PLC0415

        return Keychain
    from keyring.backends.SecretService import Keyring as SecretService  # noqa: PLC0415

    return SecretService


def _no_keyring() -> StorageError:
    return StorageError(
        "This computer has no keyring that can be used.",
        fix=f"On Linux, sign in to a desktop or start gnome-keyring. {_THIS_RUN_ONLY}",
        code="keyring-missing",
    )


def _keyring_error(error: Exception, done: str) -> StorageError:
    # By name: importing keyring.errors here would be as late, and says no more.
    kind = type(error).__name__
    if kind in ("KeyringLocked", "LockedException", "PromptDismissedException"):
        return StorageError(
            "The keyring is locked.",
            fix="Unlock it, for example by signing in to the desktop, and try again. "
            + _THIS_RUN_ONLY,
            code="keyring-locked",
        )
    if kind in ("NoKeyringError", "SecretServiceNotAvailableException"):
        return _no_keyring()
    return StorageError(
        f"The keyring can't be {done}: the system refused.",
        fix=f"Allow SparkWizard to use the keyring. {_THIS_RUN_ONLY}",
        code="keyring",
    )
