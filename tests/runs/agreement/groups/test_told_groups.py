"""Stories of groups, and of people assigned by them, that chance seldom tells."""

from functools import partial
from pathlib import Path

import pytest

from sparkwizard.provisioning.types import RemovalLimit
from tests.runs.agreement.entra_side import EntraSide
from tests.runs.agreement.groups.happenings import (
    Assigned,
    GroupDeleted,
    GroupMade,
    GroupOfAnother,
    GroupRenamed,
    MemberAdded,
    MemberRemoved,
    Team,
    TeamComes,
    TeamLeaves,
)
from tests.runs.agreement.happenings import (
    Again,
    AnotherSetup,
    Comes,
    DaysPass,
    Edited,
    Employee,
    InRings,
    InStep,
    Later,
    Leaves,
    MadeByHand,
    Step,
    Sync,
    Trouble,
    Undone,
    Waits,
)
from tests.runs.agreement.story import tell, told
from tests.runs.agreement.world import EVERYBODY
from tests.runs.tenant import Person

ONE = RemovalLimit(1, percent=False)
GUEST = "guest@fabrikam.example"
GUEST_COMES = MadeByHand(GUEST)
UNLISTED = Trouble(hidden_users=1)
UNHEARD = Trouble(unheard=1)
LOST = Trouble(writing={"drop_after_next": 5})
NAME_OF_ONE = Person(1).user_name


def team(number: int, name: str, *members: int, inside: int | None = None) -> TeamComes:
    return TeamComes(Team(number, name, frozenset(members), inside))


SALES, SUPPORT = team(0, "Sales", 0, 1, 2), team(1, "Support", 2, 3)

STORIES: dict[str, list[Step]] = {
    "members of others are taken out": [
        Sync([GUEST_COMES, GroupMade("sales", (GUEST, NAME_OF_ONE)), SALES, SUPPORT]),
        Sync(
            [MemberAdded("Support", GUEST), team(1, "Support", 3), team(0, "Sales", 0)], full=True
        ),
        Sync([TeamLeaves(0), MemberAdded("Support", NAME_OF_ONE)]),
        Sync([AnotherSetup((3,)), team(1, "Support")], full=True),
        Sync([team(2, "Board", 0, 1, 2)]),
        Waits([team(2, "Board", 0)], [AnotherSetup((1,))]),
        Waits([team(2, "Board")], [team(2, "Board", 0)], between=Sync()),
    ],
    "a group that others changed is changed back or made twice": [
        Sync([SALES, SUPPORT]),
        Waits([team(0, "Field Sales", 1)], [GroupRenamed("Sales", "Bazaar")]),
        Waits([team(2, "Board", 0)], [GroupMade("board")]),
        Again(),
        Sync([GroupDeleted("Support"), MemberRemoved("Board", Person(0).user_name)]),
        Waits([team(1, "Support", 1)], [GroupDeleted("Support")]),
        Sync([GroupMade("Desk"), team(1, "Desk", 2)], full=True),
    ],
    "people leave a group that was not read whole": [
        Sync([SALES, SUPPORT]),
        Sync([team(0, "Sales", 0), TeamLeaves(1)], UNLISTED),
        Sync([team(2, "Board", 1)], UNLISTED, full=True),
        Sync([team(0, "Sales")], Trouble(graph_dies_at=3), full=True),
        Sync([team(0, "Sales")], Trouble(graph_dies_at=4)),
        InStep(),
    ],
    "a group of another setup is taken over": [
        Sync([GroupMade("Sales"), GroupOfAnother("Sales"), SALES, SUPPORT]),
        Sync([GroupOfAnother("Support"), team(0, "Support", 1), team(1, "Sales", 3)]),
    ],
    "a group is written twice where answers are lost": [
        Sync([SALES, SUPPORT, Comes(Employee(5))], LOST),
        Waits([team(0, "Field Sales", 0, 3), team(1, "Support", 2)], then=LOST),
        Again(),
        Sync([team(2, "Board", 0, 1)], Trouble(kill_at=26)),
        Sync([team(2, "Board", 3), TeamLeaves(0)], Trouble(kill_at=30)),
        InStep(),
    ],
    "a run that breaks off among groups leaves some as they were": [
        Sync([SALES, SUPPORT, Comes(Employee(5))], Trouble(groups=Later(unheard=1))),
        Sync([team(0, "Sales", 0, 5), team(2, "Board", 3)], Trouble(groups=Later(kill_at=4))),
        InStep(),
        Waits(
            [team(0, "Field Sales", 1, 2), TeamLeaves(1), Leaves(5)],
            then=Trouble(groups=Later(cancel_at=1)),
        ),
        Again([], Trouble(groups=Later({"drop_after_next": 5}))),
        InStep(),
        Sync(
            [team(0, "Sales", 3), team(1, "Support", 0, 1)],
            Trouble(groups=Later({"token_expired": True})),
        ),
        Sync([team(2, "Board", 4)], Trouble(groups=Later({"server_error_next": 9}))),
        InStep(),
        Undone([team(0, "Sales", 1, 2, 4), team(1, "Support")]),
    ],
    "who left or is off is added": [
        Sync([SALES, Comes(Employee(2, enabled=False))]),
        Sync([Leaves(1), team(0, "Sales", 0, 1, 2, 3, 4)]),
        Sync([Comes(Employee(1)), Edited(Person(4).user_name, {"active": False})], full=True),
        Sync([Edited(Person(3).user_name, None), DaysPass(1)], full=True),
        Sync([Comes(Employee(0, enabled=False))], UNHEARD),
        Sync([team(1, "Support", 0)]),
    ],
    "an undo leaves people in groups, or groups managed": [
        Undone([GUEST_COMES, GroupMade("Sales", (GUEST,)), SALES, Comes(Employee(5))]),
        Undone([GroupMade("Support", (Person(2).user_name, Person(3).user_name)), SUPPORT]),
        Undone([team(0, "Field Sales", 1, 5), team(2, "Board", 1)]),
        Sync(full=True),
        Undone([team(0, "Sales", 1, 4), TeamLeaves(1), Leaves(1)]),
        Sync(full=True),
        Undone([team(0, "Sales", 2)], [MemberAdded("Sales", 4)]),
        Undone([team(0, "Desk", 4)], [GroupRenamed("Desk", "Bazaar"), MemberRemoved("Bazaar", 4)]),
    ],
    "a group that was renamed keeps its name from another": [
        Sync([SALES, SUPPORT]),
        Sync([team(0, "Field Sales", 0, 1), team(2, "Sales", 3)]),
        Sync([GroupDeleted("Support"), GroupRenamed("Field Sales", "Support")], full=True),
    ],
    "a group that was made anew in the source loses its people": [
        Sync([SALES, SUPPORT]),
        Sync([TeamLeaves(0), team(2, "Sales", 1, 2, 3)]),
        Undone([TeamLeaves(1), team(0, "Support", 2)]),
        Sync([TeamLeaves(2), team(1, "sales", 1), team(0, "Sales", 2)], full=True),
    ],
    "more members leave than the limit": [
        Sync([SALES, SUPPORT]),
        Sync([team(0, "Sales", 0)]),
        Sync([TeamLeaves(1)], full=True),
        Sync([team(0, "Sales", 0, 1)]),
    ],
    "a ring but the last writes groups": [
        InRings([SALES, SUPPORT, *(Comes(Employee(number)) for number in (5, 6, 7))]),
        InRings([team(0, "Sales", 5), Comes(Employee(1, "Chief"))], Trouble(cancel_at=1)),
        Again(),
    ],
}

ASSIGNED: dict[str, list[Step]] = {
    "somebody who is not assigned is provisioned, or stays": [
        Sync([team(1, "Support", 2, 3), team(2, "Board", 3)]),
        Sync([team(0, "Sales", 0, 1, inside=2), Comes(Employee(5))]),
        Sync([team(1, "Support", 2, 4, 5), Comes(Employee(4, manager=0))], full=True),
        InStep([team(1, "Support", 2, 5)]),
        Sync([Assigned((0, 2))]),
        InStep([team(2, "Board", 3, 2)]),
    ],
    "an assigned group that is gone turns its people off": [
        Sync([team(1, "Support", 2, 3)]),
        Sync([TeamLeaves(1)], full=True),
        Sync([Leaves(0)]),
        Sync([Assigned((0,))]),
        Sync([team(0, "Sales", 1, 2)], Trouble(graph_dies_at=3), full=True),
        Sync([team(0, "Sales", 2)], Trouble(graph_dies_at=2)),
        Undone([Assigned((0, 1)), team(1, "Support", 3)]),
    ],
}


SELDOM = (
    "a group of another setup is taken over",
    "who left or is off is added",
    "a group that was renamed keeps its name from another",
    "a group that was made anew in the source loses its people",
    "people leave a group that was not read whole",
    "more members leave than the limit",
)


@pytest.mark.parametrize("about", told(STORIES, SELDOM))
def test_it_never_happens_that(about: str, no_waiting: None, tmp_path: Path) -> None:
    side = partial(EntraSide, with_groups=True)
    limit = ONE if "limit" in about else EVERYBODY
    tell(tmp_path, STORIES[about], people={0, 1, 2, 3, 4}, limit=limit, side=side)


@pytest.mark.slow
@pytest.mark.parametrize(
    "webex", ["without Bulk", "with a Bulk that partly fails", "in small pages"]
)
@pytest.mark.parametrize("about", STORIES)
def test_whatever_the_webex_it_never_happens_that(
    about: str, webex: str, no_waiting: None, tmp_path: Path
) -> None:
    side = partial(EntraSide, with_groups=True)
    limit = ONE if "limit" in about else EVERYBODY
    tell(tmp_path, STORIES[about], people={0, 1, 2, 3, 4}, limit=limit, side=side, webex=webex)


@pytest.mark.parametrize("about", ASSIGNED)
def test_with_assigned_people_it_never_happens_that(
    about: str, no_waiting: None, tmp_path: Path
) -> None:
    side = partial(EntraSide, with_groups=True, assigned=(99, 0, 1))
    steps = [Sync([team(0, "Sales", 0, 1), team(1, "Support", 2)], full=True), *ASSIGNED[about]]
    tell(tmp_path, steps, people={0, 1, 2, 3, 4}, side=side)
