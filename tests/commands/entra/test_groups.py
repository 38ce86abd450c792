"""Groups from Microsoft Entra ID, by the commands, over the practice tenant's Graph."""

from pathlib import Path
from typing import Any

from sparkwizard.practice.server import PracticeServer
from tests.commands.entra.test_entra_source import _no_waiting, practice, profile, run
from tests.commands.in_process import Run

__all__ = ["_no_waiting", "practice", "profile", "run"]


def assigned(profile: Path, *groups: str) -> None:
    named = ", ".join(f'"{group}"' for group in groups)
    with profile.open("a", encoding="utf-8") as file:
        file.write(f'[scope]\npeople = "assigned"\ngroups = [{named}]\n')
        file.write("[groups]\nprovision = true\n[safeguards]\nmax_removals = 50\n")


def members(practice: PracticeServer, name: str) -> set[str]:
    """Return the source ids of a Webex group's members."""
    external = {r.id: r.decode().get("externalId") for r in practice.world.users}
    found = next(g for g in (r.decode() for r in practice.world.groups) if g["displayName"] == name)
    return {str(external[one["value"]]) for one in found.get("members", ())}


def enabled(practice: PracticeServer) -> list[str]:
    users = practice.entra.directory.users
    return [
        one
        for one in users
        if users.get(one)["userType"] == "Member" and users.get(one)["accountEnabled"]
    ]


def test_assigned_groups_come_with_their_people_and_an_incremental_sync_carries_on(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    directory, people = practice.entra.directory, enabled(practice)
    pilot = directory.add_group("Pilot", people[:5])["id"]
    assigned(profile, pilot)
    made = run("preview", "--profile", profile).json
    there = {one["source_id"] for one in made["actions"] if one["action"] == "problem"}
    assert (made["groups"]["create"], made["groups"]["members_removed"]) == (1, 0)

    first = run("sync", "--profile", profile)

    assert first.json["groups"]["failed"] == 0
    assert members(practice, "Pilot") == set(people[:5]) - there
    directory.remove_member(pilot, people[0])
    directory.add_member(pilot, people[6])
    second = run("sync", "--profile", profile)
    assert second.json["cycle"]["kind"] == "incremental"
    assert members(practice, "Pilot") == {*people[1:5], people[6]} - there
    again: dict[str, Any] = run("preview", "--profile", profile).json["groups"]
    assert (again["create"], again["update"], again["unchanged"]) == (0, 0, 1)


def test_the_preview_speaks_of_groups_and_a_file_of_people_says_that_it_has_none(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    group = practice.entra.directory.add_group("Pilot", enabled(practice)[:3])["id"]
    assigned(profile, group)
    said = run("preview", "--profile", profile, text=True).out
    assert "Groups: 1 group would be created, 3 members added." in said
