"""What the complaints share: a firm with a file and a setup, its Webex, and the real commands."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.practice.scim.attributes import USER
from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Ran, _compiled_once, data_dir, practice, write_profile
from tests.commands.in_process import Run, _no_waiting, run

__all__ = ["Firm", "_compiled_once", "_no_waiting", "data_dir", "practice", "run"]

HEADER = "userPrincipalName,displayName,givenName,surname,objectId,accountEnabled,department\n"


def row(
    number: int,
    *,
    name: str = "",
    label: str = "",
    enabled: object = True,
    department: str = "Sales",
) -> str:
    user_name, shown = name or f"p{number:03}@contoso.example", label or f"Person {number}"
    who = f"{user_name},{shown},P,No{number},id-{number:03}"
    return f"{who},{enabled},{department}\n"


def rows(numbers: range, **values: Any) -> str:
    return "".join(row(number, **values) for number in numbers)


@dataclass
class Firm:
    """Run commands on one setup, and look at Webex."""

    command: Run
    profile: Path
    csv: Path
    practice: PracticeServer

    def employs(self, *parts: str) -> None:
        self.csv.write_text(HEADER + "".join(parts), encoding="utf-8")

    def run(self, name: str, *more: object) -> Ran:
        return self.command(name, *more, "--profile", self.profile)

    def sync(self, *more: object) -> Ran:
        return self.run("sync", *more)

    def preview(self) -> dict[str, Any]:
        ran = self.run("preview")
        assert ran.code == 0, ran
        return ran.json

    def edit(self, more: str) -> None:
        with self.profile.open("a", encoding="utf-8") as file:
            file.write(more)

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        found = [record.decode() for record in self.practice.world.users]
        return {user["userName"].casefold(): user for user in found}

    @property
    def active(self) -> int:
        """How many of this firm's users may sign in."""
        return sum(one["active"] for name, one in self.users.items() if "contoso" in name)

    def writes_of(self, act: Callable[[], object]) -> list[str]:
        """Return the requests but for reading that something sends."""
        before = len(self.practice.log)
        act()
        sent = list(self.practice.log)[before:]
        return [f"{one.method} {one.path}" for one in sent if one.method != "GET"]

    def change(self, name: str, **values: object) -> None:
        """Change a user as somebody else would, in Webex itself."""
        world = self.practice.world
        record = next(one for one in world.users if one.key == name.casefold())
        content = record.decode() | values
        world.write(USER, str(content["userName"]), content, old=record)

    def make(self, name: str, **values: object) -> None:
        """Let somebody else create a user by hand."""
        content = {"userName": name, "displayName": "By hand", "active": True, **values}
        self.practice.world.write(USER, name, content)


@pytest.fixture
def firm(
    run: Run, tmp_path: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> Firm:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    csv = tmp_path / "people.csv"
    profile = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=csv,
    )
    return Firm(run, profile, csv, practice)
