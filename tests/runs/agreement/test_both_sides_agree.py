"""Whatever happens on both sides and in between: a final initial cycle makes both agree."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sparkwizard.provisioning.types import RemovalLimit
from sparkwizard.setup.profile import Safeguards
from tests.runs.agreement.both_sides import EVERYBODY, BothSides, Trouble
from tests.runs.tenant import Person, open_company

NUMBERS = st.integers(0, 5)
NAMES = st.one_of(
    st.just(""),
    st.integers(0, 5).map(lambda number: f"person{number:03d}@fabrikam.example"),
    st.sampled_from(["anna.lee@fabrikam.example", "Jan.Novak@fabrikam.example"]),
)
TITLES = st.sampled_from(["Engineer", "Manager", ""])
DAMAGE = st.sampled_from(['x,"never closed\n', "only@two.example,fields\n"])
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


def trouble(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Trouble]:
    return st.builds(Trouble, **parts)


CANCELS, KILLS = st.integers(1, 6), st.integers(1, 90)
TROUBLE = st.one_of(
    st.just(Trouble()),
    trouble(faults=FAULTS),
    trouble(damage=DAMAGE),
    trouble(hidden_users=st.just(1)),
    trouble(cancel_at=CANCELS),
    trouble(kill_at=KILLS),
    trouble(
        faults=FAULTS,
        damage=st.just("") | DAMAGE,
        hidden_users=st.sampled_from([0, 0, 1]),
        cancel_at=st.none() | CANCELS,
        kill_at=st.none() | KILLS,
    ),
)


@dataclass(frozen=True, slots=True)
class Comes:
    """Somebody is new in the source, comes back, or is another than before."""

    person: Person


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody is no longer in the source."""

    number: int


@dataclass(frozen=True, slots=True)
class MadeByHand:
    """Somebody else creates a user, perhaps with the id of a person."""

    name: str
    external_id: str
    active: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody else edits a user, and deletes it where there are no values."""

    pick: int
    values: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class DaysPass:
    """A day, or as many as let a delete be due."""

    days: int


CHANGES = st.lists(
    st.one_of(
        st.builds(
            Comes,
            st.builds(Person, NUMBERS, TITLES, st.sampled_from([True, True, False]), NAMES),
        ),
        st.builds(Leaves, NUMBERS),
        st.builds(Leaves, NUMBERS),
        st.builds(
            MadeByHand,
            NAMES.map(lambda name: name or "by.hand@fabrikam.example"),
            st.just("") | NUMBERS.map(lambda number: Person(number).object_id),
            st.sampled_from([True, True, False]),
        ),
        st.builds(
            Edited,
            st.integers(0, 9),
            st.sampled_from(
                [
                    None,
                    {"title": "Director"},
                    {"displayName": "Somebody"},
                    {"active": False},
                    {"active": True},
                    {"userName": "moved.away@fabrikam.example"},
                    {"externalId": Person(3).object_id},
                    {"title": "Director", "active": False},
                ]
            ),
        ),
        st.builds(DaysPass, st.sampled_from([1, 31])),
    ),
    max_size=4,
)
type Change = Comes | Leaves | MadeByHand | Edited | DaysPass


class Company(RuleBasedStateMachine):
    """A directory and a Webex; in each step things happen on both sides, and then a run."""

    bulk = True

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.both = BothSides(self.run(self.stack.enter_async_context(open_company(Path(folder)))))
        if not self.bulk:
            self.both.company.without_bulk()

    def run[T](self, what: Coroutine[None, None, T]) -> T:
        return self.loop.run(what)

    @initialize(
        numbers=st.sets(NUMBERS, min_size=2),
        limit=st.sampled_from([EVERYBODY, EVERYBODY, RemovalLimit(1, percent=False)]),
        delete=st.booleans(),
    )
    def begin(self, numbers: set[int], limit: RemovalLimit, delete: bool) -> None:
        company = self.both.company
        actions = replace(company.profile.actions, delete=delete)
        company.profile = replace(company.profile, actions=actions, safeguards=Safeguards(limit))
        self.both.people |= {number: Person(number) for number in numbers}
        self.run(self.both.sync(Trouble()))

    def happen(self, changes: list[Change]) -> None:
        for change in changes:
            self.run(self._happens(change))

    async def _happens(self, change: Change) -> None:
        both = self.both
        match change:
            case Comes(person):
                both.people[person.number] = person
            case Leaves(number):
                both.people.pop(number, None)
            case MadeByHand(name, external_id, active):
                await both.created_by_others(name, external_id, active=active)
            case Edited(pick, values):
                if webex_id := both.others(pick):
                    await both.edited_by_others(webex_id, values)
            case DaysPass(days):
                both.now += timedelta(days=days)

    @rule(changes=CHANGES, trouble=TROUBLE, full=st.sampled_from([False, True, True, None]))
    def sync(self, changes: list[Change], trouble: Trouble, full: bool | None) -> None:
        self.happen(changes)
        self.run(self.both.sync(trouble, full=full))

    @rule(changes=CHANGES, later=CHANGES, first=TROUBLE, then=TROUBLE)
    def preview_and_apply_later(
        self, changes: list[Change], later: list[Change], first: Trouble, then: Trouble
    ) -> None:
        self.happen(changes)
        if kept := self.run(self.both.preview(first)):
            self.happen(later)
            self.run(self.both.carry_out(kept, then))
            self.both.kept = kept

    @rule(changes=CHANGES, trouble=TROUBLE)
    def apply_an_old_plan_again(self, changes: list[Change], trouble: Trouble) -> None:
        self.happen(changes)
        if self.both.kept:
            self.run(self.both.carry_out(self.both.kept, trouble))

    @rule(changes=CHANGES)
    def sync_and_undo(self, changes: list[Change]) -> None:
        self.happen(changes)
        self.run(self.both.sync_and_undo())

    def teardown(self) -> None:
        try:
            self.run(self.both.agree())
        finally:
            self.run(self.stack.aclose())
            self.loop.close()


class SingleRequests(Company):
    """The same against a server without Bulk."""

    bulk = False


def hold(machine: type[Company], examples: int, steps: int, *, derandomize: bool = True) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("machine", [Company, SingleRequests])
def test_both_sides_agree_after_a_short_story(no_waiting: None, machine: type[Company]) -> None:
    hold(machine, 3, 4)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Company, SingleRequests])
def test_both_sides_agree_after_any_story(no_waiting: None, machine: type[Company]) -> None:
    hold(machine, 15, 7)
