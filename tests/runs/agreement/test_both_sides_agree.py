"""Whatever happens on both sides and in between: a final initial cycle makes both agree."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

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
DAMAGE = st.sampled_from(["", "", "", 'x,"never closed\n', "only@two.example,fields\n"])
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
TROUBLE = st.one_of(
    st.just(Trouble()),
    st.builds(
        Trouble,
        faults=FAULTS,
        damage=DAMAGE,
        hidden_users=st.sampled_from([0, 0, 0, 1]),
        cancel_at=st.none() | st.integers(1, 6),
        kill_at=st.none() | st.integers(1, 120),
    ),
)


class Company(RuleBasedStateMachine):
    """A directory and a Webex; each rule is something that happens."""

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
        numbers=st.sets(NUMBERS),
        limit=st.sampled_from([EVERYBODY, EVERYBODY, RemovalLimit(1, percent=False)]),
        delete=st.booleans(),
    )
    def begin(self, numbers: set[int], limit: RemovalLimit, delete: bool) -> None:
        company = self.both.company
        actions = replace(company.profile.actions, delete=delete)
        company.profile = replace(company.profile, actions=actions, safeguards=Safeguards(limit))
        self.both.people |= {number: Person(number) for number in numbers}
        self.run(self.both.sync(Trouble()))

    # -- the directory ---------------------------------------------------------------------------

    @rule(number=NUMBERS, name=NAMES, title=TITLES, enabled=st.sampled_from([True, True, False]))
    def somebody_comes_or_changes(self, number: int, name: str, title: str, enabled: bool) -> None:
        self.both.people[number] = Person(number, title, enabled, name)

    @rule(number=NUMBERS)
    def somebody_leaves(self, number: int) -> None:
        self.both.people.pop(number, None)

    # -- others in Webex -------------------------------------------------------------------------

    @rule(name=NAMES, number=st.none() | NUMBERS, active=st.sampled_from([True, True, False]))
    def somebody_else_creates_a_user(self, name: str, number: int | None, active: bool) -> None:
        marked = Person(number).object_id if number is not None else ""
        name = name or "by.hand@fabrikam.example"
        self.run(self.both.created_by_others(name, marked, active=active))

    @rule(
        pick=st.integers(0, 9),
        values=st.sampled_from(
            [
                {"title": "Director"},
                {"displayName": "Somebody"},
                {"active": False},
                {"active": True},
                {"userName": "moved.away@fabrikam.example"},
                {"externalId": Person(3).object_id},
                {"title": "Director", "active": False},
            ]
        ),
    )
    def somebody_else_edits_a_user(self, pick: int, values: dict[str, object]) -> None:
        webex_id = self.both.others(pick)
        taken = str(values.get("userName", "")) in self.both.company.users
        if webex_id and not taken:
            self.run(self.both.edited_by_others(webex_id, values))

    @rule(pick=st.integers(0, 9))
    def somebody_else_deletes_a_user(self, pick: int) -> None:
        if webex_id := self.both.others(pick):
            self.run(self.both.deleted_by_others(webex_id))

    # -- time and runs ---------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 31]))
    def days_pass(self, days: int) -> None:
        self.both.now += timedelta(days=days)

    @rule(trouble=TROUBLE, full=st.sampled_from([False, False, True, None]))
    def sync(self, trouble: Trouble, full: bool | None) -> None:
        self.run(self.both.sync(trouble, full=full))

    @rule(trouble=TROUBLE)
    def preview_for_later(self, trouble: Trouble) -> None:
        self.both.kept = self.run(self.both.preview(trouble)) or self.both.kept

    @rule(trouble=TROUBLE)
    def apply_what_was_previewed(self, trouble: Trouble) -> None:
        if self.both.kept:
            self.run(self.both.carry_out(self.both.kept, trouble))

    @rule()
    def sync_and_undo(self) -> None:
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
    hold(machine, 3, 8)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Company, SingleRequests])
def test_both_sides_agree_after_any_story(no_waiting: None, machine: type[Company]) -> None:
    hold(machine, 12, 20)
