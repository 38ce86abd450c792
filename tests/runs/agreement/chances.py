"""What a story may draw from."""

from typing import Any

from hypothesis import strategies as st

from tests.runs.agreement.happenings import (
    Again,
    AnotherSetup,
    Change,
    Comes,
    DaysPass,
    Domains,
    Edited,
    Employee,
    InRings,
    Leaves,
    MadeByHand,
    Scheduled,
    Sync,
    Trouble,
    Undone,
    Waits,
)
from tests.runs.agreement.story import OPERATOR
from tests.runs.tenant import Person

__all__ = [
    "FAULTS",
    "FILE_TROUBLE",
    "GRAPH_TROUBLE",
    "NO_FILE",
    "NUMBERS",
    "OF_THE_WHOLE",
    "SIGNED_OUT",
    "UNDONE",
    "again",
    "rings",
    "scheduled",
    "sync",
    "waits",
]

NUMBERS = st.integers(0, 5)
NAMES = st.one_of(
    st.just(""),
    st.just(""),
    NUMBERS.map(lambda number: Person(number).user_name),
    st.sampled_from(["anna.lee@fabrikam.example", "Jan.Novak@fabrikam.example", OPERATOR]),
    st.just("somebody@elsewhere.example"),
)
TITLES = st.sampled_from(["Engineer", "Manager", ""])
DAMAGE = st.tuples(
    st.sampled_from(['x,"never closed', "only@two.example,fields"]), st.integers(0, 6)
)
FAULTS = st.fixed_dictionaries(
    {},
    optional={
        "drop_before_every": st.integers(1, 5),
        "drop_after_every": st.integers(1, 5),
        "drop_after_next": st.integers(1, 4),
        "server_error_every": st.integers(2, 5),
        "server_error_next": st.integers(1, 8),
        "html_next": st.integers(1, 4),
        "rate_limit_after": st.integers(1, 6),
        "list_lag": st.just(0.05),
        "filter_ignored": st.booleans(),
        "token_expired": st.booleans(),
    },
)
CANCELS, KILLS = st.integers(1, 6), st.integers(1, 90)


def _trouble(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Trouble]:
    return st.builds(Trouble, **parts)


WRITING_TROUBLE = st.one_of(
    st.just(Trouble()),
    _trouble(faults=FAULTS),
    _trouble(writing=FAULTS),
    _trouble(hidden_users=st.just(1)),
    _trouble(cancel_at=CANCELS),
    _trouble(kill_at=KILLS),
    _trouble(unheard=st.integers(1, 3)),
)
FILE_TROUBLE = st.one_of(
    WRITING_TROUBLE,
    _trouble(damage=DAMAGE),
    _trouble(
        faults=FAULTS,
        damage=st.none() | DAMAGE,
        hidden_users=st.sampled_from([0, 0, 1]),
        cancel_at=st.none() | CANCELS,
        kill_at=st.none() | KILLS,
    ),
)
OF_THE_WHOLE = st.sampled_from(
    [
        Trouble(faults={"token_expired": True}),
        Trouble(writing={"token_expired": True}),
        Trouble(faults={"html": True}),
    ]
)
NO_FILE = st.just(Trouble(no_file=True))
SIGNED_OUT = st.just(Trouble(graph={"tokens_expired": True}))
GRAPH_FAULTS = st.fixed_dictionaries(
    {},
    optional={
        "throttle_next": st.integers(1, 6),
        "throttle_every": st.integers(2, 4),
        "throttle_items_next": st.integers(1, 12),
        "unavailable_next": st.integers(1, 8),
        "unavailable_every": st.integers(2, 4),
        "html_next": st.integers(1, 4),
        "delta_expired": st.booleans(),
        "delta_empty_pages": st.integers(1, 2),
        "delta_repeats": st.booleans(),
        "tokens_expired": st.booleans(),
        "consent_withdrawn": st.just(("User.Read.All",)),
    },
)
GRAPH_TROUBLE = st.one_of(
    WRITING_TROUBLE,
    _trouble(graph=GRAPH_FAULTS),
    _trouble(graph_dies_at=st.integers(0, 5)),
    _trouble(graph=GRAPH_FAULTS, faults=FAULTS, kill_at=st.none() | KILLS),
)

COMES = st.builds(
    Comes,
    st.builds(
        Employee,
        NUMBERS,
        TITLES,
        st.sampled_from([True, True, False]),
        NAMES,
        st.none() | NUMBERS,
    ),
)
LEAVES = st.builds(Leaves, NUMBERS)
MADE = st.builds(
    MadeByHand,
    NAMES.filter(lambda name: name != OPERATOR).map(lambda n: n or "by.hand@fabrikam.example"),
    st.just("") | NUMBERS.map(lambda number: Person(number).object_id),
    st.sampled_from([True, True, False]),
)
VALUES: tuple[dict[str, object] | None, ...] = (
    None,
    {"title": "Director"},
    {"displayName": "Somebody"},
    {"active": False},
    {"active": True},
    {"userName": "moved.away@fabrikam.example"},
    {"externalId": Person(3).object_id},
    {"title": "Director", "active": False},
)
EDITED = st.builds(Edited, st.integers(0, 9), st.sampled_from(VALUES))
DAYS = st.builds(DaysPass, st.sampled_from([1, 31, 31]))
HOURS = st.builds(DaysPass, hours=st.sampled_from([5, 7, 13, 25]))
DOMAINS = st.builds(Domains, st.booleans())
ANOTHER = st.builds(AnotherSetup, st.sets(st.integers(3, 6)).map(lambda one: tuple(sorted(one))))


CHANGES: st.SearchStrategy[list[Change]] = st.lists(
    st.one_of(COMES, LEAVES, LEAVES, MADE, EDITED, EDITED, DAYS, HOURS, DOMAINS, ANOTHER),
    max_size=4,
)
UNDONE = st.builds(Undone, CHANGES, st.just([]) | CHANGES)


def sync(trouble: st.SearchStrategy[Trouble]) -> st.SearchStrategy[Sync]:
    return st.builds(Sync, CHANGES, trouble, st.sampled_from([False, False, True, None]))


def waits(trouble: st.SearchStrategy[Trouble]) -> st.SearchStrategy[Waits]:
    calm = st.just(Trouble()) | trouble
    return st.builds(Waits, CHANGES, CHANGES, calm, calm, st.none() | sync(trouble))


def rings(trouble: st.SearchStrategy[Trouble]) -> st.SearchStrategy[InRings]:
    return st.builds(InRings, CHANGES, trouble, st.sampled_from([0, 0, 50, 100]), NUMBERS)


def scheduled(trouble: st.SearchStrategy[Trouble]) -> st.SearchStrategy[Scheduled]:
    """Return cycles of a scheduler; ``trouble`` is of a setup as a whole."""
    calm = st.just(Trouble()) | trouble
    return st.builds(Scheduled, CHANGES, calm, st.booleans(), st.booleans())


def again(trouble: st.SearchStrategy[Trouble]) -> st.SearchStrategy[Again]:
    return st.builds(Again, CHANGES, trouble)
