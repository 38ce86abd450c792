"""The last look after a run: where it fails, what was written is told as written."""

import msgspec
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparkwizard.errors import NotAuthorized, SparkWizardError
from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.types import Outcome, RunState
from tests.runs.tenant import Company, people

WRITES = 12


async def planned(company: Company) -> Plan:
    company.employs(people(range(WRITES)))
    return await company.preview()


async def spoiled(company: Company, plan: Plan, fault: str) -> None:
    """Apply a plan whose last look meets a fault."""

    def spoil(event: object) -> None:
        done = [one for one in company.events if isinstance(one, Outcome)]
        if len(done) == WRITES:
            setattr(company.server.faults, fault, True)

    try:
        await company.apply(plan, on_event=spoil)
    finally:
        setattr(company.server.faults, fault, False)


async def test_a_web_page_in_place_of_the_last_look_is_told_as_that(company: Company) -> None:
    with pytest.raises(SparkWizardError) as told:
        await spoiled(company, await planned(company), "html")
    assert told.value.code == "not-read-back"
    assert "Every change was sent and answered" in told.value.message
    assert "only looks" in told.value.fix
    assert company.result.applied == WRITES


async def test_the_next_apply_of_the_plan_writes_nothing_and_looks(company: Company) -> None:
    plan = await planned(company)
    with pytest.raises(SparkWizardError):
        await spoiled(company, plan, "html")
    company.look()
    result = await company.apply(plan)
    assert (result.state, result.applied) == (RunState.DONE, WRITES)
    assert company.writes == []
    assert any("/Users/" in one.path for one in company.requests)


async def test_a_token_that_dies_before_the_last_look_is_told_as_that(company: Company) -> None:
    with pytest.raises(NotAuthorized):
        await spoiled(company, await planned(company), "token_expired")


class _Showing:
    """Let Bulk show whom it wrote, as RFC 7644, section 3.7.3, allows, without ``hidden``."""

    def __init__(self, app: ASGIApp, company: Company, hidden: str) -> None:
        self._app, self._company, self._hidden = app, company, hidden

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not str(scope["path"]).endswith("/Bulk"):
            await self._app(scope, receive, send)
            return
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, keep)
        body = msgspec.json.decode(b"".join(one.get("body", b"") for one in said))
        users = {user["id"]: user for user in self._company.all_users}
        for one in body["Operations"]:
            user = users[one["location"].rpartition("/")[2]]
            one["response"] = {k: v for k, v in user.items() if k != self._hidden}
        content = msgspec.json.encode(body)
        headers = [(k, v) for k, v in said[0]["headers"] if k != b"content-length"]
        length = (b"content-length", str(len(content)).encode())
        await send({**said[0], "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": content})


async def reads_after_bulk(company: Company, hidden: str) -> int:
    plan = await planned(company)
    gate = company.server._running.gate
    gate._app = _Showing(gate._app, company, hidden)
    company.look()
    result = await company.apply(plan)
    assert (result.state, result.applied) == (RunState.DONE, WRITES)
    asked = [one for one in company.requests if "/Bulk" in one.path or "/Users" in one.path]
    bulk = [place for place, one in enumerate(asked) if "/Bulk" in one.path]
    return sum(one.method == "GET" for one in asked[bulk[-1] :])


async def test_nobody_is_read_back_whom_the_answer_shows(company: Company) -> None:
    assert await reads_after_bulk(company, hidden="") <= WRITES % 5


async def test_whoever_the_answer_shows_without_a_value_is_read_back(company: Company) -> None:
    assert await reads_after_bulk(company, hidden="title") >= WRITES - WRITES % 5
