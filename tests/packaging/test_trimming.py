"""What goes into a bundle: what the program needs, and nothing that only Qt's hooks brought."""

import subprocess
import sys

import pytest

from bundling.trimming import kept_by_name, trimmed

LINKS = {
    "/qt/libqxcb.so": ["libQt6XcbQpa.so.6", "libc.so.6"],
    "/qt/libqgtk3.so": ["libgtk-3.so.0"],
    "/qt/libQt6XcbQpa.so.6": ["libQt6Gui.so.6"],
    "/qt/libQt6Gui.so.6": ["libQt6Core.so.6"],
    "/qt/libQt6Core.so.6": ["libgthread-2.0.so.0"],
    "/lib/libgtk-3.so.0": ["libpango-1.0.so.0"],
}
QT = "PySide6/Qt"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="names of Linux's libraries")


def entry(place: str, source: str) -> tuple[str, str, str]:
    return (place, source, "BINARY")


BINARIES = [
    entry(f"{QT}/plugins/platforms/libqxcb.so", "/qt/libqxcb.so"),
    entry(f"{QT}/plugins/platformthemes/libqgtk3.so", "/qt/libqgtk3.so"),
    entry(f"{QT}/lib/libQt6XcbQpa.so.6", "/qt/libQt6XcbQpa.so.6"),
    entry(f"{QT}/lib/libQt6Gui.so.6", "/qt/libQt6Gui.so.6"),
    entry(f"{QT}/lib/libQt6Core.so.6", "/qt/libQt6Core.so.6"),
    entry(f"{QT}/lib/libQt6Network.so.6", "/qt/libQt6Network.so.6"),
    entry("libgthread-2.0.so.0", "/lib/libgthread-2.0.so.0"),
    entry("libgtk-3.so.0", "/lib/libgtk-3.so.0"),
    entry("libpython3.13.so.1.0", "/py/libpython3.13.so.1.0"),
    ("libQt6Core.so.6", f"{QT}/lib/libQt6Core.so.6", "SYMLINK"),
    ("libQt6Network.so.6", f"{QT}/lib/libQt6Network.so.6", "SYMLINK"),
]


def places() -> set[str]:
    binaries, _ = trimmed(BINARIES, [], lambda file: LINKS.get(file, []))
    return {place for place, _, _ in binaries}


@linux_only
def test_a_library_stays_while_something_that_stays_needs_it_however_far_away() -> None:
    assert {f"{QT}/lib/libQt6Core.so.6", "libgthread-2.0.so.0"} <= places()


@linux_only
def test_a_library_that_only_a_dropped_plugin_needs_goes_with_it() -> None:
    assert not {"libgtk-3.so.0", f"{QT}/lib/libQt6Network.so.6"} & places()


@linux_only
def test_a_link_goes_with_what_it_leads_to() -> None:
    assert "libQt6Core.so.6" in places()
    assert "libQt6Network.so.6" not in places()


def test_python_itself_always_stays() -> None:
    assert "libpython3.13.so.1.0" in places()


@pytest.mark.parametrize(
    "kept",
    [
        f"{QT}/plugins/platforms/libqxcb.so",
        f"{QT}/plugins/platforms/libqwayland.so",
        f"{QT}/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\styles\\qmodernwindowsstyle.dll",
        f"{QT}/plugins/platforms/libqcocoa.dylib",
        f"{QT}/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "sparkwizard/_resources/practice/company.csv",
        "keyring-25.7.0.dist-info/METADATA",
        "keyring-25.7.0.dist-info/entry_points.txt",
    ],
)
def test_what_the_program_needs_stays(kept: str) -> None:
    assert kept_by_name(kept)


@pytest.mark.parametrize(
    "dropped",
    [
        f"{QT}/plugins/platforms/libqeglfs.so",
        f"{QT}/plugins/platforms/libqvnc.so",
        f"{QT}/plugins/imageformats/libqwebp.so",
        f"{QT}/plugins/tls/libqopensslbackend.so",
        f"{QT}/translations/qtbase_de.qm",
        "PySide6/opengl32sw.dll",
        "PySide6/plugins/networkinformation/qnetworklistmanager.dll",
        "cryptography-50.0.2.dist-info/RECORD",
    ],
)
def test_what_nobody_asks_for_goes(dropped: str) -> None:
    assert not kept_by_name(dropped)


def test_a_sign_in_and_the_keyrings_choice_do_without_what_only_linux_encrypts_by() -> None:
    # the bundles of Windows and macOS leave it out
    without = "import sys; sys.modules.update(dict.fromkeys(('cryptography', 'secretstorage')));"
    rooms = "sparkwizard.entra.sign_in, sparkwizard.setup.secrets, msal, msal_extensions, keyring"
    ran = subprocess.run([sys.executable, "-c", f"{without} import {rooms}"], check=False)
    assert ran.returncode == 0
