"""Choose which of the collected files go into a bundle.

PyInstaller's hooks collect every plugin that Qt has, and with each all libraries it needs: GTK,
Wayland compositors, printing. ``excludes`` does not reach those (pyinstaller/pyinstaller#8672), so
the lists are filtered here: plugins by name, then the libraries that nothing kept needs any more.
"""

import posixpath
import re
import sys
from collections.abc import Callable, Iterable

__all__ = ["EXCLUDED_MODULES", "kept_by_name", "trimmed"]

type Entry = tuple[str, str, str]
"""Destination in the bundle, source, and PyInstaller's code (BINARY, EXTENSION, SYMLINK, …)."""

# the keyring of Linux encrypts what it sends to the Secret Service; MSAL asks for it only where a
# program has a certificate of its own
_OF_LINUX = ("cryptography", "secretstorage", "jeepney")
_OF_OTHER_SYSTEMS = {
    "win32": (*_OF_LINUX, "truststore._macos", "platformdirs.macos"),
    "darwin": (*_OF_LINUX, "truststore._windows", "platformdirs.windows", "click._winconsole"),
    # elsewhere they speak with the system; here only what is never called would import them
    "linux": (
        *("ctypes", "_ctypes", "plistlib", "pyexpat", "xml.parsers", "xml.sax.expatreader"),
        *("truststore._macos", "truststore._windows", "click._winconsole"),
        *("platformdirs.macos", "platformdirs.windows"),
        *("asyncio.windows_events", "asyncio.windows_utils", "asyncio.proactor_events"),
    ),
}

EXCLUDED_MODULES = (
    # optional parts of libraries, and of Python, that nothing here asks for
    *("chardet", "yaml", "rich", "pygments", "trio", "h2", "socksio", "websockets"),
    *("brotli", "brotlicffi", "zstandard", "httptools", "uvloop", "watchfiles", "dotenv"),
    *("setuptools", "pkg_resources", "_distutils_hack", "distutils", "pip", "wheel"),
    *("_pydecimal", "_pydatetime"),  # what their C twins stand in for
    *("anyio._backends._trio", "anyio.pytest_plugin", "httpcore._backends.trio"),
    *("urllib3.contrib.emscripten", "urllib3.contrib.pyopenssl", "urllib3.contrib.socks"),
    *("_elementtree", "_uuid"),  # each has a twin in Python
    *("xmlrpc", "ftplib", "sqlite3.__main__", "sqlite3.dump"),
    # asked for only where somebody shares objects between processes, or maps names loosely
    *("multiprocessing.managers", "multiprocessing.pool", "multiprocessing.dummy"),
    *("multiprocessing.heap", "multiprocessing.queues", "multiprocessing.shared_memory"),
    *("multiprocessing.sharedctypes", "multiprocessing.synchronize", "concurrent.futures.process"),
    "idna.uts46data",
    # certificates and keys in files; here only what is sent to a keyring is encrypted
    *("cryptography.x509", "cryptography.hazmat.primitives.serialization", "cryptography.fernet"),
    # protocols that are not spoken, each an import that its library can do without
    *("httpcore._async.http2", "httpcore._async.socks_proxy", "httpx._main"),
    "urllib3.http2.connection",
    *("httpcore._sync.http2", "httpcore._sync.socks_proxy"),
    *("uvicorn.protocols.http.auto_zttp_impl", "uvicorn.protocols.http.httptools_impl"),
    *("uvicorn.protocols.http.zttp_h2_impl", "uvicorn.protocols.http.zttp_impl"),
    "uvicorn.protocols.websockets.websockets_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "uvicorn.protocols.websockets.wsproto_impl",
    # locks of other kinds
    *("filelock._async", "filelock._async_read_write", "filelock._lease", "filelock._marker"),
    *("filelock._read_write", "filelock._soft_rw", "filelock._strict", "filelock.asyncio"),
    *("pytest", "_pytest", "py", "hypothesis", "mypy", "mypyc"),
    *("lxml", "defusedxml", "attr", "attrs", "pydantic", "numpy", "PIL", "IPython"),
    *("tkinter", "turtle", "idlelib", "lib2to3", "pydoc", "pydoc_data", "doctest", "test"),
    *("curses", "_curses", "readline", "pdb", "bdb", "_pyrepl", "ensurepip", "venv"),
    # parts of Qt that nothing imports, but its stubs name
    *("PySide6.QtDBus", "PySide6.QtNetwork"),
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtSvg", "PySide6.QtSvgWidgets"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtXml"),
    *("PySide6.QtPrintSupport", "PySide6.QtDesigner", "PySide6.QtUiTools", "PySide6.scripts"),
    *_OF_OTHER_SYSTEMS.get(sys.platform, ()),
)

_PLUGINS = {
    # offscreen is for the self-test on a machine without a display
    "platforms": ("xcb", "wayland", "offscreen", "windows", "cocoa"),
    "platformthemes": ("xdgdesktopportal",),
    "platforminputcontexts": (
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    ),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("bradient",),
    "styles": ("windowsvistastyle", "modernwindowsstyle", "macstyle"),
}
"""What is kept of each folder of plugins; everything is painted here, so no image formats."""

_QT = re.compile(r"PySide6/(?:Qt/)?plugins/(?P<folder>[^/]+)/(?:lib)?q?(?P<name>[^/.]+)")
_USELESS = re.compile(
    r"PySide6/(?:Qt/)?(?:translations|qml|libexec|metatypes|resources)/"
    r"|sparkwizard/_resources/(?:man/|.*\.svg$)"  # the installers have them elsewhere
    r"|certifi/cacert\.pem$"  # the system's certificates are used, and no others
    r"|(?:cryptography|click)-[^/]*\.dist-info/"  # NOTICES.txt has their licences
    r"|PySide6/(?:opengl32sw|d3dcompiler_\d+)\.dll$"
    r"|(?:.*/)?[^/]+\.dist-info/(?:RECORD|INSTALLER|REQUESTED|WHEEL|direct_url\.json|sboms/.*)$"
    r"|(?:.*/)?(?:uv_(?:build|cache)\.json|py\.typed|\.gitkeep)$"
)
_QT_LIBRARY = re.compile(r"PySide6/(?:Qt/lib/.+|[^/]+\.(?:dll|dylib))$")
_SYSTEM_LIBRARY = re.compile(r"lib[^/]+\.so[.\d]*$")


def kept_by_name(destination: str) -> bool:
    """Return whether a file is wanted, as far as its place in the bundle tells."""
    name = destination.replace("\\", "/")
    plugin = _QT.match(name)
    if plugin:
        return plugin["name"] in _PLUGINS.get(plugin["folder"], ())
    return not _USELESS.match(name)


def trimmed(
    binaries: Iterable[Entry],
    datas: Iterable[Entry],
    imports: Callable[[str], Iterable[str]],
) -> tuple[list[Entry], list[Entry]]:
    """Return the binaries and the data files that stay.

    ``imports`` returns the file names of the libraries that a binary file is linked with.
    """
    named = [entry for entry in binaries if kept_by_name(entry[0])]
    needed = _needed(named, imports)
    stay = [entry for entry in named if not _is_library(entry[0]) or _base(entry[0]) in needed]
    files = {entry[0] for entry in stay}
    data = [entry for entry in datas if kept_by_name(entry[0]) and _leads(entry, files)]
    return [entry for entry in stay if _leads(entry, files)], data


def _needed(binaries: list[Entry], imports: Callable[[str], Iterable[str]]) -> set[str]:
    """Return the names of the libraries that are needed by what is no library, directly or not."""
    sources = {_base(entry[0]): entry[1] for entry in binaries if entry[2] != "SYMLINK"}
    ahead = [entry[1] for entry in binaries if not _is_library(entry[0])]
    found: set[str] = set()
    while ahead:
        for library in {name.lower() if _windows() else name for name in imports(ahead.pop())}:
            if library not in found:
                found.add(library)
                ahead.extend(filter(None, [sources.get(library)]))
    return found


def _is_library(destination: str) -> bool:
    """Return whether this is a library that only others bring in, and may go without them.

    Elsewhere than on Linux only Qt's own are: there PyInstaller collects nothing of the system.
    """
    name = destination.replace("\\", "/")
    if name.startswith("libpython"):
        return False
    return bool(_QT_LIBRARY.match(name) or _SYSTEM_LIBRARY.match(name))


def _leads(entry: Entry, files: set[str]) -> bool:
    """Return whether this is no link, or one to a file that stays."""
    destination, source, code = entry
    if code != "SYMLINK":
        return True
    folder = posixpath.dirname(destination.replace("\\", "/"))
    target = posixpath.normpath(posixpath.join(folder, source.replace("\\", "/")))
    return target in files or _base(target) in {_base(file) for file in files}


def _base(path: str) -> str:
    name = posixpath.basename(path.replace("\\", "/"))
    return name.lower() if _windows() else name


def _windows() -> bool:
    return sys.platform == "win32"
