"""Read and write the files in which Entra keeps a mapping, without holding up the window."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QFileDialog

from sparkwizard.errors import MappingError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.import_dialog import ImportDialog
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.widgets.entering.file_dialogs import ask_where_to_save, ask_which_to_open
from sparkwizard.provisioning.entra_schema import ExportedSchema, ImportedSchema, import_schema
from sparkwizard.provisioning.entra_schema.document import MAX_BYTES
from sparkwizard.setup.places import write_private
from sparkwizard.setup.profile import Profile
from sparkwizard.wizard.mapping.parts import MappingParts
from sparkwizard.wizard.mapping.schema_exchange import export_profile

__all__ = ["SchemaFiles"]


class SchemaFiles:
    """Ask for a file, and read or write it; a failure shows in the page's strip.

    ``taken`` gets the parts of the setup that an import replaces; ``written`` what was exported.
    """

    def __init__(
        self,
        page: WizardPage,
        desk: Desk,
        *,
        taken: Callable[[MappingParts], object],
        written: Callable[[Path, ExportedSchema], object],
    ) -> None:
        self._page, self._desk = page, desk
        self._taken, self._written = taken, written
        self.dialog: QFileDialog | None = None

    def import_file(self) -> None:
        """Ask which file, and show what it would take over."""
        self.dialog = ask_which_to_open(
            self._page,
            "Import a mapping",
            kind="Schema from Entra",
            suffix="json",
            on_path=lambda path: self._page.start(self._import(path)),
        )

    def export_file(self) -> None:
        """Ask where the mapping goes and write it."""
        name = self._desk.profile.name or "mapping"
        safe = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name)
        self.dialog = ask_where_to_save(
            self._page,
            "Export the mapping",
            suggested=f"{safe} schema.json",
            suffix="json",
            kind="Schema for Entra",
            on_path=lambda path: self._page.start(self._export(path)),
        )

    async def _import(self, path: Path) -> None:
        self._page.clear_message()
        imported = await run_blocking(_read, path)
        dialog = ImportDialog(self._desk.profile, imported, path.name, self._page)
        dialog.accepted_parts.connect(self._taken)
        dialog.open()

    async def _export(self, path: Path) -> None:
        self._page.clear_message()
        exported = await run_blocking(_write, path, self._desk.profile)
        self._written(path, exported)


def _read(path: Path) -> ImportedSchema:
    try:
        with path.open("rb") as file:
            document = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        raise MappingError(
            f"The file {path.name} could not be read: {reason}.",
            fix="Check that it is there and that you may read it, then import it again.",
        ) from error
    return import_schema(document)


def _write(path: Path, profile: Profile) -> ExportedSchema:
    exported = export_profile(profile)
    document = msgspec.json.format(msgspec.json.encode(exported.document), indent=2)
    write_private(path, document + b"\n")
    return exported
