"""What a story of groups may draw from."""

from hypothesis import strategies as st

from tests.runs.agreement import chances
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
    Change,
    DaysPass,
    InRings,
    Later,
    Scheduled,
    Sync,
    Trouble,
    Undone,
    Waits,
)

__all__ = ["AGAIN", "RINGS", "SCHEDULED", "SYNC", "TEAMS", "UNDONE", "WAITS"]

NUMBERS = st.integers(0, 2)
NAMES = st.sampled_from(["Sales", "sales", "Support", "Board", "Everybody"])
PEOPLE = st.frozensets(chances.NUMBERS, max_size=4)
TEAMS = st.builds(Team, NUMBERS, NAMES, PEOPLE, st.none() | NUMBERS)
WHICH = st.integers(0, 4) | NAMES
WHO = st.integers(0, 9)

IN_SOURCE = st.one_of(
    TEAMS.map(TeamComes),
    TEAMS.map(TeamComes),
    st.builds(TeamLeaves, NUMBERS),
    st.builds(Assigned, st.sampled_from([(0, 1), (0, 1, 2), (1,)])),
)
IN_WEBEX = st.one_of(
    st.builds(GroupMade, NAMES, st.lists(WHO, max_size=3).map(tuple)),
    st.builds(GroupRenamed, WHICH, NAMES),
    st.builds(GroupDeleted, WHICH),
    st.builds(MemberAdded, WHICH, WHO),
    st.builds(MemberRemoved, WHICH, WHO),
    st.builds(GroupOfAnother, WHICH),
)
PEOPLE_CHANGE = st.one_of(
    chances.COMES,
    chances.LEAVES,
    chances.EDITED,
    chances.ANOTHER,
    st.builds(DaysPass, st.sampled_from([1, 31])),
)
CHANGES: st.SearchStrategy[list[Change]] = st.lists(
    st.one_of(IN_SOURCE, IN_SOURCE, IN_WEBEX, PEOPLE_CHANGE), max_size=5
)
CALM = st.just(Trouble())
LATER = st.one_of(
    st.builds(Later, chances.FAULTS),
    st.builds(Later, cancel_at=st.integers(1, 3)),
    st.builds(Later, kill_at=st.integers(0, 30)),
    st.builds(Later, unheard=st.integers(1, 3)),
)
IN_GROUPS = st.builds(Trouble, groups=LATER)
TROUBLE = st.one_of(CALM, chances.GRAPH_TROUBLE, IN_GROUPS)
SYNC = st.builds(Sync, CHANGES, TROUBLE, st.sampled_from([False, False, True, None]))
WAITS = st.builds(Waits, CHANGES, CHANGES, CALM, TROUBLE, st.none() | SYNC)
RINGS = st.builds(InRings, CHANGES, TROUBLE, st.sampled_from([0, 100]), NUMBERS)
AGAIN = st.builds(Again, CHANGES, TROUBLE)
UNDONE = st.builds(Undone, CHANGES, st.just([]) | CHANGES)
SCHEDULED = st.builds(
    Scheduled,
    CHANGES,
    CALM | chances.OF_THE_WHOLE | chances.SIGNED_OUT,
    st.booleans(),
    st.booleans(),
)
