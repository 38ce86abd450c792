"""One longer text that the system keeps for its user: in the keyring, or in memory.

For what is too long for the credential manager of Windows (2,560 bytes); there a file that the
system encrypts takes its place, see ``entra.sign_in.cache``.
"""

from typing import Protocol

from sparkwizard.setup.secrets import ask_keyring

__all__ = ["KeyringText", "MemoryText", "SealedText"]


class SealedText(Protocol):
    """Keep one text. Blocks; every method raises ``StorageError``."""

    @property
    def durable(self) -> bool:
        """Return whether the text outlives the program."""
        ...

    def load(self) -> str | None:
        """Return the text, None if there is none or it can't be read any more."""
        ...

    def save(self, text: str) -> None:
        """Save or replace the text."""
        ...

    def delete(self) -> None:
        """Forget the text, if there is one."""
        ...


class MemoryText:
    """Keep a text until the program ends."""

    durable = False

    def __init__(self) -> None:
        self._text: str | None = None

    def load(self) -> str | None:
        """Return the text, None if there is none."""
        return self._text

    def save(self, text: str) -> None:
        """Save or replace the text."""
        self._text = text

    def delete(self) -> None:
        """Forget the text, if there is one."""
        self._text = None


class KeyringText:
    """Keep a text in the keyring of this system, as it is."""

    durable = True

    def __init__(self, service: str, name: str) -> None:
        self._service = service
        self._name = name

    def load(self) -> str | None:
        """Return the text, None if there is none."""
        return ask_keyring("read", lambda one: one.get_password(self._service, self._name))

    def save(self, text: str) -> None:
        """Save or replace the text."""
        ask_keyring("written", lambda one: one.set_password(self._service, self._name, text))

    def delete(self) -> None:
        """Forget the text, if there is one."""
        # backends disagree on how they report that there is nothing to delete
        if self.load() is not None:
            ask_keyring("changed", lambda one: one.delete_password(self._service, self._name))
