"""Ask for a file without stopping the event loop."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

__all__ = ["ask_where_to_save", "ask_which_to_open"]


def ask_where_to_save(
    parent: QWidget,
    title: str,
    *,
    suggested: str,
    suffix: str,
    kind: str,
    on_path: Callable[[Path], object],
    others: Sequence[tuple[str, str]] = (),
) -> QFileDialog:
    """Open a dialog for the place of a new file and call ``on_path`` with what was chosen.

    ``suffix`` is without its dot; ``kind`` names it, e.g. "Plan"; ``others`` are further kinds with
    their suffixes. The dialog asks before it replaces a file.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    kinds = {f"{name} (*.{ending})": ending for name, ending in ((kind, suffix), *others)}
    dialog.setNameFilters(list(kinds))
    dialog.filterSelected.connect(lambda chosen: _end_with(dialog, kinds[chosen]))
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(suggested)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: on_path(Path(name)))
    dialog.open()  # never exec(): a nested loop loses the tasks of the outer one
    return dialog


def _end_with(dialog: QFileDialog, suffix: str) -> None:
    """Give the name in a dialog the ending of the kind that was chosen."""
    dialog.setDefaultSuffix(suffix)
    for name in dialog.selectedFiles():
        dialog.selectFile(Path(name).with_suffix(f".{suffix}").name)


def ask_which_to_open(
    parent: QWidget, title: str, *, kind: str, suffix: str, on_path: Callable[[Path], object]
) -> QFileDialog:
    """Open a dialog for a file that is there and call ``on_path`` with what was chosen."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([f"{kind} (*.{suffix})", "All files (*)"])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: on_path(Path(name)))
    dialog.open()  # never exec(): a nested loop loses the tasks of the outer one
    return dialog
