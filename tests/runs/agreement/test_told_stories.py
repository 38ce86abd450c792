"""Stories that chance seldom tells, each about something that must not happen."""

from pathlib import Path

import pytest

from sparkwizard.provisioning.types import RemovalLimit
from tests.runs.agreement.entra_side import EntraSide
from tests.runs.agreement.happenings import (
    Again,
    AnotherSetup,
    Comes,
    DaysPass,
    Edited,
    Employee,
    InStep,
    Leaves,
    MadeByHand,
    Step,
    Sync,
    Trouble,
    Undone,
    Waits,
)
from tests.runs.agreement.story import OPERATOR, tell
from tests.runs.agreement.world import EVERYBODY
from tests.runs.tenant import Person

QUOTE = Trouble(damage=('x,"never closed', 1))
UNLISTED = Trouble(hidden_users=1)
LOST = Trouble(faults={"drop_after_next": 9})
UNHEARD = Trouble(unheard=1)
UNDONE_WRITES = Trouble(faults={"drop_before_next": 40})
ONE = RemovalLimit(1, percent=False)
NAME_OF_ONE = Person(1).user_name
BOSSES = [Comes(Employee(number, manager=number + 1)) for number in range(4)]
OFF = Comes(Employee(1, enabled=False))


def off_for(days: int) -> list[Step]:
    """Somebody leaves and is turned off; so many days pass."""
    return [Sync([Leaves(1), Leaves(2)]), Sync([DaysPass(days)], full=True)]


STORIES: dict[str, list[Step]] = {
    "a file that breaks off makes nobody a leaver": [
        Sync([], QUOTE, full=True),
        Sync([Leaves(3)], QUOTE),
        Sync([Leaves(4)], QUOTE, full=None),
        Sync(),
    ],
    "a list of users that is too short turns nobody off": [
        Sync([Leaves(3)], UNLISTED, full=True),
        Sync([Leaves(4), OFF], UNLISTED, full=None),
    ],
    "a user whom nobody here managed stays on": [
        Sync(
            [
                MadeByHand("new@fabrikam.example"),
                Comes(Employee(6, enabled=False, name="new@fabrikam.example")),
                Comes(Employee(7, enabled=False, name="anna.lee@fabrikam.example")),
            ],
            full=True,
        ),
        Sync([Leaves(6), Leaves(7)], full=True),
    ],
    "what others change after the preview stays": [
        Waits(
            [Comes(Employee(1, "Chief")), Comes(Employee(2, "Chief")), Leaves(3)],
            [
                Edited(NAME_OF_ONE, {"title": "Director"}),
                Edited(Person(3).user_name, {"userName": "moved@fabrikam.example"}),
            ],
        ),
        Again(),
        Waits([Comes(Employee(2, "Clerk"))], [Edited(Person(2).user_name, None)]),
    ],
    "what was sent and not answered is done once": [
        Waits([Comes(Employee(5)), Comes(Employee(1, "Chief")), Leaves(2)], then=LOST),
        Again(),
        Sync([Comes(Employee(7)), Comes(Employee(8))], LOST),
        Sync([Comes(Employee(9))], Trouble(kill_at=22), full=None),
        Again(),
    ],
    "who loses access as the process dies gets it back": [
        Sync([Leaves(1), Comes(Employee(2, enabled=False))], UNHEARD, full=True),
        Sync([Comes(Employee(1)), Comes(Employee(2))]),
    ],
    "who is created as the process dies is not forgotten": [
        Sync([Comes(Employee(5)), Comes(Employee(6))], UNHEARD),
        Sync([Leaves(5)], UNHEARD, full=None),
        Sync([Leaves(6)]),
    ],
    "no failed entry is passed by": [
        Sync([Comes(Employee(5)), Comes(Employee(1, "Chief"))], UNDONE_WRITES),
        Sync([Comes(Employee(6))], Trouble(faults={"drop_before_next": 40})),
        InStep(),
        Sync([Comes(Employee(7, manager=8)), Comes(Employee(8)), Leaves(2)], UNDONE_WRITES),
        InStep(),
    ],
    "no change is passed by that was read from a spoilt file": [
        Sync([Leaves(3), Comes(Employee(5)), Comes(Employee(1, "Chief"))], QUOTE),
        Sync([Leaves(4), OFF], Trouble(damage=("only@two.example,fields", 2))),
        InStep(),
        Sync([Leaves(2), Comes(Employee(3, "Chief"))], UNLISTED, full=True),
        InStep(),
    ],
    "no change is passed by where a cycle breaks off": [
        Sync([Leaves(3), Comes(Employee(5)), Comes(Employee(1, "Chief"))], Trouble(cancel_at=1)),
        InStep(),
        Sync([Comes(Employee(1)), Comes(Employee(8))], Trouble(writing={"token_expired": True})),
        InStep(),
        Sync([Leaves(2), Comes(Employee(6)), Comes(Employee(1))], Trouble(kill_at=25)),
        InStep(),
        Sync([Leaves(1), Comes(Employee(7))], Trouble(cancel_at=1), full=True),
        InStep(),
    ],
    "whom this setup turned off it turns on again": [
        Sync([Leaves(1), Comes(Employee(2, enabled=False))]),
        Sync([Comes(Employee(1)), Comes(Employee(2))]),
    ],
    "whom somebody else turned off stays off": [
        Sync([Edited(NAME_OF_ONE, {"active": False}), Comes(Employee(1, "Chief"))], full=True),
        Sync([OFF]),
        Sync([Comes(Employee(1))]),
    ],
    "off, on by others and off by others is not off by us": [
        Sync([Leaves(1)]),
        Sync([Edited(NAME_OF_ONE, {"active": True}), Comes(Employee(1))], full=True),
        Sync([Edited(NAME_OF_ONE, {"active": False})], full=True),
        Sync([Comes(Employee(1, "Chief"))], full=True),
    ],
    "an undo leaves what was changed since": [
        Undone(
            [Comes(Employee(1, "Chief")), Comes(Employee(2, "Chief")), Comes(Employee(5))],
            [
                Edited(NAME_OF_ONE, {"title": "Director"}),
                Edited(Person(5).user_name, {"displayName": "Somebody"}),
            ],
        ),
        Undone([Leaves(1), Comes(Employee(2, enabled=False))]),
        Undone(
            [MadeByHand("own@fabrikam.example"), Comes(Employee(8, name="own@fabrikam.example"))]
        ),
        Undone([Comes(Employee(9))], [Leaves(9), Edited(Person(9).user_name, None)]),
    ],
    "another setup's people stay on": [
        Sync([AnotherSetup((1, 7))], full=True),
        Sync([Leaves(1), Comes(Employee(7)), Comes(Employee(8, enabled=False))], full=True),
        Sync([Comes(Employee(7, enabled=False)), AnotherSetup((1,))], full=True),
        Waits([Leaves(2)], [AnotherSetup((1, 2))]),
        Sync(full=True),
    ],
    "a plan that another run overtook takes nobody's access": [
        Waits([Leaves(1)], [Comes(Employee(1))], between=Sync()),
        Waits([Leaves(1)], [Comes(Employee(1, "Chief"))], between=Sync(full=True)),
    ],
    "more leavers than the limit all stay": [
        Sync([Leaves(1), Leaves(2)]),
        Sync([Leaves(3)], full=True),
        Sync([Comes(Employee(1)), Comes(Employee(2))]),
    ],
    "the administrator whose token is used stays": [
        Sync([Comes(Employee(5, name=OPERATOR))], full=True),
        Sync([Leaves(5)]),
        Sync(full=True),
        Sync([Comes(Employee(5, enabled=False, name=OPERATOR))]),
    ],
    "nobody gets another person's user": [
        Sync([MadeByHand("hand@fabrikam.example", Person(5).object_id)], full=True),
        Sync([Edited(NAME_OF_ONE, {"userName": "moved@fabrikam.example"}), Leaves(2)]),
        Sync([Comes(Employee(5)), Comes(Employee(6, name=NAME_OF_ONE))], full=True),
        Sync([Comes(Employee(1, name=Person(2).user_name))], full=True),
        Sync([MadeByHand(Person(7).user_name, Person(8).object_id)], full=True),
        Sync([Comes(Employee(8))]),
        Sync([Comes(Employee(7))], full=True),
        Sync([Edited(Person(4).user_name, {"userName": "six@fabrikam.example"})]),
        Sync([Comes(Employee(9, name="six@fabrikam.example"))]),
        Sync([Edited(Person(0).user_name, {"externalId": Person(3).object_id})], full=True),
    ],
    "nobody is kept out by a manager whose user is gone": [
        Sync([Leaves(1), Edited(NAME_OF_ONE, None), Comes(Employee(6, manager=1))], full=True),
        Sync([Comes(Employee(2, enabled=False, manager=1))]),
        Sync([Comes(Employee(2, manager=1))], full=True),
    ],
    "managers are set once they are there": [
        Sync(BOSSES),
        Waits([Comes(Employee(1, "Chief", manager=7)), Comes(Employee(7, manager=8))]),
        Sync([Comes(Employee(8, manager=1))], Trouble(kill_at=30)),
        Undone([Comes(Employee(2, manager=9)), Comes(Employee(9, manager=2))]),
    ],
}


@pytest.mark.parametrize("about", STORIES)
def test_it_never_happens_that_not(about: str, no_waiting: None, tmp_path: Path) -> None:
    limit = ONE if "limit" in about else EVERYBODY
    tell(tmp_path, STORIES[about], people={0, 1, 2, 3, 4}, limit=limit)


def test_it_never_happens_that_not_with_people_from_entra(no_waiting: None, tmp_path: Path) -> None:
    steps: list[Step] = [
        Sync([*BOSSES, Leaves(4)], Trouble(graph_dies_at=1)),
        Sync([Comes(Employee(2, enabled=False))], Trouble(graph={"delta_expired": True})),
        InStep([Comes(Employee(5, manager=6)), Comes(Employee(6))]),
        Sync([Leaves(1), Leaves(0)], Trouble(graph_dies_at=2), full=True),
        Sync([Comes(Employee(1)), Leaves(5)], Trouble(graph={"throttle_every": 2}, unheard=1)),
        InStep(),
        Sync([Comes(Employee(5)), Leaves(6)], Trouble(graph={"throttle_items_next": 40})),
        InStep([Comes(Employee(7, name=Person(6).user_name))]),
        Undone([Comes(Employee(3, "Chief")), Leaves(2)]),
    ]
    tell(tmp_path, steps, people={0, 1, 2, 3, 4}, side=EntraSide)


@pytest.mark.parametrize("days", [1, 29, 31])
def test_only_who_is_off_for_thirty_days_is_deleted(
    days: int, no_waiting: None, tmp_path: Path
) -> None:
    back = Sync([Comes(Employee(1))], full=False)
    steps = [*off_for(days), Sync(), back, Sync(full=True)]
    tell(tmp_path, steps, people={0, 1, 2, 3}, delete=True)


def test_days_count_anew_from_the_day_somebody_is_off_again(
    no_waiting: None, tmp_path: Path
) -> None:
    steps: list[Step] = [
        Sync([Leaves(1)]),
        Sync([DaysPass(20), Edited(NAME_OF_ONE, {"active": True})], full=True),
        Sync([DaysPass(20)], full=True),
        Sync([DaysPass(31), Edited(NAME_OF_ONE, {"active": True})]),
        Sync([Edited(NAME_OF_ONE, {"active": False})], full=True),
        Sync(full=True),
    ]
    tell(tmp_path, steps, people={0, 1, 2, 3}, delete=True)
