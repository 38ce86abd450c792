"""The frozen program and a real keyring: open, locked, absent."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.setup.secret_service import PROGRAMS, dbus_session, lock, secret_service
from verifying.frozen import Failed, Frozen

__all__ = ["keyring_kept"]

_ENTRY = "keyring entry"


def keyring_kept(frozen: Frozen) -> str:
    """Save, read back, replace and delete; a locked and a missing keyring are told as such."""
    for program in PROGRAMS:
        if not shutil.which(program):
            raise Failed(f"{program} is not installed: the keyring can't be tried")
    # a short name: the path of a socket may have 108 characters
    with tempfile.TemporaryDirectory(prefix="kr") as home, secret_service(Path(home)) as session:
        kept = _entry(frozen, session, code=0)
        lock(session)
        locked = _entry(frozen, session, code=1)
    with tempfile.TemporaryDirectory(prefix="kr") as home, dbus_session(Path(home)) as session:
        absent = _entry(frozen, session, code=1)
    if "The keyring is locked." not in locked:
        raise Failed(f"a locked keyring was told as: {locked}")
    if "no keyring that can be used" not in absent:
        raise Failed(f"a missing keyring was told as: {absent}")
    return f"{kept}; locked and absent are told"


def _entry(frozen: Frozen, session: Mapping[str, str], *, code: int) -> str:
    """Return what the self-test says of its entry, tried with a hostile configuration in place."""
    bus = "DBUS_SESSION_BUS_ADDRESS"
    more = {bus: session[bus], "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    here = replace(frozen, more={**frozen.more, **more})
    out = here.run("--self-test", "--keyring", code=code)
    return str(json.loads(out)["checks"][_ENTRY])
