"""Let scim2-tester, a general examiner of SCIM servers, loose on the practice tenant.

It knows RFC 7643 and 7644 and what a server tells of itself, but not Cisco. What it finds is
expected only where Cisco's description or field facts ask for it, or where the examiner overlooks
a sentence of the RFC; each such finding stands in a table with its source.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx2
import pytest
import scim2_tester.filling
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server

from sparkwizard.practice import PracticeServer, serve_in_thread

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass(frozen=True)
class Finding:
    """One finding of the examiner that is as it should be."""

    where: str
    """A pattern for `check resource: reason`."""
    source: str


_EXTENSION = r"urn:\S+?:(User|Group)"
_CHANGED = r"check_(add|replace)_attribute"

EXPECTED = (
    Finding(r"search_with_attributes \w+: ", "Cisco describes no POST /.search"),
    Finding(
        rf"{_CHANGED} User: .* 'emails'",
        "Exactly one work and primary e-mail equals userName: OAS, attribute emails",
    ),
    Finding(
        r"check_remove_attribute User: .* 'emails'",
        "Exactly one work and primary e-mail equals userName: OAS, attribute emails",
    ),
    Finding(
        rf"{_CHANGED} \w+: .* '{_EXTENSION}'",
        "The section comes back with what Webex adds: meta, provisionSource, manager.displayName",
    ),
    Finding(
        rf"check_remove_attribute \w+: .* '{_EXTENSION}'",
        "Webex always answers with its own section: required in the response schemas",
    ),
    Finding(
        rf"{_CHANGED} User: .*:manager'",
        "manager.value must be a user of the same organization; the examiner invents one",
    ),
    Finding(
        r"check_remove_attribute User: .*:(accountStatus|manager)'",
        "accountStatus is required in the response schema; Webex sets it",
    ),
    Finding(
        r"check_remove_attribute Group: .*:usage'",
        "usage is required in the response schema",
    ),
    Finding(
        rf"{_CHANGED} Group: .* 'members'", "Webex adds the display name: OAS, response examples"
    ),
    Finding(
        r"check_add_attribute Group: .*:memberFilter' takes|check_add_attribute Group: .*takes at",
        "The schema document allows one memberFilter",
    ),
    Finding(
        r"check_add_attribute \w+: .* unexpected value for 'urn:\S+'.*Returned value: \[.*, .*\]",
        "Added to a list that an earlier check had filled: RFC 7644, 3.5.2.1, a new value is added",
    ),
)


class RfcErrors(httpx2.HTTPTransport):
    """Rewrite Cisco's errors, which spell ``details``, as the RFC has them.

    The examiner takes nothing else for a SCIM error, and would learn nothing from the rest.
    """

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = super().handle_request(request)
        if answer.status_code < 400:
            return answer
        sent = json.loads(answer.read())
        body = {"schemas": [ERROR], "status": sent["status"], "detail": sent["details"]}
        if "scimType" in sent:
            body["scimType"] = sent["scimType"]
        return httpx2.Response(answer.status_code, json=body)


@pytest.fixture(scope="module")
def practice() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def results(practice: PracticeServer) -> Iterator[list[CheckResult]]:
    random.seed(1)  # the examiner draws its values from here
    numbers = count(1)
    invent = scim2_tester.filling.get_random_example_value

    somebody = next(iter(practice.world.users)).id

    def knowingly(path: Any) -> Any:
        """Tell what no schema can say: user names are addresses, managers are users."""
        if str(path).endswith("userName"):
            return f"examined{next(numbers)}@fabrikam.example"
        return somebody if str(path).endswith("manager.value") else invent(path)

    headers = {"Authorization": f"Bearer {practice.token}"}
    with (
        pytest.MonkeyPatch.context() as patched,
        httpx2.Client(
            base_url=practice.tenant_url, headers=headers, transport=RfcErrors()
        ) as client,
    ):
        patched.setattr(scim2_tester.filling, "get_random_example_value", knowingly)
        yield check_server(SyncSCIMClient(client))


def found(results: list[CheckResult]) -> list[str]:
    return [
        f"{one.title} {one.resource_type}: {one.reason}".replace("\n", " ")
        for one in results
        if one.status is not Status.SUCCESS
    ]


def test_nothing_is_found_that_cisco_does_not_ask_for(results: list[CheckResult]) -> None:
    unexpected = [
        one for one in found(results) if not any(re.search(f.where, one) for f in EXPECTED)
    ]
    assert unexpected == []


@pytest.mark.parametrize("finding", EXPECTED, ids=lambda one: one.source[:40])
def test_every_expected_finding_is_still_found(
    results: list[CheckResult], finding: Finding
) -> None:
    assert any(re.search(finding.where, one) for one in found(results))


def test_most_checks_succeed(results: list[CheckResult]) -> None:
    succeeded = sum(one.status is Status.SUCCESS for one in results)
    assert succeeded > 250, found(results)
