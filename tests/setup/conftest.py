"""A real Secret Service: gnome-keyring on a D-Bus session of its own."""

import gc
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")


@contextmanager
def dbus_session(home: Path) -> Iterator[dict[str, str]]:
    """Start a D-Bus session that can start nothing by itself; yield its environment."""
    config = home / "session.conf"
    config.write_text(
        "<busconfig><type>session</type>"
        f"<listen>unix:path={home}/bus</listen>"
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
        '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
    )
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bus.stdout
    address = bus.stdout.readline().strip()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "DBUS_SESSION_BUS_ADDRESS": address,
    }
    try:
        yield environment
    finally:
        bus.terminate()
        bus.wait(10)
        bus.stdout.close()


@contextmanager
def secret_service(home: Path) -> Iterator[dict[str, str]]:
    """Start an unlocked keyring on a session of its own; yield its environment."""
    with dbus_session(home) as environment:
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        assert daemon.stdin
        daemon.stdin.write(b"password of the keyring")
        daemon.stdin.close()
        try:
            _wait_until_it_answers(environment)
            yield environment
        finally:
            daemon.terminate()
            daemon.wait(10)


def _wait_until_it_answers(environment: dict[str, str]) -> None:
    import secretstorage

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"])
        for _ in range(200):
            with closing(secretstorage.dbus_init()) as connection:
                if secretstorage.check_service_availability(connection):
                    collection = secretstorage.get_default_collection(connection)
                    if not collection.is_locked():
                        return
            time.sleep(0.05)
    pytest.fail("gnome-keyring did not start")


def _short_home(factory: pytest.TempPathFactory) -> Path:
    home = factory.mktemp("kr")  # the path of a socket may have 108 characters
    if len(str(home)) > 80:
        pytest.skip("the temporary folder's path is too long for a socket")
    return home


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
    import secretstorage

    with (
        secret_service(_short_home(tmp_path_factory)) as environment,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"])
        with closing(secretstorage.dbus_init()) as connection:
            secretstorage.get_default_collection(connection).lock()
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
