"""The frozen program and a real keyring: open, locked, absent, and killed midway."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import secretstorage

from tests.setup.secret_service import PROGRAMS, connected, dbus_session, lock, secret_service
from verifying.frozen import Failed, Frozen

__all__ = ["keyring_kept"]

_BUS = "DBUS_SESSION_BUS_ADDRESS"
_ENTRY = "keyring entry"
_TRIES = 5


def keyring_kept(frozen: Frozen) -> str:
    """Save, read back, replace and delete; a locked and a missing keyring are told as such."""
    for program in PROGRAMS:
        if not shutil.which(program):
            raise Failed(f"{program} is not installed: the keyring can't be tried")
    # a short name: the path of a socket may have 108 characters
    with tempfile.TemporaryDirectory(prefix="kr") as home, secret_service(Path(home)) as session:
        kept = _entry(frozen, session, code=0)
        _killed_midway(frozen, session)
        lock(session)
        locked = _entry(frozen, session, code=1)
    with tempfile.TemporaryDirectory(prefix="kr") as home, dbus_session(Path(home)) as session:
        absent = _entry(frozen, session, code=1)
    if "The keyring is locked." not in locked:
        raise Failed(f"a locked keyring was told as: {locked}")
    if "no keyring that can be used" not in absent:
        raise Failed(f"a missing keyring was told as: {absent}")
    return f"{kept}; the same after a kill midway; locked and absent are told"


def _killed_midway(frozen: Frozen, session: Mapping[str, str]) -> None:
    """Kill the program while its entry is in the keyring; the next run works and clears it."""
    here = replace(frozen, more={**frozen.more, _BUS: session[_BUS]})
    if not any(_killed(here, session) for _ in range(_TRIES)):
        raise Failed("the self-test never had an entry in the keyring")
    _entry(frozen, session, code=0)
    if left := _entries(session):
        raise Failed(f"{left} entries are left in the keyring")


def _killed(here: Frozen, session: Mapping[str, str]) -> bool:
    """Return whether the program was killed in the tenth of a second that its entry is there."""
    process = here.start("--self-test", "--keyring")
    seen = False
    while process.poll() is None and not seen:
        seen = bool(_entries(session))
    process.kill()
    process.communicate()
    return seen


def _entries(session: Mapping[str, str]) -> int:
    with closing(connected(dict(session))) as connection:
        collection = secretstorage.get_default_collection(connection)
        return len(list(collection.search_items({"service": "SparkWizard self-test"})))


def _entry(frozen: Frozen, session: Mapping[str, str], *, code: int) -> str:
    """Return what the self-test says of its entry, tried with a hostile configuration in place."""
    more = {_BUS: session[_BUS], "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    here = replace(frozen, more={**frozen.more, **more})
    out = here.run("--self-test", "--keyring", code=code)
    return str(json.loads(out)["checks"][_ENTRY])
