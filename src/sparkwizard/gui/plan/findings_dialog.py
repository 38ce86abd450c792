"""Findings in a table of their own, each in one sentence."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.plan.list_dialog import ListDialog
from sparkwizard.gui.widgets import Column
from sparkwizard.provisioning.types import Reason

__all__ = ["FindingsDialog"]


class FindingsDialog(ListDialog[Reason]):
    """Show findings; ``heading`` says of what."""

    def __init__(
        self,
        parent: QWidget,
        findings: Iterable[Reason],
        heading: str = "What was odd while reading",
    ) -> None:
        super().__init__(
            parent,
            title="Findings",
            heading=heading,
            columns=[
                Column[Reason](
                    "Finding",
                    lambda finding: finding.text,
                    icon=lambda _finding: ("warning", Tone.WARNING),
                    stretch=True,
                )
            ],
            rows=findings,
            what="all findings",
            copied=lambda finding: finding.text,
        )
