"""A folder for setups, and a real Secret Service: gnome-keyring on a D-Bus session of its own."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparkwizard.setup.places import Places
from tests.setup.secret_service import PROGRAMS, dbus_session, lock, secret_service


def _short_home(factory: pytest.TempPathFactory) -> Path:
    home = factory.mktemp("kr")  # the path of a socket may have 108 characters
    if len(str(home)) > 80:
        pytest.skip("the temporary folder's path is too long for a socket")
    return home


@pytest.fixture
def short_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder for a keyring of the test's own."""
    for program in PROGRAMS:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    yield _short_home(tmp_path_factory)
    gc.collect()  # connections that keyring left open


@pytest.fixture(scope="session")
def keyring_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the environment of a running keyring, shared by the tests."""
    for program in PROGRAMS:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    with secret_service(_short_home(tmp_path_factory)) as environment:
        yield environment


@pytest.fixture
def locked_keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make a keyring that is locked, with nobody there to unlock it, the one of this process."""
    for program in PROGRAMS:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    with (
        secret_service(_short_home(tmp_path_factory)) as environment,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"])
        lock(environment)
        yield
        gc.collect()


@pytest.fixture
def real_keyring(keyring_session: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the running keyring the one of this process."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", keyring_session["DBUS_SESSION_BUS_ADDRESS"])


@pytest.fixture
def no_keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make a session without keyring the one of this process."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    with (
        dbus_session(_short_home(tmp_path_factory)) as environment,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"])
        yield


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return the folders of a data folder that is there."""
    places = Places.in_folder(tmp_path / "data")
    places.create()
    return places
