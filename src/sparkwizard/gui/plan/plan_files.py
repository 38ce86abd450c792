"""Write a plan, or the list that is shown, to a file of the person's choice."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from sparkwizard.directory.csv_safe import write_csv
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.models.actions import ActionRow
from sparkwizard.gui.widgets.entering.file_dialogs import ask_where_to_save
from sparkwizard.provisioning.plan import Plan, write_plan
from sparkwizard.setup.places import write_private
from sparkwizard.wizard.plan.changes import KIND_WORDS, attribute_words, value_words, why

__all__ = ["PlanFiles", "csv_rows"]

_HEADER = ("Action", "Person", "User name", "What changes", "Attribute", "Now", "Then", "Why")


class PlanFiles:
    """Ask where, write in the background, and say that it is done."""

    def __init__(
        self,
        page: WizardPage,
        desk: Desk,
        *,
        rows: Callable[[], Sequence[ActionRow]],
        done: Callable[[str, str], object],
        called: str = "preview",
    ) -> None:
        self._page, self._desk = page, desk
        self._rows, self._done, self._called = rows, done, called
        self.dialog: QFileDialog | None = None

    def save_plan(self) -> None:
        """Ask where the plan goes and write it."""
        self._ask("Save the plan", "json", "Plan", self._write_plan)

    def export(self) -> None:
        """Ask where the list goes and write it."""
        self._ask("Export the list", "csv", "CSV file", self._write_list)

    def _ask(self, title: str, suffix: str, kind: str, write: Callable[[Path], object]) -> None:
        name = self._desk.profile.name or "plan"
        safe = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name)
        self.dialog = ask_where_to_save(
            self._page,
            title,
            suggested=f"{safe} {'plan' if suffix == 'json' else self._called}.{suffix}",
            suffix=suffix,
            kind=kind,
            on_path=write,
        )

    def _write_plan(self, path: Path) -> None:
        preview = self._desk.state.preview
        if preview is not None:
            self._page.start(self._write("The plan is", path, _plan_to, path, preview.plan))

    def _write_list(self, path: Path) -> None:
        rows = tuple(self._rows())
        self._page.start(self._write("The list is", path, _list_to, path, rows))

    async def _write(
        self, what: str, path: Path, write: Callable[..., None], *args: object
    ) -> None:
        await run_blocking(write, *args)
        self._done(what, str(path))


def csv_rows(rows: Sequence[ActionRow]) -> Iterator[Sequence[object]]:
    """Yield one line per change, and one for each person without changes."""
    for row in rows:
        action = row.action
        who = (KIND_WORDS[action.kind], action.label, action.user_name, row.what)
        if not action.changes:
            yield (*who, "", "", "", why(action))
        for change in action.changes:
            now, then = value_words(change.before), value_words(change.after)
            yield (*who, attribute_words(change.attribute), now, then, why(action))


def _plan_to(path: Path, plan: Plan) -> None:
    write_private(path, write_plan(plan))


def _list_to(path: Path, rows: Sequence[ActionRow]) -> None:
    write_csv(path, _HEADER, csv_rows(rows))
