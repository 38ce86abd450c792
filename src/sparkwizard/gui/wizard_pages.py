"""The wizard's pages, one for each step."""

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.page import WizardPage
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.connection import ConnectionPage
from sparkwizard.gui.pages.limits import LimitsPage
from sparkwizard.gui.pages.mapping import MappingPage
from sparkwizard.gui.pages.organization import OrganizationPage
from sparkwizard.gui.pages.people import PeoplePage
from sparkwizard.gui.pages.preview import PreviewPage
from sparkwizard.gui.pages.result import ResultPage
from sparkwizard.gui.pages.scope import ScopePage
from sparkwizard.gui.pages.start import StartPage
from sparkwizard.gui.pages.token import TokenPage
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
