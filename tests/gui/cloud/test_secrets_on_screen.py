"""No picture of the window of Entra's own service holds a token: neither painted nor told."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from sparkwizard.gui.aio import until
from sparkwizard.practice.server import PracticeServer
from sparkwizard.wizard.cloud.steps import CloudStep
from tests.gui.cloud.conftest import Way
from tests.gui.pages.conftest import click
from tests.gui.shown import leaks_on_screen, secrets_of

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


def test_no_token_is_on_any_face(aio: Aio, way: Way, tenant: PracticeServer) -> None:
    async def main() -> None:
        await way.set_up()
        for step in CloudStep:
            way.open(step)
            await way.idle()
            assert leaks_on_screen(secrets_of(tenant)) == []
        page = way.window.by_hand
        for row in range(len(page.items)):
            page.table.selectRow(row)
            assert leaks_on_screen(secrets_of(tenant)) == []

    aio(main)


def test_a_pasted_secret_token_is_bullets_and_a_refused_one_is_not_repeated(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        refused = "NoSuchToken" * 6
        page = way.open(CloudStep.TOKEN).token
        await way.idle()
        page.choice.setCurrentIndex(page.choice.findData("pasted"))
        for token in (refused, tenant.tokens["personal"]):
            page.secret.set_text(token)
            way.forward()
            await until(page.strip.isVisible, within=10)
            await way.idle()
            assert leaks_on_screen([refused, *secrets_of(tenant)]) == []

    aio(main)


@pytest.mark.slow
def test_no_token_is_on_any_part_of_the_watch_after_a_cycle_and_a_renewal(
    aio: Aio, way: Way, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await way.set_up()
        watch = way.window.watch
        click(watch.state.cycle)
        await way.idle()
        for part in watch.parts:
            watch.show_part(part)
            await way.idle()
            assert leaks_on_screen(secrets_of(tenant)) == []
        watch.show_part("upkeep")
        for token in ("C" * 64, tenant.token):
            watch.upkeep.field.set_text(token)
            assert leaks_on_screen(["C" * 64, token]) == []
            click(watch.upkeep.renew)
            await way.idle()
            assert leaks_on_screen(["C" * 64, token]) == []

    aio(main)
