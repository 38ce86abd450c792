"""The first connection of a program holds up nobody while the network is read from disk."""

import subprocess
import sys

SCRIPT = """
import asyncio, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, WebexSettings
from sparkwizard.setup.secrets import MemoryStore

network, read_by = "sparkwizard.net.client", []
assert network not in sys.modules

def heard(event, details):
    if event == "import" and details[0] in (network, "httpx", "h11"):
        read_by.append(threading.current_thread())

sys.addaudithook(heard)

async def connect():
    clock = lambda: datetime.now(UTC)
    organization = "0ae87ade-8c8a-4952-af08-318798958d0c"
    url = f"http://127.0.0.1:9/identity/scim/{organization}/v2"
    places = Places.in_folder(Path(sys.argv[1]))
    services = Services(places=places, secrets=MemoryStore(), environ={}, clock=clock)
    profile = Profile("Contoso", webex=WebexSettings(url, organization))
    async with services.connect(profile, "token"):
        pass
    services.close()

asyncio.run(connect())
assert len(read_by) > 1 and threading.main_thread() not in read_by, read_by
"""


def test_the_network_is_read_from_disk_on_a_thread(tmp_path: object) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
