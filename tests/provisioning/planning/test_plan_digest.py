"""A plan's digest does not depend on how it is worked out."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from sparkwizard.provisioning.plan import Plan, read_plan, write_plan
from sparkwizard.provisioning.types import Action, ActionKind, Change
from sparkwizard.values import replace

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
    plan = replace(PLAN, actions=_actions(number))
    whole = hashlib.sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()
    assert plan.sealed().digest == whole
    assert read_plan(write_plan(plan.sealed())) == plan.sealed()


def test_a_digest_encodes_no_more_than_a_few_actions_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = replace(PLAN, actions=_actions(5_000))
    sizes: list[int] = []
    encode = msgspec.json.encode

    def noting(value: object, **options: Any) -> bytes:
        sizes.append(len(made := encode(value, **options)))
        return made

    monkeypatch.setattr(msgspec.json, "encode", noting)
    plan.sealed()
    assert max(sizes) < len(encode(plan)) / 5


def test_a_name_that_looks_like_the_actions_changes_nothing() -> None:
    plan = replace(PLAN, profile_name=',"actions":[],', actions=_actions(3))
    whole = hashlib.sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()
    assert plan.sealed().digest == whole


def _actions(number: int) -> tuple[Action, ...]:
    return tuple(
        Action(ActionKind.UPDATE, f"s{n}", f"u{n}", "Ädele", changes=(Change("title", None, "x"),))
        for n in range(number)
    )
