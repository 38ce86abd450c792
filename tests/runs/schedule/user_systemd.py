"""A real systemd for one person, apart from that of this computer: its own /run, its own cgroup.

It needs the rights to make a mount namespace and a cgroup; ``unavailable`` says why it has them
not.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEMD = Path("/lib/systemd/systemd")
# systemd moves whatever shares its cgroup into a scope of its own, so it gets one for itself
START = r"""
set -eu
name=$1
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -e "$tree/cgroup.procs" ]; then
    mkdir "$tree/$name"
    echo $$ > "$tree/$name/cgroup.procs"
  fi
done
grep -E '^(0:|[0-9]+:name=systemd:)' /proc/self/cgroup | grep -q ':/$' && exit 77
mount -t tmpfs none /run
mkdir -p /run/systemd/system
exec /lib/systemd/systemd --user --log-target=console --log-level=warning
"""


def unavailable() -> str:
    """Return why no systemd of one's own can be started here, or an empty text."""
    if not SYSTEMD.exists() or not shutil.which("systemctl"):
        return "there is no systemd"
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return "only root may make the namespaces for it"
    asked = ["unshare", "--mount", "--propagation", "private", "true"]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        return "this computer makes no namespaces"
    return ""


@contextmanager
def user_systemd(folder: Path, env: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run a systemd; yield the environment in which ``systemctl --user`` reaches it.

    ``folder`` is its home. Yields an empty environment where it did not start.
    """
    runtime = folder / "r"
    runtime.mkdir(mode=0o700)
    here = {
        **os.environ,
        **env,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    here.pop("DBUS_SESSION_BUS_ADDRESS", None)
    name = f"sparkwizard-test-{os.getpid()}"
    command = ["unshare", "--mount", "--propagation", "private", "bash", "-c", START, "-", name]
    process = subprocess.Popen(
        command, env=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield here if _answers(process, runtime, here) else {}
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _remove_cgroups(name)


def _answers(process: subprocess.Popen[bytes], runtime: Path, env: dict[str, str]) -> bool:
    asked = ["systemctl", "--user", "show", "--property=Version"]
    for _ in range(300):
        if process.poll() is not None:
            return False
        there = (runtime / "systemd" / "private").exists()
        if (
            there
            and subprocess.run(asked, env=env, capture_output=True, check=False).returncode == 0
        ):
            return True
        time.sleep(0.05)
    return False


def _remove_cgroups(name: str) -> None:
    found = [Path(path) for path, _, _ in os.walk("/sys/fs/cgroup") if f"/{name}" in path]
    for path in sorted(found, key=lambda path: -len(path.parts)):
        for _ in range(20):
            try:
                path.rmdir()
                break
            except FileNotFoundError:
                break
            except OSError:  # the last process is on its way out
                time.sleep(0.05)
