"""Webex changes while a run goes on: what was read at its start is not believed for long."""

import asyncio
import time

from sparkwizard.provisioning.types import User
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import Outcome
from sparkwizard.runs.writing.known_users import FRESH_FOR, Known
from tests.runs.tenant import Company, Person, people

ADELE = User("w1", {"userName": "adele@contoso.example"})


async def test_what_somebody_changed_during_a_pause_is_left_alone(company: Company) -> None:
    company.without_bulk()
    company.employs(people(range(40)))
    await company.sync()
    company.employs(people(range(40), title="Manager"))
    plan = await company.preview()
    control = RunControl()
    changing: list[asyncio.Task[None]] = []

    async def change_and_resume() -> None:
        await asyncio.sleep(0.3)
        await company.patch(Person(39).user_name, {"title": "Director"})
        control.resume()

    def pause(event: object) -> None:
        if isinstance(event, Outcome) and not changing:
            control.pause()
            changing.append(asyncio.ensure_future(change_and_resume()))

    result = await company.apply(plan, control=control, on_event=pause)
    assert company.users[Person(39).user_name]["title"] == "Director"
    assert (result.applied, result.not_attempted) == (39, 1)
    assert result.outcomes[0].code == "drift"


def test_a_user_read_more_than_a_minute_ago_is_asked_for_again() -> None:
    old = Known({"w1": ADELE}, time.monotonic() - FRESH_FOR - 1)
    assert old.take("w1", 0) is None
    fresh = Known({"w1": ADELE}, time.monotonic())
    assert fresh.take("w1", 0) is ADELE
