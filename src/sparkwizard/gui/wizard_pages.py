"""The wizard's pages, one for each step."""

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.connection import ConnectionPage
from sparkwizard.gui.pages.limits.page import LimitsPage
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.organization.page import OrganizationPage
from sparkwizard.gui.pages.people.page import PeoplePage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.result.page import ResultPage
from sparkwizard.gui.pages.scope.page import ScopePage
from sparkwizard.gui.pages.start.page import StartPage
from sparkwizard.gui.pages.token.page import TokenPage
from sparkwizard.wizard.steps import Step

__all__ = ["wizard_pages"]


def wizard_pages(desk: Desk) -> dict[Step, WizardPage]:
    """Make every page, in the order of the steps."""
    return {
        Step.START: StartPage(desk),
        Step.TOKEN: TokenPage(desk),
        Step.ORGANIZATION: OrganizationPage(desk),
        Step.CONNECTION: ConnectionPage(desk),
        Step.PEOPLE: PeoplePage(desk),
        Step.MAPPING: MappingPage(desk),
        Step.SCOPE: ScopePage(desk),
        Step.LIMITS: LimitsPage(desk),
        Step.PREVIEW: PreviewPage(desk),
        Step.APPLYING: ApplyingPage(desk),
        Step.RESULT: ResultPage(desk),
    }
