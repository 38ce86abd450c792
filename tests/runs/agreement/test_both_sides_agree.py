"""Whatever happens on both sides and in between: a final initial cycle makes both agree."""

import pytest
from hypothesis.stateful import rule

from tests.runs.agreement import chances
from tests.runs.agreement.entra_side import EntraSide
from tests.runs.agreement.happenings import Step
from tests.runs.agreement.machine import Telling, hold
from tests.runs.agreement.story import Story
from tests.runs.tenant import Company


class FromFile(Telling):
    """People from a file, a Webex with Bulk."""

    @rule(step=chances.sync(chances.FILE_TROUBLE))
    def sync(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.waits(chances.FILE_TROUBLE))
    def preview_and_apply_later(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.rings(chances.FILE_TROUBLE))
    def apply_in_rings(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.scheduled(chances.OF_THE_WHOLE | chances.NO_FILE))
    def let_the_scheduler_sync(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.again(chances.FILE_TROUBLE))
    def apply_an_old_plan_again(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.UNDONE)
    def sync_and_undo(self, step: Step) -> None:
        self.do(step)


class SingleRequests(FromFile):
    """The same against a server without Bulk."""

    webex = "without Bulk"


class PartlyFailing(FromFile):
    """The same against a server of whose operations each third one fails by itself."""

    webex = "with a Bulk that partly fails"


class InSmallPages(FromFile):
    """The same against a server that lists two users at a time."""

    webex = "in small pages"


class FromEntra(Telling):
    """People from Microsoft Graph, in a simulated Entra ID."""

    with_graph = True

    def story_of(self, company: Company) -> Story:
        return Story(company, EntraSide(company), self.webex)

    @rule(step=chances.sync(chances.GRAPH_TROUBLE))
    def sync(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.scheduled(chances.OF_THE_WHOLE | chances.SIGNED_OUT))
    def let_the_scheduler_sync(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.waits(chances.GRAPH_TROUBLE))
    def preview_and_apply_later(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.UNDONE)
    def sync_and_undo(self, step: Step) -> None:
        self.do(step)


MACHINES = [FromFile, SingleRequests, PartlyFailing, InSmallPages, FromEntra]


@pytest.mark.hypothesis
def test_both_sides_agree_after_a_short_story(no_waiting: None) -> None:
    hold(FromFile, 1, 5)


@pytest.mark.hypothesis
@pytest.mark.slow
@pytest.mark.parametrize("machine", MACHINES)
def test_both_sides_agree_after_any_story(no_waiting: None, machine: type[Telling]) -> None:
    hold(machine, 15, 7)
