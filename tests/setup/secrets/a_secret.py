"""A secret to keep, and where it may go."""

import sys
from collections.abc import Callable

import pytest

from sparkwizard.setup.secrets import SecretName, SecretStore, StoredSecret

ORGANIZATION = "0d4b1c2e-5a3f-4f6e-9a77-0c8a5d3b1e42"
WEBEX = "https://webexapis.com"
SECRET = StoredSecret("the-token-itself", (WEBEX,))
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")
ATTEMPTS: dict[str, Callable[[SecretStore], object]] = {
    "load": lambda store: store.load(ORGANIZATION, SecretName.WEBEX),
    "save": lambda store: store.save(ORGANIZATION, SecretName.WEBEX, SECRET),
    "delete": lambda store: store.delete(ORGANIZATION, SecretName.WEBEX),
}
"""What may be done with a secret, each by its word."""
