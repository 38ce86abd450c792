"""The face of the people: what is foretold, what stands out, and every state it can be in."""

from collections.abc import Callable, Coroutine
from typing import Any

from sparkwizard.errors import RemoteError
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.profile import GroupSettings
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.steps import CloudStep
from tests.gui.cloud.conftest import Way

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


def test_everybody_is_foretold_and_the_numbers_filter(aio: Aio, way: Way) -> None:
    async def main() -> None:
        await way.foretold()
        page = way.window.people
        assert page.model.rowCount() == 60
        page.tiles.tile(ActionKind.SKIPPED).click()
        shown = page.model.visible_rows()
        assert {row.action.kind for row in shown} == {ActionKind.SKIPPED}
        assert str(len(shown)) == page.tiles.tile(ActionKind.SKIPPED).number()

    aio(main)


def test_whom_this_computer_would_treat_otherwise_is_one_press_away(aio: Aio, way: Way) -> None:
    async def main() -> None:
        await way.foretold()
        page = way.window.people
        (notice,) = page.notices.messages
        assert notice.heading == "2 people are treated otherwise than by this computer"
        notice.actions[0].run()
        names = {row.action.label for row in page.model.visible_rows()}
        assert names == {"Grace Kim", "Petra Kraus-Neumann"}
        assert "This computer would change their Webex user" in page.panel.as_text()
        exported = [row.action.reasons[-1].code for row in page._rows_to_export()]
        assert exported == ["here", "here"]
        (notice,) = page.notices.messages
        notice.actions[0].run()
        assert page.model.rowCount() == 60

    aio(main)


def test_groups_are_there_where_the_setup_provisions_them(aio: Aio, way: Way, desk: Desk) -> None:
    async def main() -> None:
        await way.foretold()
        assert way.window.people.groups.isHidden()
        desk.change_profile(lambda one: replace(one, groups=GroupSettings(provision=True)))
        way.window.turn_to(CloudStep.TOKEN)
        await way.foretold()
        await until(lambda: not way.window.people.groups.isHidden(), within=20)

    aio(main)


def test_without_a_token_it_goes_on_without_anybody(aio: Aio, way: Way, desk: Desk) -> None:
    async def main() -> None:
        desk.update(pasted=None)
        page = way.open(CloudStep.PEOPLE).people
        await way.idle()
        assert page.waiting.title.text() == "No Webex token is at hand"
        assert page.isComplete()

    aio(main)


def test_where_nobody_can_be_read_it_says_so_and_can_be_tried_again(
    aio: Aio, way: Way, desk: Desk
) -> None:
    async def main() -> None:
        read = desk.services.foretell_cloud

        async def broken(*_args: object, **_more: object) -> None:
            raise RemoteError("Webex does not answer.", status=503)

        desk.services.foretell_cloud = broken  # type: ignore[method-assign,assignment]
        page = way.open(CloudStep.PEOPLE).people
        await until(lambda: not page.waiting.button.isHidden(), within=20)
        assert page.waiting.title.text() == "Nobody could be foretold"
        assert "Webex does not answer." in way.said()
        desk.services.foretell_cloud = read  # type: ignore[method-assign]
        page.waiting.button.click()
        await until(lambda: page.model.rowCount() == 60, within=20)

    aio(main)
