"""What the people API of the practice tenant tells, and to whom."""

import base64
import time
from typing import Any

import httpx
import pytest

from sparkwizard.practice import PracticeServer, TokenKind

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def ask(
    practice: PracticeServer, kind: str, url: str, method: str = "GET", **more: Any
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {practice.tokens[kind]}"}
    with httpx.Client(trust_env=False, verify=False, headers=headers) as client:
        return client.request(method, url, **more)


def decoded(identifier: str) -> str:
    return base64.b64decode(identifier + "=" * (-len(identifier) % 4)).decode()


def test_every_kind_of_token_is_issued(practice: PracticeServer) -> None:
    assert set(practice.tokens) == {str(kind) for kind in TokenKind}


def test_a_token_ends_with_its_organization(practice: PracticeServer) -> None:
    blob, cluster, organization = practice.token.split("_")
    assert (len(blob), cluster, organization) == (64, "PF84", practice.organization_id)


def test_the_organization_comes_in_its_unpadded_base64_form(practice: PracticeServer) -> None:
    identifier = ask(practice, "admin", f"{practice.api_url}/people/me").json()["orgId"]
    expected = f"ciscospark://us/ORGANIZATION/{practice.organization_id}"
    assert (len(identifier), decoded(identifier)) == (87, expected)


def test_the_administrator_has_the_full_role(practice: PracticeServer) -> None:
    me = ask(practice, "admin", f"{practice.api_url}/people/me").json()
    assert me["roles"] == ["Y2lzY29zcGFyazovL3VzL1JPTEUvaWRfZnVsbF9hZG1pbg"]


def test_only_administrators_see_whether_a_login_is_enabled(practice: PracticeServer) -> None:
    seen = [
        "loginEnabled" in ask(practice, kind, f"{practice.api_url}/people/me").json()
        for kind in ("admin", "non_admin")
    ]
    assert seen == [True, False]


def test_a_bot_says_that_it_is_one(practice: PracticeServer) -> None:
    assert ask(practice, "bot", f"{practice.api_url}/people/me").json()["type"] == "bot"


def test_a_service_app_is_no_person(practice: PracticeServer) -> None:
    assert ask(practice, "service_app", f"{practice.api_url}/people/me").status_code == 404


def test_a_service_app_can_list_users(practice: PracticeServer) -> None:
    assert ask(practice, "service_app", f"{practice.tenant_url}/Users").status_code == 200


def test_a_token_of_elsewhere_tells_the_other_organization(practice: PracticeServer) -> None:
    me = ask(practice, "other_organization", f"{practice.api_url}/people/me").json()
    assert decoded(me["orgId"]).endswith(practice.world.other_organization_id)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("admin", 200),
        ("personal", 200),
        ("read_only", 200),
        ("non_admin", 403),
        ("people_only", 403),
        ("bot", 403),
        ("other_organization", 403),
        ("expired", 401),
    ],
)
def test_who_may_list_users(practice: PracticeServer, kind: str, status: int) -> None:
    assert ask(practice, kind, f"{practice.tenant_url}/Users?count=1").status_code == status


def test_a_read_only_administrator_may_not_write(practice: PracticeServer) -> None:
    answer = ask(practice, "read_only", f"{practice.tenant_url}/Users", "POST", json={})
    assert answer.status_code == 403


def test_an_organization_in_base64_form_is_not_found(practice: PracticeServer) -> None:
    form = ask(practice, "admin", f"{practice.api_url}/people/me").json()["orgId"]
    url = practice.tenant_url.replace(practice.organization_id, form)
    assert ask(practice, "admin", f"{url}/Users").status_code == 404


def test_anybody_may_ask_scim_who_they_are(practice: PracticeServer) -> None:
    url = f"{practice.base_url}/identity/scim/v2/Users/me"
    assert ask(practice, "non_admin", url).json()["userName"] == "kim.sato@fabrikam.example"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic eDp5"])
def test_a_missing_a_malformed_and_an_unknown_token_read_the_same(
    practice: PracticeServer, header: str
) -> None:
    answer = httpx.get(
        f"{practice.api_url}/people/me", headers={"Authorization": header}, trust_env=False
    )
    expected = ask(practice, "expired", f"{practice.api_url}/people/me").json()["message"]
    assert (answer.status_code, answer.json()["message"]) == (401, expected)


def test_an_error_carries_the_tracking_id_of_its_header(practice: PracticeServer) -> None:
    answer = ask(practice, "expired", f"{practice.api_url}/people/me")
    assert answer.json()["trackingId"] == answer.headers["trackingid"]


@pytest.mark.parametrize(("kind", "hours"), [("admin", 365 * 24), ("personal", 12)])
def test_a_token_tells_when_it_expires(practice: PracticeServer, kind: str, hours: int) -> None:
    expiry = ask(practice, kind, f"{practice.api_url}/authorizations/tokenExpiry").json()["exp"]
    assert expiry / 1000 - time.time() == pytest.approx(hours * 3600, abs=60)


def test_a_token_dies_when_its_time_has_come() -> None:
    from sparkwizard.practice import serve_in_thread

    now = [1_800_000_000.0]
    with serve_in_thread(clock=lambda: now[0]) as server:
        before = ask(server, "personal", f"{server.api_url}/people/me").status_code
        now[0] += 12 * 3600
        after = ask(server, "personal", f"{server.api_url}/people/me").status_code
    assert (before, after) == (200, 401)


def test_changing_the_operators_roles_kills_the_operators_tokens(
    practice: PracticeServer,
) -> None:
    me = ask(practice, "admin", f"{practice.base_url}/identity/scim/v2/Users/me").json()["id"]
    body = {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "roles"}]}
    url = f"{practice.tenant_url}/Users/{me}"
    answers = [ask(practice, "admin", url, "PATCH", json=body).status_code for _ in range(2)]
    assert answers == [200, 401]


def test_disabling_the_operator_ends_the_operators_access(practice: PracticeServer) -> None:
    me = ask(practice, "admin", f"{practice.base_url}/identity/scim/v2/Users/me").json()["id"]
    operation = {"op": "replace", "path": "active", "value": False}
    body = {"schemas": [PATCH], "Operations": [operation]}
    ask(practice, "admin", f"{practice.tenant_url}/Users/{me}", "PATCH", json=body)
    assert ask(practice, "admin", f"{practice.api_url}/people/me").status_code == 401


def test_roles_are_for_administrators(practice: PracticeServer) -> None:
    url = f"{practice.api_url}/roles"
    assert [ask(practice, kind, url).status_code for kind in ("admin", "non_admin")] == [200, 403]


def test_a_role_can_be_read_by_id(practice: PracticeServer) -> None:
    role = ask(practice, "admin", f"{practice.api_url}/roles").json()["items"][0]
    assert ask(practice, "admin", f"{practice.api_url}/roles/{role['id']}").json() == role


def test_an_unknown_role_is_not_found(practice: PracticeServer) -> None:
    assert ask(practice, "admin", f"{practice.api_url}/roles/none").status_code == 404


class TestLicences:
    """Licences and who holds them."""

    def licences(self, practice: PracticeServer) -> dict[str, dict[str, Any]]:
        items = ask(practice, "admin", f"{practice.api_url}/licenses").json()["items"]
        return {one["name"]: one for one in items}

    def assign(self, practice: PracticeServer, *names: str, **properties: str) -> httpx.Response:
        known = self.licences(practice)
        wanted = [{"id": known[name]["id"], "properties": properties} for name in names]
        body = {"email": "jose.nunez@fabrikam.example", "licenses": wanted}
        return ask(practice, "admin", f"{practice.api_url}/licenses/users", "PATCH", json=body)

    def test_an_assigned_licence_is_consumed(self, practice: PracticeServer) -> None:
        before = self.licences(practice)["Webex Events 1000"]["consumedUnits"]
        self.assign(practice, "Webex Events 1000")
        assert self.licences(practice)["Webex Events 1000"]["consumedUnits"] == before + 1

    def test_calling_needs_a_number(self, practice: PracticeServer) -> None:
        answer = self.assign(practice, "Webex Calling - Professional")
        assert answer.json()["errors"][0]["errorCode"] == 400411

    def test_calling_with_a_number_is_assigned(self, practice: PracticeServer) -> None:
        answer = self.assign(practice, "Webex Calling - Professional", phoneNumber="+4942155501")
        assert answer.status_code == 200

    def test_an_extension_alone_needs_a_location(self, practice: PracticeServer) -> None:
        answer = self.assign(practice, "Webex Calling - Professional", extension="133")
        assert answer.status_code == 400

    def test_when_some_are_left_out_the_answer_is_partial(self, practice: PracticeServer) -> None:
        for licence in practice.world.licences.values():
            if licence.name == "Webex Events 1000":
                licence.total = 0
        answer = self.assign(practice, "Webex Events 1000", "Meeting - Webex Meetings Suite")
        assert (answer.status_code, len(answer.json()["licenses"])) == (206, 2)

    def test_without_a_free_licence_nothing_is_assigned(self, practice: PracticeServer) -> None:
        practice.faults.no_licences_free = True
        assert self.assign(practice, "Webex Events 1000").status_code == 400

    def test_a_removed_licence_is_free_again(self, practice: PracticeServer) -> None:
        self.assign(practice, "Webex Events 1000")
        identifier = self.licences(practice)["Webex Events 1000"]["id"]
        body = {
            "email": "jose.nunez@fabrikam.example",
            "licenses": [{"id": identifier, "operation": "remove"}],
        }
        ask(practice, "admin", f"{practice.api_url}/licenses/users", "PATCH", json=body)
        assert self.licences(practice)["Webex Events 1000"]["consumedUnits"] == 0

    @pytest.mark.parametrize(
        "body",
        [
            {"licenses": []},
            {"email": "jose.nunez@fabrikam.example", "licenses": [{"id": "none"}]},
            {"email": "jose.nunez@fabrikam.example", "siteUrls": [{"siteUrl": "elsewhere"}]},
            {"email": "jose.nunez@fabrikam.example", "licenses": "all"},
        ],
    )
    def test_a_request_that_cannot_be_is_refused(
        self, practice: PracticeServer, body: dict[str, Any]
    ) -> None:
        url = f"{practice.api_url}/licenses/users"
        assert ask(practice, "admin", url, "PATCH", json=body).status_code == 400

    def test_a_person_must_exist(self, practice: PracticeServer) -> None:
        url = f"{practice.api_url}/licenses/users"
        body = {"email": "nobody@fabrikam.example", "licenses": []}
        assert ask(practice, "admin", url, "PATCH", json=body).status_code == 404

    def test_licences_of_another_organization_are_not_shown(self, practice: PracticeServer) -> None:
        url = f"{practice.api_url}/licenses?orgId={practice.world.other_organization_id}"
        assert ask(practice, "admin", url).status_code == 403


class TestActivation:
    """The jobs that send activation e-mails again."""

    def jobs(self, practice: PracticeServer) -> str:
        organization = practice.organization_id
        return (
            f"{practice.base_url}/identity/organizations/{organization}/jobs/sendActivationEmails"
        )

    def test_a_job_writes_to_whoever_is_pending(self, practice: PracticeServer) -> None:
        job = ask(practice, "admin", self.jobs(practice), "POST").json()
        status = ask(practice, "admin", f"{self.jobs(practice)}/{job['id']}/status").json()
        assert (status["latestExecutionStatus"], status["counts"]["userResendInviteSent"]) == (
            "COMPLETED",
            1,
        )

    def test_only_one_job_runs_at_a_time(self, practice: PracticeServer) -> None:
        answers = [ask(practice, "admin", self.jobs(practice), "POST") for _ in range(2)]
        assert [one.status_code for one in answers] == [202, 409]

    def test_a_user_deleted_meanwhile_is_listed_as_an_error(self, practice: PracticeServer) -> None:
        job = ask(practice, "admin", self.jobs(practice), "POST").json()
        pending = practice.world.users.id_of("lars.nygaard@fabrikam.example")
        ask(practice, "admin", f"{practice.tenant_url}/Users/{pending}", "DELETE")
        errors = ask(practice, "admin", f"{self.jobs(practice)}/{job['id']}/errors").json()
        assert [one["itemNumber"] for one in errors["items"]] == [1]

    def test_an_unknown_job_is_not_found(self, practice: PracticeServer) -> None:
        url = f"{self.jobs(practice)}/none/status"
        assert ask(practice, "admin", url).status_code == 404
