"""What tells stories at random: hypothesis draws the steps."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, run_state_machine_as_test

from sparkwizard.provisioning.types import RemovalLimit
from tests.examples import examples
from tests.runs.agreement import chances
from tests.runs.agreement.happenings import Step
from tests.runs.agreement.story import Story
from tests.runs.agreement.world import EVERYBODY
from tests.runs.tenant import Company, open_company

__all__ = ["Telling", "hold"]


class Telling(RuleBasedStateMachine):
    """A directory and a Webex; in each step things happen on both sides, and then a run."""

    with_graph = False
    webex = "with Bulk"

    def __init__(self) -> None:
        super().__init__()
        self.is_right = True
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        opening = open_company(folder, with_graph=self.with_graph)
        self.story = self.story_of(self.run(self.stack.enter_async_context(opening)))

    def story_of(self, company: Company) -> Story:
        return Story(company, webex=self.webex)

    def run[T](self, what: Coroutine[None, None, T]) -> T:
        return self.loop.run(what)

    def do(self, step: Step) -> None:
        self.is_right = False
        self.run(self.story.do(step))
        self.is_right = True

    @initialize(
        numbers=st.sets(chances.NUMBERS, min_size=3),
        limit=st.sampled_from([EVERYBODY, EVERYBODY, RemovalLimit(1, percent=False)]),
        delete=st.booleans(),
    )
    def begin(self, numbers: set[int], limit: RemovalLimit, delete: bool) -> None:
        self.run(self.story.begin(numbers, limit, delete=delete))

    def teardown(self) -> None:
        try:
            if self.is_right:  # one thing that is wrong is told by itself
                self.run(self.story.agree())
        finally:
            self.run(self.stack.aclose())
            self.loop.close()


def hold(machine: type[Telling], stories: int, steps: int) -> None:
    """Let a machine tell so many stories of so many steps.

    A story that fails is told as it is: looking for a shorter one takes minutes.
    """
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(stories),
            stateful_step_count=steps,
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
