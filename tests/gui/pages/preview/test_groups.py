"""The preview of groups: how many there are on the page, who joins and leaves in a table."""

from collections.abc import Callable, Coroutine
from typing import Any

from sparkwizard.directory.types import OnReadProgress, PeopleSource
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.setup_window import SetupWindow
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.plan.group_changes_dialog import GroupChangesDialog
from sparkwizard.gui.widgets import WrapLabel
from sparkwizard.provisioning.types import Group, Population
from sparkwizard.setup.profile import GroupSettings
from sparkwizard.values import replace
from tests.gui.pages.preview.test_preview import Click, button, page, up, window

__all__ = ["page", "window"]

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


class _WithGroup:
    """Add one group of everybody to a file of people."""

    label = "A file with a group"

    def __init__(self, people: PeopleSource) -> None:
        self._people = people

    async def read(self, on_progress: OnReadProgress | None = None) -> Population:
        read = await self._people.read(on_progress)
        everybody = frozenset(person.source_id for person in read.people)
        group = Group("g", {"objectId": "g", "displayName": "Field Sales"}, everybody)
        return replace(read, groups=(group,))


def test_the_page_says_what_happens_to_groups_and_shows_who_joins(
    aio: Aio, desk: Desk, page: PreviewPage, window: SetupWindow, click: Click
) -> None:
    source_of: Callable[..., PeopleSource] = desk.services.source_of

    def opened(*arguments: Any) -> PeopleSource:
        return _WithGroup(source_of(*arguments))

    desk.services.source_of = opened  # type: ignore[method-assign, assignment]
    setup = replace(desk.state.profile, groups=GroupSettings(provision=True))
    desk.set(replace(desk.state, profile=setup))

    async def look() -> None:
        await up(window, page)
        said = " ".join(label.text() for label in page.notices.findChildren(WrapLabel))
        assert "1 group would be created" in said
        click(button(page.notices, "Show them"))
        dialog = page.findChild(GroupChangesDialog)
        assert dialog is not None
        assert [line.group for line in dialog.model.rows][:2] == ["Field Sales"] * 2
        assert dialog.model.rows[1].words.startswith("Join: ")

    aio(look)
