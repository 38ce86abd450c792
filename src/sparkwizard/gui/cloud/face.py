"""The base of the faces: errors in the words of the window, and the way to sign in."""

from typing import override

from sparkwizard.errors import Forbidden, NotAuthorized, SparkWizardError
from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.frame.support import SupportedPage
from sparkwizard.gui.widgets import StripAction
from sparkwizard.wizard.cloud.in_window import window_fix
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["CloudFace"]


class CloudFace(SupportedPage):
    """Be a page of the cloud set-up; ``cloud`` is what all of them share."""

    def __init__(self, cloud: CloudDesk, step: CloudStep) -> None:
        super().__init__(step.text.instruction, step.text.sentence)
        self.cloud, self.step = cloud, step

    @override
    def show_error(self, error: SparkWizardError, actions: tuple[StripAction, ...] = ()) -> None:
        """Say what can be done here; who has to sign in is led there."""
        error.fix = window_fix(error)
        if self.step is not CloudStep.SIGN_IN and isinstance(error, NotAuthorized | Forbidden):
            there = CloudStep.SIGN_IN.name
            actions = (*actions, StripAction("Sign &in", lambda: self.leave_to.emit(there), "key"))
        super().show_error(error, actions)
