"""A real Secret Service: gnome-keyring on a D-Bus session of its own."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]  # no types

__all__ = ["PROGRAMS", "connected", "dbus_session", "lock", "secret_service", "unlocked_keyring"]

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
        stderr=subprocess.DEVNULL,
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
        daemon = unlocked_keyring(environment)
        try:
            yield environment
        finally:
            daemon.terminate()
            daemon.wait(10)


def unlocked_keyring(environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start gnome-keyring on a session, unlocked; the caller ends it."""
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
    _wait_until_it_answers(environment)
    return daemon


def _wait_until_it_answers(environment: dict[str, str]) -> None:
    import secretstorage

    for _ in range(200):
        with closing(connected(environment)) as connection:
            if secretstorage.check_service_availability(connection):
                collection = secretstorage.get_default_collection(connection)
                if not collection.is_locked():
                    return
        time.sleep(0.05)
    raise RuntimeError("gnome-keyring did not start")


def connected(environment: dict[str, str]) -> "DBusConnection":
    """Return a connection to a session that is not this process's own."""
    from jeepney.io.blocking import open_dbus_connection

    return open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"])


def lock(environment: dict[str, str]) -> None:
    """Lock the keyring of a session."""
    import secretstorage

    with closing(connected(environment)) as connection:
        secretstorage.get_default_collection(connection).lock()
