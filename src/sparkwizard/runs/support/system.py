"""Say what kind of computer this is, as far as a fault may lie there."""

import locale
import platform
import shutil
import sys
from collections.abc import Mapping

from sparkwizard.setup.places import Places
from sparkwizard.setup.secrets import backend_name, keyring_available

__all__ = ["system_facts"]

# what decides how the program behaves; of none of them the value is told
_VARIABLES = (
    *("SPARKWIZARD_TOKEN", "SPARKWIZARD_GRAPH_TOKEN", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
    *("NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "DISPLAY", "WAYLAND_DISPLAY"),
    *("DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "XDG_CURRENT_DESKTOP"),
)


def system_facts(places: Places, environ: Mapping[str, str], proxy: str) -> str:
    """Return lines about system, keyring, proxy and folders; of variables only their names."""
    upper = {name.upper() for name in environ}
    known = [name for name in _VARIABLES if name in upper]
    lines = {
        "System": platform.platform(),
        "Machine": platform.machine(),
        "Bundled": "yes" if getattr(sys, "frozen", False) else "no",
        "Language": locale.setlocale(locale.LC_CTYPE),
        "Keyring": _keyring(),
        "Proxy": proxy or "none",
        "Setups in": str(places.profiles_dir),
        "Journal in": str(places.data_dir),
        "Log in": str(places.logs_dir),
        "Free there": _free(places),
        "Variables set": ", ".join(known) or "none",
    }
    return "".join(f"{name + ':':<15}{value}\n" for name, value in lines.items())


def _keyring() -> str:
    try:
        name = backend_name()
    except ImportError as error:
        return f"not importable ({error})"
    lacking = keyring_available()
    return f"{name}, {lacking.text}" if lacking else f"{name}, there"


def _free(places: Places) -> str:
    try:
        return f"{shutil.disk_usage(places.data_dir).free // 2**20:,} MB"
    except OSError as error:
        return error.strerror or "unknown"
