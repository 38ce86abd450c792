"""What the Scope page does where the source knows who is assigned: groups are chosen and read."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard.directory.types import GroupName
from sparkwizard.entra.types import Purpose
from sparkwizard.errors import Forbidden, NotAuthorized
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.pages.scope.groups_dialog import GroupsDialog
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.gui.widgets import ElidedLabel, SecondaryButton
from sparkwizard.setup.profile import Profile, ScopeSettings
from sparkwizard.values import replace

__all__ = ["AssignedRow", "Assignment", "groups_missing"]


def groups_missing(profile: Profile) -> bool:
    """Return whether nobody can be assigned yet: no group is chosen, no application set up."""
    scope = profile.scope
    assigned = profile.source.kind == "entra" and scope.people == "assigned"
    return assigned and not (scope.groups or profile.cloud.application_id)


class AssignedRow(QWidget):
    """Name the assigned groups, with a button that chooses others."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        self.names = ElidedLabel(tone=Tone.MUTED)
        self.choose = SecondaryButton("Choose &groups…", icon_name="people")
        row.addWidget(self.choose)
        row.addWidget(self.names, 1)

    def show_groups(self, ids: tuple[str, ...], names: dict[str, str]) -> None:
        """Show the names as far as they are known, else how many there are."""
        if not ids:
            self.names.set_text("None chosen yet")
        elif all(one in names for one in ids):
            self.names.set_text(", ".join(names[one] for one in ids))
        else:
            self.names.set_text(f"{len(ids)} {'group' if len(ids) == 1 else 'groups'}")


class Assignment(QObject):
    """Serve the Scope page: choose between everyone and assigned people, and read them anew."""

    def __init__(self, page: WizardPage, desk: Desk, row: AssignedRow) -> None:
        super().__init__(page)
        self._page, self._desk, self._row = page, desk, row
        self._names: dict[str, str] = {}
        row.choose.clicked.connect(lambda _checked=False: self.choose_groups())

    @property
    def possible(self) -> bool:
        """Return whether the source knows who is assigned."""
        return self._desk.profile.source.kind == "entra"

    def show(self) -> None:
        """Show the row where it counts."""
        scope = self._desk.profile.scope
        self._row.setVisible(self.possible and scope.people == "assigned")
        self._row.show_groups(scope.groups, self._names)

    def choose(self, people: Literal["all", "assigned"]) -> None:
        """Take everyone or only assigned people into scope; from a directory they are read anew."""
        if self._desk.profile.scope.people == people:
            return
        self._change(lambda profile: replace(profile.scope, people=people))
        if people == "assigned" and groups_missing(self._desk.profile):
            self.choose_groups()
        elif self.possible:
            self._read()

    def choose_groups(self) -> None:
        """List the groups of the directory; who is not signed in for that does so first."""
        if self._page.isComplete():
            self._page.clear_message()
            self._page.start(self._list_groups(), words="Reading the groups")

    async def _list_groups(self) -> None:
        source = self._desk.profile.source
        try:
            groups = await self._desk.services.list_groups(source)
        except (NotAuthorized, Forbidden):
            dialog = SignInDialog(self._page, self._desk, source, (Purpose.PEOPLE, Purpose.GROUPS))
            dialog.signed_in.connect(lambda _event: self.choose_groups())
            dialog.open()
            return
        self._open(groups)

    def _open(self, groups: tuple[GroupName, ...]) -> None:
        self._names = {group.id: group.name for group in groups}
        dialog = GroupsDialog(groups, self._desk.profile.scope.groups, self._page)
        dialog.chosen.connect(self._chosen)
        dialog.open()

    def _chosen(self, ids: tuple[str, ...]) -> None:
        if ids == self._desk.profile.scope.groups:
            return
        self._change(lambda profile: replace(profile.scope, people="assigned", groups=ids))
        if not groups_missing(self._desk.profile):
            self._read()

    def _change(self, scope_of: Callable[[Profile], ScopeSettings]) -> None:
        self._desk.change_profile(lambda profile: replace(profile, scope=scope_of(profile)))

    def _read(self) -> None:
        assigned = self._desk.profile.scope.people == "assigned"
        words = "Reading who is assigned" if assigned else "Reading everyone"
        self._page.start(self._read_people(), words=words)

    async def _read_people(self) -> None:
        desk = self._desk
        source = desk.profile.source
        population = await desk.services.read_people(
            source, desk.base_dir, profile=desk.profile, usual=True
        )
        if source == desk.profile.source:
            desk.set(desk.state.with_source(source, population))
