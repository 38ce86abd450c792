"""The same four commands against a SCIM server that knows nothing of Webex (scim2-server)."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import uvicorn
from scim2_models import ScimProvider
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.memory import AsyncInMemoryStorage
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

from tests.commands.conftest import Cli, write_profile

WRITES = ("create", "update", "disable", "delete")
PEOPLE = (
    "userPrincipalName,displayName,givenName,surname,objectId,accountEnabled\n"
    "adele@contoso.example,Adele Vance,Adele,Vance,00000000-0000-0000-0000-000000000001,True\n"
    "alex@contoso.example,Alex Wilber,Alex,Wilber,00000000-0000-0000-0000-000000000002,True\n"
    "diego@contoso.example,Diego Siciliani,Diego,Siciliani,"
    "00000000-0000-0000-0000-000000000003,True\n"
)


@pytest.fixture
def server() -> Iterator[str]:
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(),
        load_default_resource_types().values(),
        config=load_default_service_provider_config(),
    )
    app = ASGIApplication(AsyncInMemoryStorage(), provider)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(cast("Any", app), log_level="error", lifespan="off", ws="none")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/v2"
    running.should_exit = True
    thread.join(timeout=10)
    listening.close()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


@pytest.fixture
def profile(tmp_path: Path, server: str, people: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "independent-server-token")
    return write_profile(
        tmp_path,
        tenant_url=server,
        organization_id="7f0c3a52-0000-4000-8000-000000000001",
        csv=people,
    )


def counts(document: dict[str, Any]) -> list[int]:
    return [int(document[kind]) for kind in WRITES]


def carry_out(cli: Cli, profile: Path, folder: Path) -> list[int]:
    plan = folder / "plan.json"
    previewed = cli("preview", "--profile", profile, "--out", plan)
    assert previewed.code == 0, previewed.out
    applied = cli("apply", plan, "--profile", profile)
    assert applied.code == 0, applied.out
    assert applied.json["applied"] == sum(counts(previewed.json))
    return counts(previewed.json)


def users(server: str) -> dict[str, dict[str, Any]]:
    listed = httpx.get(f"{server}/Users", headers={"Authorization": "Bearer x"}).json()
    return {user["userName"]: user for user in listed["Resources"]}


def test_the_connection_passes_with_what_it_could_not_check_told(cli: Cli, profile: Path) -> None:
    checked = cli("check", "--profile", profile)
    assert checked.code == 0, checked.out
    unchecked = [layer["name"] for layer in checked.json["layers"] if layer["standing"] == "warn"]
    assert {"token", "organization"} <= set(unchecked)


def test_people_are_created_updated_disabled_and_then_nothing_changes(
    cli: Cli, profile: Path, people: Path, server: str, tmp_path: Path
) -> None:
    assert carry_out(cli, profile, tmp_path) == [3, 0, 0, 0]
    assert users(server)["adele@contoso.example"]["displayName"] == "Adele Vance"

    changed = PEOPLE.replace("Alex Wilber", "Alexander Wilber").replace("003,True", "003,False")
    people.write_text(changed, encoding="utf-8")
    assert carry_out(cli, profile, tmp_path) == [0, 1, 1, 0]
    now = users(server)
    assert now["alex@contoso.example"]["displayName"] == "Alexander Wilber"
    assert now["diego@contoso.example"]["active"] is False

    assert counts(cli("preview", "--profile", profile).json) == [0, 0, 0, 0]


def test_a_person_who_left_the_file_is_disabled_and_comes_back_when_they_return(
    cli: Cli, profile: Path, people: Path, server: str, tmp_path: Path
) -> None:
    carry_out(cli, profile, tmp_path)
    people.write_text("".join(PEOPLE.splitlines(keepends=True)[:3]), encoding="utf-8")
    assert carry_out(cli, profile, tmp_path) == [0, 0, 1, 0]
    people.write_text(PEOPLE, encoding="utf-8")
    assert carry_out(cli, profile, tmp_path) == [0, 1, 0, 0]
    assert users(server)["diego@contoso.example"]["active"] is True


def test_a_renamed_person_keeps_their_user(
    cli: Cli, profile: Path, people: Path, server: str, tmp_path: Path
) -> None:
    carry_out(cli, profile, tmp_path)
    before = users(server)["alex@contoso.example"]["id"]
    people.write_text(PEOPLE.replace("alex@", "alexander@"), encoding="utf-8")
    assert carry_out(cli, profile, tmp_path) == [0, 1, 0, 0]
    assert users(server)["alexander@contoso.example"]["id"] == before


def test_an_active_user_that_was_never_managed_is_not_disabled(
    cli: Cli, profile: Path, people: Path, server: str
) -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "adele@contoso.example",
        "active": True,
    }
    headers = {"Authorization": "Bearer x", "Content-Type": "application/scim+json"}
    assert httpx.post(f"{server}/Users", json=body, headers=headers).status_code == 201
    people.write_text(PEOPLE.replace("001,True", "001,False"), encoding="utf-8")
    previewed = cli("preview", "--profile", profile).json
    assert counts(previewed) == [2, 0, 0, 0]
    assert previewed["problem"] == 1
