"""Whatever happens to groups and the people in them: both sides agree at last."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.runs.agreement.entra_side import EntraSide
from tests.runs.agreement.groups import chances
from tests.runs.agreement.groups.happenings import Team, TeamComes
from tests.runs.agreement.happenings import Step
from tests.runs.agreement.machine import Telling, hold
from tests.runs.agreement.story import Story
from tests.runs.tenant import Company


class WithGroups(Telling):
    """Everybody in Entra ID, and every security group."""

    with_graph = True

    def story_of(self, company: Company) -> Story:
        return Story(company, self.side_of(company), self.webex)

    def side_of(self, company: Company) -> EntraSide:
        return EntraSide(company, with_groups=True)

    @initialize(teams=st.lists(chances.TEAMS, max_size=2))
    def begin_with_groups(self, teams: list[Team]) -> None:
        self.run(self.story.happen([TeamComes(team) for team in teams]))

    @rule(step=chances.SYNC)
    def sync(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.WAITS)
    def preview_and_apply_later(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.RINGS)
    def apply_in_rings(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.AGAIN)
    def apply_an_old_plan_again(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.SCHEDULED)
    def let_the_scheduler_sync(self, step: Step) -> None:
        self.do(step)

    @rule(step=chances.UNDONE)
    def sync_and_undo(self, step: Step) -> None:
        self.do(step)


class Assigned(WithGroups):
    """The members of some groups, and these groups."""

    def side_of(self, company: Company) -> EntraSide:
        return EntraSide(company, with_groups=True, assigned=(99, 0, 1))


class AssignedPeople(WithGroups):
    """The members of some groups, without groups."""

    def side_of(self, company: Company) -> EntraSide:
        return EntraSide(company, assigned=(99, 0, 1))


class WithoutBulk(WithGroups):
    webex = "without Bulk"


class PartlyFailing(WithGroups):
    webex = "with a Bulk that partly fails"


class InSmallPages(WithGroups):
    webex = "in small pages"


OTHERS = (WithoutBulk, PartlyFailing, InSmallPages)


@pytest.mark.hypothesis
@pytest.mark.slow
@pytest.mark.parametrize("machine", [WithGroups, Assigned, AssignedPeople, *OTHERS])
def test_groups_agree_after_any_story(no_waiting: None, machine: type[Telling]) -> None:
    hold(machine, 10, 6)
