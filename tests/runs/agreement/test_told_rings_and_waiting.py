"""Stories of runs in rings, of entries that wait for another try, and of setups slowed down."""

from pathlib import Path

import pytest

from sparkwizard.values import replace
from tests.runs.agreement.happenings import (
    Again,
    Comes,
    DaysPass,
    Domains,
    Edited,
    Employee,
    InRings,
    InStep,
    Leaves,
    Scheduled,
    Step,
    Sync,
    Trouble,
    Undone,
    Waits,
)
from tests.runs.agreement.story import tell, told
from tests.runs.tenant import Person

UNDONE_WRITES = Trouble(faults={"drop_before_next": 40})
TOKEN = Trouble(faults={"token_expired": True})
TOKEN_LATER = Trouble(writing={"token_expired": True})
PAGES = Trouble(faults={"html": True})
NO_FILE = Trouble(no_file=True)
ODD = Employee(7, name="seven@elsewhere.example")
ODD_ONE = Comes(ODD)
NEW = [Comes(Employee(number)) for number in (5, 6, 8)]
CHIEFS = [Comes(Employee(number, "Chief")) for number in range(4)]

STORIES: dict[str, list[Step]] = {
    "a ring begins after one that went wrong": [
        InRings([ODD_ONE, *NEW, Leaves(3), Domains(enforced=True)], turn=3),
        Again(),
        InRings([*CHIEFS, Leaves(4)], UNDONE_WRITES),
        Again(),
        InRings([Comes(Employee(9)), *NEW, Domains(enforced=False)]),
    ],
    "a ring stops for as few as are allowed": [
        InRings([*NEW, ODD_ONE, Leaves(2), Domains(enforced=True)], percent=50, turn=2),
        InRings([Comes(Employee(9)), *CHIEFS], percent=100),
    ],
    "whoever a stopped ring left is passed by": [
        InRings([*NEW, *CHIEFS], UNDONE_WRITES),
        InStep(),
        InRings([Leaves(5), Leaves(1), Comes(Employee(0))], Trouble(cancel_at=1), turn=1),
        InStep(),
    ],
    "rings write twice where a process died between them": [
        InRings([*NEW, Leaves(4)], Trouble(unheard=2), turn=1),
        Again(),
        InRings([*CHIEFS, Leaves(5)], Trouble(kill_at=45)),
        Again(),
    ],
    "a ring writes over what others changed": [
        InRings([*CHIEFS, Leaves(4)], Trouble(kill_at=30)),
        Again([Edited(Person(3).user_name, {"title": "Director"})]),
        Undone(),
    ],
    "rings stop for a manager of a later ring": [
        InRings([Comes(Employee(n, manager=n + 1)) for n in range(5, 9)]),
        InRings([Comes(Employee(n, manager=9)) for n in range(5, 10)], turn=2),
    ],
    "what failed is tried before its time": [
        Sync([ODD_ONE, Domains(enforced=True)]),
        *(Sync([DaysPass(hours=hours)]) for hours in (5, 2, 4, 2, 10, 1)),
        Sync([DaysPass(20)]),
        Sync([DaysPass(hours=1), *NEW]),
        Sync([DaysPass(hours=23)]),
        Sync([Domains(enforced=False)]),
        Sync([DaysPass(10)]),
    ],
    "what failed waits though its person changed": [
        Sync([ODD_ONE, Domains(enforced=True)]),
        Sync([DaysPass(hours=5), Comes(replace(ODD, title="Chief"))]),
        *(Sync([DaysPass(hours=hours)]) for hours in (2, 5)),
        Sync([Comes(Employee(7))]),
        InStep(),
        Waits([ODD_ONE, DaysPass(1)]),
        Sync([DaysPass(hours=1), Domains(enforced=False)], full=True),
        InStep(),
    ],
    "a failed entry is given up while it is tried": [
        Sync([ODD_ONE, Domains(enforced=True)]),
        *(Sync([DaysPass(9)]) for _ in range(4)),
        Sync([DaysPass(2)]),
        Sync([Domains(enforced=False)], full=True),
    ],
    "a setup in quarantine is tried more than once a day": [
        Scheduled([ODD_ONE, Leaves(3)], PAGES),
        Scheduled([DaysPass(hours=20)]),
        Scheduled([], PAGES),
        Scheduled([DaysPass(hours=5)], PAGES),
        Scheduled([DaysPass(hours=20)]),
        Scheduled([DaysPass(hours=5)]),
        Scheduled([Leaves(2)]),
        InStep(),
    ],
    "a mended token or file waits for a day": [
        Scheduled([Leaves(3)], TOKEN),
        Scheduled([], TOKEN),
        Scheduled([*NEW]),
        Scheduled([Leaves(5)], TOKEN_LATER),
        Scheduled(),
        Scheduled([Leaves(6)], NO_FILE),
        Scheduled([], NO_FILE),
        Scheduled([Leaves(2)], TOKEN),
        Scheduled(),
    ],
    "a setup goes on by itself after four weeks of quarantine": [
        *(Scheduled([DaysPass(10)], TOKEN) for _ in range(4)),
        Scheduled([Leaves(3)]),
        Scheduled([DaysPass(1)], full=True),
        Scheduled([Leaves(2)], PAGES),
        Scheduled(release=True),
    ],
    "a sync redoes what was undone": [
        Undone([Leaves(1), *NEW]),
        Scheduled(),
        Scheduled([DaysPass(3)], full=True),
        Scheduled(release=True),
    ],
}


SELDOM = (
    "a ring stops for as few as are allowed",
    "a ring writes over what others changed",
    "rings stop for a manager of a later ring",
    "what failed waits though its person changed",
    "a failed entry is given up while it is tried",
    "a setup goes on by itself after four weeks of quarantine",
    "a sync redoes what was undone",
)


@pytest.mark.parametrize("about", told(STORIES, SELDOM))
def test_it_never_happens_that(about: str, no_waiting: None, tmp_path: Path) -> None:
    tell(tmp_path, STORIES[about], people={0, 1, 2, 3, 4})
