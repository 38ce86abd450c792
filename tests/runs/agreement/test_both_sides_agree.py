"""Whatever happens on both sides and in between: a final initial cycle makes both agree."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sparkwizard.provisioning.types import RemovalLimit
from tests.runs.agreement import chances
from tests.runs.agreement.both_sides import EVERYBODY
from tests.runs.agreement.happenings import Step
from tests.runs.agreement.story import Story
from tests.runs.tenant import open_company


class Company(RuleBasedStateMachine):
    """A directory and a Webex; in each step things happen on both sides, and then a run."""

    bulk = True

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        company = self.run(self.stack.enter_async_context(open_company(Path(folder))))
        if not self.bulk:
            company.without_bulk()
        self.story = Story(company)

    def run[T](self, what: Coroutine[None, None, T]) -> T:
        return self.loop.run(what)

    @initialize(
        numbers=st.sets(chances.NUMBERS, min_size=3),
        limit=st.sampled_from([EVERYBODY, EVERYBODY, RemovalLimit(1, percent=False)]),
        delete=st.booleans(),
    )
    def begin(self, numbers: set[int], limit: RemovalLimit, delete: bool) -> None:
        self.run(self.story.begin(numbers, limit, delete=delete))

    @rule(step=chances.SYNC)
    def sync(self, step: Step) -> None:
        self.run(self.story.do(step))

    @rule(step=chances.WAITS)
    def preview_and_apply_later(self, step: Step) -> None:
        self.run(self.story.do(step))

    @rule(step=chances.AGAIN)
    def apply_an_old_plan_again(self, step: Step) -> None:
        self.run(self.story.do(step))

    @rule(step=chances.UNDONE)
    def sync_and_undo(self, step: Step) -> None:
        self.run(self.story.do(step))

    def teardown(self) -> None:
        try:
            self.run(self.story.agree())
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
    hold(machine, 2, 4)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Company, SingleRequests])
def test_both_sides_agree_after_any_story(no_waiting: None, machine: type[Company]) -> None:
    hold(machine, 15, 7)
