"""A plan's digest does not depend on how it is worked out."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from sparkwizard.provisioning.plan import Plan, read_plan, write_plan
from sparkwizard.provisioning.types import Action, ActionKind, Change

PLAN = Plan(
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
    profile_id="p",
    profile_name="Contoso",
    profile_digest="d",
    source_digest="s",
    organization_id="o",
    tenant_url="https://example.com",
)


@pytest.mark.parametrize("number", [0, 1, 499, 500, 501, 1700])
def test_a_digest_made_in_pieces_is_that_of_the_whole(number: int) -> None:
    actions = tuple(
        Action(ActionKind.UPDATE, f"s{n}", f"u{n}", "Ädele", changes=(Change("title", None, "x"),))
        for n in range(number)
    )
    plan = replace(PLAN, actions=actions)
    whole = hashlib.sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()
    assert plan.sealed().digest == whole
    assert read_plan(write_plan(plan.sealed())) == plan.sealed()
