"""A user that was created though nobody said so is looked at like any other."""

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparkwizard.runs.types import ActionState
from tests.runs.tenant import Company, Person, people


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_value_not_kept_is_told_though_the_answer_was_lost(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(1)) if not bulk else people(range(6)))
    plan = await company.preview()
    company.server.faults.values_not_kept = ("title",)
    company.server.faults.drop_after_next = 1
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (0, len(plan.to_write))
    assert {outcome.code for outcome in result.outcomes} == {"value-not-kept"}
    assert Person(0).object_id in company.links


class BusyAfterwards:
    """Do the first write, and answer all the same that the server is busy: come back later."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._left = app, 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._left == 0 or scope.get("method") != "POST":
            await self._app(scope, receive, send)
            return
        self._left -= 1

        async def unheard(message: Message) -> None:
            pass

        await self._app(scope, receive, unheard)
        busy = JSONResponse({"detail": "Busy."}, 503, headers={"Retry-After": "0"})
        await busy(scope, receive, send)


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_name_that_our_own_repeated_request_took_is_no_strangers(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(6)))
    plan = await company.preview()
    gate = company.server._running.gate
    gate._app = BusyAfterwards(gate._app)
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (6, 0)
    assert {outcome.state for outcome in company.outcomes} == {ActionState.APPLIED}
    assert len(company.links) == 6
