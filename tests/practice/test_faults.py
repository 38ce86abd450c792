"""Which failures can be rehearsed, and that each does what it says."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sparkwizard.practice import Faults, PracticeServer, serve_in_thread
from sparkwizard.practice.faults import FaultMachine, Interference

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
NEWCOMER = {"schemas": [CORE], "userName": "new.person@fabrikam.example", "userType": "user"}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(clock: Clock) -> Iterator[PracticeServer]:
    with serve_in_thread(clock=clock) as server:
        yield server


def client_of(server: PracticeServer) -> httpx.Client:
    headers = {"Authorization": f"Bearer {server.token}"}
    return httpx.Client(base_url=server.tenant_url, headers=headers, trust_env=False, verify=False)


def statuses(webex: httpx.Client, times: int) -> list[int]:
    return [webex.get("/Users?count=1").status_code for _ in range(times)]


def test_an_answer_can_be_slow(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.latency_ms = 80
    started = time.monotonic()
    webex.get("/Users?count=1")
    assert time.monotonic() - started >= 0.08


def test_after_n_requests_come_too_many(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.rate_limit_after = 2
    practice.faults.retry_after = 60
    assert statuses(webex, 4) == [200, 200, 429, 429]


def test_too_many_requests_say_when_to_come_back(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.rate_limit_after = 1
    practice.faults.retry_after = 1.5
    statuses(webex, 1)
    assert webex.get("/Users").headers["retry-after"] == "2"


def test_retry_after_can_be_missing(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.rate_limit_after = 1
    practice.faults.retry_after = -1
    statuses(webex, 1)
    assert "retry-after" not in webex.get("/Users").headers


def test_after_the_wait_requests_are_served_again(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.rate_limit_after = 1
    practice.faults.retry_after = 0.05
    before = statuses(webex, 2)
    time.sleep(0.06)
    assert (before, statuses(webex, 1)) == ([200, 429], [200])


def test_more_than_so_many_requests_in_a_second_are_too_many(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.requests_per_second = 3
    assert statuses(webex, 4) == [200, 200, 200, 429]


def test_the_next_requests_can_fail(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.server_error_next = 2
    assert statuses(webex, 3) == [503, 503, 200]


def test_every_third_request_can_fail(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.server_error_every = 3
    practice.faults.server_error_status = 502
    assert statuses(webex, 6) == [200, 200, 502, 200, 200, 502]


def test_a_connection_can_be_cut_before_a_write(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.drop_before_next = 1
    with pytest.raises(httpx.RemoteProtocolError):
        webex.post("/Users", json=NEWCOMER)
    assert practice.world.users.id_of("new.person@fabrikam.example") is None


def test_a_connection_can_be_cut_after_a_write(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.drop_after_next = 1
    with pytest.raises(httpx.RemoteProtocolError):
        webex.post("/Users", json=NEWCOMER)
    assert practice.world.users.id_of("new.person@fabrikam.example") is not None


def test_every_second_write_can_be_cut(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.drop_after_every = 2
    webex.post("/Users", json=NEWCOMER)
    with pytest.raises(httpx.RemoteProtocolError):
        webex.post("/Users", json={**NEWCOMER, "userName": "b@fabrikam.example"})


def test_reads_are_never_cut(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.drop_before_next = 1
    assert statuses(webex, 1) == [200]


def test_a_cut_connection_stands_in_the_log(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.drop_before_next = 1
    with pytest.raises(httpx.RemoteProtocolError):
        webex.post("/Users", json=NEWCOMER)
    assert [(one.method, one.status) for one in practice.log] == [("POST", 0)]


def test_a_token_can_expire_in_the_middle(practice: PracticeServer, webex: httpx.Client) -> None:
    before = statuses(webex, 1)
    practice.faults.token_expired = True
    assert (before, statuses(webex, 1)) == ([200], [401])


def test_a_web_page_can_come_instead_of_json(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.html_next = 1
    answer = webex.get("/Users")
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )


def test_a_filter_can_be_ignored(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.filter_ignored = True
    assert webex.get('/Users?filter=userName eq "nobody"').json()["totalResults"] == 25


def test_paging_can_be_ignored(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.paging_ignored = True
    first, second = (webex.get(f"/Users?count=5&startIndex={n}").json() for n in (1, 6))
    assert first == second


def test_pages_can_be_smaller_than_asked_for(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.most_on_a_page = 2
    page = webex.get("/Users?count=50&startIndex=3").json()
    assert (page["itemsPerPage"], len(page["Resources"]), page["totalResults"]) == (2, 2, 25)
    assert len(webex.get("/Users?count=1").json()["Resources"]) == 1


def test_the_total_can_be_wrong(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.total_results_offset = -5
    assert webex.get("/Users").json()["totalResults"] == 20


def test_a_value_can_be_accepted_and_not_kept_on_creation(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.values_not_kept = ("title", "name.familyName", "department")
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    sent = {
        **NEWCOMER,
        "title": "Engineer",
        "name": {"givenName": "New", "familyName": "Person"},
        enterprise: {"department": "IT", "division": "North"},
    }
    created = webex.post("/Users", json=sent).json()
    assert (created.get("title"), created["name"], created[enterprise]) == (
        None,
        {"givenName": "New"},
        {"division": "North"},
    )


def test_a_value_can_be_accepted_and_not_kept_on_a_change(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.values_not_kept = ("title",)
    user = practice.world.users.id_of("greta.lindqvist@fabrikam.example")
    operation = {"op": "replace", "path": "title", "value": "Founder"}
    body = {"schemas": [PATCH], "Operations": [operation]}
    changed = webex.patch(f"/Users/{user}", json=body)
    assert (changed.status_code, changed.json()["title"]) == (200, "Chief Executive Officer")


def test_domains_can_be_enforced(practice: PracticeServer, webex: httpx.Client) -> None:
    practice.faults.enforced_domains = ("fabrikam.example",)
    stranger = {**NEWCOMER, "userName": "a@contoso.example"}
    answers = [webex.post("/Users", json=one).status_code for one in (NEWCOMER, stranger)]
    assert answers == [201, 400]


class TestListsThatLag:
    """Lists and searches show an earlier state, reading by id the current one."""

    def test_a_new_user_is_not_listed_at_once(self, timed: PracticeServer, clock: Clock) -> None:
        timed.faults.list_lag = 10
        with client_of(timed) as webex:
            created = webex.post("/Users", json=NEWCOMER).json()
            listed = [webex.get("/Users").json()["totalResults"]]
            clock.now += 11
            listed.append(webex.get("/Users").json()["totalResults"])
            read = webex.get(f"/Users/{created['id']}").status_code
        assert (listed, read) == ([25, 26], 200)

    def test_a_new_user_is_not_found_at_once(self, timed: PracticeServer) -> None:
        timed.faults.list_lag = 10
        with client_of(timed) as webex:
            webex.post("/Users", json=NEWCOMER)
            found = webex.get(f'/Users?filter=userName eq "{NEWCOMER["userName"]}"').json()
        assert found["totalResults"] == 0

    def test_a_deleted_user_is_still_listed(self, timed: PracticeServer) -> None:
        timed.faults.list_lag = 10
        user = timed.world.users.id_of("greta.lindqvist@fabrikam.example")
        with client_of(timed) as webex:
            webex.delete(f"/Users/{user}")
            listed = [one["id"] for one in webex.get("/Users").json()["Resources"]]
            assert (user in listed, webex.get(f"/Users/{user}").status_code) == (True, 404)

    def test_a_changed_user_is_listed_as_before(self, timed: PracticeServer, clock: Clock) -> None:
        timed.faults.list_lag = 10
        user = timed.world.users.id_of("greta.lindqvist@fabrikam.example")
        query = '/Users?filter=userName eq "greta.lindqvist@fabrikam.example"'
        titles = []
        with client_of(timed) as webex:
            for title in ("First", "Second"):
                operation = {"op": "replace", "path": "title", "value": title}
                body = {"schemas": [PATCH], "Operations": [operation]}
                webex.patch(f"/Users/{user}", json=body)
                clock.now += 6
                titles.append(webex.get(query).json()["Resources"][0]["title"])
        assert titles == ["Chief Executive Officer", "First"]


class TestControlOverHttp:
    """The switches under /practice/faults."""

    def put(self, practice: PracticeServer, **more: Any) -> httpx.Response:
        url = f"{practice.base_url}/practice/faults"
        return httpx.put(url, trust_env=False, **more)

    def test_switches_are_shown(self, practice: PracticeServer) -> None:
        shown = httpx.get(f"{practice.base_url}/practice/faults", trust_env=False).json()
        assert set(shown) == set(Faults.__struct_fields__)

    def test_switches_are_set_and_the_others_go_off(self, practice: PracticeServer) -> None:
        practice.faults.html = True
        self.put(practice, json={"latency_ms": 5, "values_not_kept": ["title"]})
        assert (practice.faults.html, practice.faults.latency_ms) == (False, 5)

    def test_an_unknown_switch_is_refused(self, practice: PracticeServer) -> None:
        assert self.put(practice, json={"gravity": 1}).status_code == 400

    @pytest.mark.parametrize(
        "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}]
    )
    def test_a_web_page_cannot_switch_faults(
        self, practice: PracticeServer, headers: dict[str, str]
    ) -> None:
        assert self.put(practice, json={}, headers=headers).status_code == 403

    def test_faults_do_not_hit_their_own_switch(self, practice: PracticeServer) -> None:
        practice.faults.html = True
        assert self.put(practice, json={}).status_code == 200


def test_the_same_seed_gives_the_same_waits() -> None:
    faults = Faults(latency_ms=10, latency_jitter_ms=50)
    first, second = (FaultMachine(faults, seed=7) for _ in range(2))
    assert [first.delay() for _ in range(9)] == [second.delay() for _ in range(9)]


def test_new_settings_start_counting_afresh() -> None:
    machine = FaultMachine(Faults(server_error_every=2), seed=1)
    machine.decide(write=False)
    machine.replace(Faults(server_error_every=2))
    decided = [machine.decide(write=False) for _ in range(2)]
    assert decided == [Interference.NONE, Interference.SERVER_ERROR]
