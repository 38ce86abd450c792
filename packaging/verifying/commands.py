"""The frozen program without a window: its self-test, and a whole practice run."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bundling.version import VERSION
from verifying.frozen import Failed, Frozen, unexpected

__all__ = ["practice_run", "self_test", "version"]

WRITES = ("create", "update", "disable", "delete")
_PROGRESS = (r".*\d+ .*", r"Reading .*")


def version(frozen: Frozen) -> str:
    """See that the program states the version of the source it was built from."""
    said = frozen.run("--version").strip()
    if said != f"sparkwizard {VERSION}":
        raise Failed(f"--version says {said!r}, the source {VERSION}")
    return said


def self_test(frozen: Frozen) -> str:
    """Run the self-test into a file; every check must pass, and nothing may be printed."""
    report = frozen.folder / "self-test.json"
    frozen.run("--self-test", str(report))
    said = json.loads(report.read_text(encoding="utf-8"))
    failed = {name: text for name, text in said["checks"].items() if text.startswith("FAILED")}
    if failed or not said["passed"] or said["version"] != VERSION:
        raise Failed(f"the self-test: {said}")
    if not said["checks"]["place"].startswith("frozen"):
        raise Failed(f"this is no frozen program: {said['checks']['place']}")
    return f"{len(said['checks'])} checks: {', '.join(said['checks'])}"


def practice_run(frozen: Frozen) -> str:
    """Bring the practice company into the practice Webex, both frozen; then nothing is left."""
    with _tenant(frozen) as tenant:
        setup = _write_setup(frozen, tenant)
        here = replace(frozen, more={**frozen.more, "SPARKWIZARD_TOKEN": str(tenant["token"])})
        common = ("--profile", str(setup), "--data-dir", str(frozen.folder / "data"))
        checked = here.json("check", *common, expected=_PROGRESS)
        _expect(checked["fail"] == 0, "check", checked)
        plan = frozen.folder / "plan.json"
        planned = here.json("preview", *common, "--out", str(plan), expected=_PROGRESS)
        changes = sum(planned[kind] for kind in WRITES)
        _expect(changes > 0, "the first preview plans nothing", planned)
        applied = here.json("apply", str(plan), *common, expected=_PROGRESS)
        _expect((applied["applied"], applied["failed"]) == (changes, 0), "apply", applied)
        again = here.json("preview", *common, expected=_PROGRESS)
        _expect(not any(again[kind] for kind in WRITES), "the second preview", again)
        return f"{changes} changes applied, 0 left"


@contextmanager
def _tenant(frozen: Frozen) -> Iterator[Mapping[str, Any]]:
    """Serve the practice tenant by the frozen program itself, and end it as a person would."""
    process = frozen.start("practice", "--port", "0", "--json")
    assert process.stdout
    try:
        yield json.loads(process.stdout.readline())
    except ValueError as error:
        raise Failed("practice printed no addresses") from error
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()  # there is no signal that reaches one program only
        process.communicate(timeout=20)
        return
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=20)
    if lines := unexpected(out + errors):
        raise Failed(f"practice said at its end: {lines}")


def _write_setup(frozen: Frozen, tenant: Mapping[str, Any]) -> Any:
    setup = frozen.folder / "practice.toml"
    setup.write_text(
        'version = 1\nname = "Practice"\n[webex]\n'
        f'tenant_url = "{tenant["tenant_url"]}"\napi_url = "{tenant["api_url"]}"\n'
        f'organization_id = "{tenant["organization_id"]}"\n'
        f"[source]\nkind = \"csv\"\npath = '{tenant['csv']}'\n",
        encoding="utf-8",
    )
    return setup


def _expect(holds: bool, what: str, document: Mapping[str, Any]) -> None:
    if not holds:
        raise Failed(f"{what}: {json.dumps(document)[:2000]}")
