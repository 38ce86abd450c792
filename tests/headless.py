"""Every command without a window, each as a line that runs to its end at once.

A run was made and a plan was kept while a practice tenant was there. In its place is now a server
that knows nobody, so that a line ends with the first answer, having read all that it reads before.
"""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override
from urllib.parse import urlsplit

from sparkwizard.practice.server import PracticeServer, serve_in_thread

__all__ = ["LINES", "Headless", "headless"]

_PROGRAM = str(Path(sys.executable).with_name("sparkwizard"))
_CSV, _ENTRA = "--profile {home}/contoso.toml", "--profile {home}/entra.toml"

LINES: Mapping[str, str] = {
    "runs": "runs",
    "report": "report 1",
    "check": f"check {_CSV}",
    "preview": f"preview {_CSV}",
    "preview, people from Entra": f"preview {_ENTRA}",
    "apply": f"apply {{home}}/plan.json {_CSV}",
    "sync": f"sync {_CSV}",
    "explain": f"explain adele@contoso.example {_CSV}",
    "undo": f"undo 1 {_CSV} --out {{home}}/undo.json",
    "sign-in": f"sign-in {_ENTRA} --device-code",
    "sign-out": f"sign-out {_ENTRA}",
    "schedule": f"schedule {_CSV}",
    "schedule --show": f"schedule --show {_CSV}",
    "notify": "notify --profile {home}/mail.toml",
    "notify, nobody to write to": f"notify {_CSV}",
    "forget": "forget",
    "support": "support --out {home}/support.zip",
    "practice": "practice --port {taken}",
    "cloud plan": f"cloud plan {_ENTRA}",
    "cloud apply": f"cloud apply 0123abcd {_ENTRA}",
    "cloud start": f"cloud start {_ENTRA}",
    "cloud stop": f"cloud stop {_ENTRA}",
    "cloud restart": f"cloud restart failed-entries {_ENTRA}",
    "cloud on-demand": f"cloud on-demand adele@contoso.example {_ENTRA}",
    "cloud renew-token": f"cloud renew-token {_ENTRA}",
    "cloud restore-schema": f"cloud restore-schema 1 {_ENTRA}",
    "cloud foretell": f"cloud foretell {_ENTRA}",
    "cloud watch": f"cloud watch {_ENTRA}",
    "cloud logs": f"cloud logs {_ENTRA}",
    "cloud check": f"cloud check {_ENTRA}",
    "cloud checklist": f"cloud checklist {_ENTRA}",
}

_READ = """
import json, sys
from sparkwizard.__main__ import main
read = {}
for name, line in json.loads(sys.argv[1]).items():
    try:
        main(line)
    except SystemExit:
        pass
    read[name] = [
        (one, getattr(getattr(module, "__spec__", None), "origin", None) or "")
        for one, module in list(sys.modules.items())
    ]
print("\\n" + json.dumps(read), file=sys.stderr)
"""


@dataclass(frozen=True)
class Headless:
    """Hold what the lines need: a folder, an environment in which nothing of a desktop runs."""

    home: Path
    environment: Mapping[str, str]
    taken: int
    """A port that somebody else listens on: ``practice`` ends there."""

    def arguments(self, name: str) -> list[str]:
        """Return the line of this name; what it writes is not there yet."""
        for written in ("undo.json", "support.zip"):
            (self.home / written).unlink(missing_ok=True)
        words = LINES[name].split()
        return [*(word.format(home=self.home, taken=self.taken) for word in words), *self._data]

    def run(self, name: str) -> None:
        """Run a line as a script does."""
        self._run([_PROGRAM, *self.arguments(name)])

    def run_program(self, *arguments: str) -> None:
        """Run the program with these arguments alone."""
        self._run([_PROGRAM, *arguments])

    def done(self, name: str, *more: str) -> None:
        """Run a line that must succeed."""
        ran = self._run([_PROGRAM, *self.arguments(name), *more])
        assert ran.returncode == 0, ran

    def run_python(self, code: str) -> None:
        """Run Python in the same environment."""
        self._run([sys.executable, "-c", code])

    def read(self, *names: str) -> dict[str, dict[str, str]]:
        """Return the modules read by the end of each line, run in turn in one process.

        Each with where it came from.
        """
        lines = json.dumps({name: self.arguments(name) for name in names})
        ran = self._run([sys.executable, "-c", _READ, lines])
        read: dict[str, list[tuple[str, str]]] = json.loads(ran.stderr.splitlines()[-1])
        return {name: dict(modules) for name, modules in read.items()}

    def libraries(self, name: str) -> list[str]:
        """Return the modules of other people's libraries that a line has read, in their order."""
        read = self.read(name)[name]
        others = [one for one, origin in read.items() if "site-packages" in origin]
        ours = ("sparkwizard", "_virtualenv", "_distutils_hack")
        # what mypyc makes has names that are no identifiers; its library brings it along
        return [one for one in others if not one.startswith(ours) and "__mypyc" not in one]

    @property
    def _data(self) -> tuple[str, str]:
        return "--data-dir", str(self.home / "data")

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@contextmanager
def headless(home: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Headless]:
    """Yield what the lines need, made in a folder that is empty."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with serve_in_thread() as served:
            nobody = {"PATH": str(home), "HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": ""}
            tokens = {
                "SPARKWIZARD_TOKEN": served.token,
                "SPARKWIZARD_GRAPH_TOKEN": served.graph_token,
                "SPARKWIZARD_ENTRA_SECRET_TOKEN": served.token,
            }
            one = Headless(home, {**environment, **nobody, **tokens}, taken.getsockname()[1])
            _prepare(one, served)
            address = urlsplit(served.base_url)
        with _knows_nobody(address.port or 0):
            yield one


class _Nobody(BaseHTTPRequestHandler):
    """Refuse every token."""

    def do_GET(self) -> None:
        """Say that nobody of this name is known."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 -- the names of http.server

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def _knows_nobody(port: int) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", port), _Nobody) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _prepare(one: Headless, served: PracticeServer) -> None:
    people = one.home / "people.csv"
    csv = f'kind = "csv"\npath = "{people.as_posix()}"\n'
    entra = (
        f'kind = "entra"\ntenant = "{served.organization_id}"\ngraph_url = "{served.graph_url}"\n'
    )
    mail = (
        '[notifications]\nemail = "it@contoso.example"\n[notifications.smtp]\nhost = "localhost"\n'
    )
    for name, more in (("contoso", csv), ("entra", entra), ("mail", f"{csv}{mail}port = 9\n")):
        (one.home / f"{name}.toml").write_text(
            f'version = 1\nname = "{name}"\n[webex]\ntenant_url = "{served.tenant_url}"\n'
            f'organization_id = "{served.organization_id}"\napi_url = "{served.api_url}"\n'
            f"[source]\n{more}",
            encoding="utf-8",
        )
    header = "userPrincipalName,displayName,givenName,surname,objectId,accountEnabled\n"
    for display in ("Adele Vance", "Adele Winter"):
        people.write_text(f"{header}adele@contoso.example,{display},Adele,Vance,0-1,True\n")
        out = ("--out", str(one.home / "plan.json"))
        one.done("preview", *out)
        if display == "Adele Vance":
            one.done("apply")
