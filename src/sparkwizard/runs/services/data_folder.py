"""The data folder that everything else works in: where it lies, its journal, the time."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sparkwizard.errors import StorageError
from sparkwizard.setup.places import Places, private_folder
from sparkwizard.setup.secrets import SecretStore

if TYPE_CHECKING:
    from sparkwizard.net.proxy_choice import ProxyChoice
    from sparkwizard.runs.journal import Journal
    from sparkwizard.runs.notify import Notifier

__all__ = ["DataFolder"]


class DataFolder:
    """Serve one data folder. ``environ`` may hold SPARKWIZARD_TOKEN; ``clock`` knows its zone."""

    def __init__(
        self,
        *,
        places: Places,
        secrets: SecretStore,
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self.places = places
        self.secrets = secrets
        self.clock = clock
        self._environ = environ
        self._journal: Journal | None = None
        self._opening = threading.Lock()  # a thread may be the first to read it
        self._closed_by = 0

    @property
    def journal(self) -> "Journal":
        """Return the journal, opened at the first use. Raises StorageError.

        Once it was closed only who closed it opens it anew: a thread that comes late would leave
        it open, or make it again where everything was to be forgotten.
        """
        with self._opening:
            if self._journal is None and self._closed_by not in (0, threading.get_ident()):
                raise StorageError("The journal was closed meanwhile.", fix="Try it once more.")
            return self._opened()

    def _opened(self) -> "Journal":
        if self._journal is None:
            from sparkwizard.runs.journal import Journal  # noqa: PLC0415 -- not every command asks

            private_folder(self.places.data_dir)
            self._journal = Journal(self.places.journal_path, self.clock)
        return self._journal

    @cached_property
    def notifier(self) -> "Notifier":
        """Return who writes mails for the setups."""
        from sparkwizard.runs.notify import Notifier  # noqa: PLC0415 -- few commands write any

        return Notifier(self.secrets, self._environ, self.clock)

    def proxy_setting(self) -> "ProxyChoice":
        """Return how this data folder reaches the network, its password included. Blocking.

        Raises StorageError where the setting or the keyring can't be read.
        """
        from sparkwizard.setup import network  # noqa: PLC0415 -- many commands send nothing

        return network.proxy_with_password(network.load_proxy(self.places), self.secrets)

    def widened[S: DataFolder](self, kind: type[S]) -> S:
        """Return services that do more in the same data folder, to be closed by themselves."""
        return kind(
            places=self.places, secrets=self.secrets, environ=self._environ, clock=self.clock
        )

    def close(self) -> None:
        """Close the journal."""
        with self._opening:
            self._closed_by = threading.get_ident()
            if self._journal:
                self._journal.close()
                self._journal = None
