"""Users that others deleted softly are recognized, and a name they still hold is explained."""

import pytest

from tests.runs.tenant import Company, people

pytestmark = pytest.mark.asyncio


async def test_a_user_renamed_by_a_soft_delete_is_told_as_such_and_nobody_comes_twice(
    company: Company,
) -> None:
    company.employs(people(range(1, 2)))
    await company.create(
        "deleted-4711@fabrikam.example",
        externalId="00000000-0000-4000-8000-000000000001",
        active=False,
    )

    plan = await company.preview()

    (action,) = [one for one in plan.actions if one.source_id.endswith("0001")]
    assert action.kind == "problem"
    assert [reason.code for reason in action.reasons] == ["soft-deleted"]
    assert "deleted-4711@fabrikam.example" in action.reasons[0].text
    assert plan.to_write == ()


async def test_a_name_that_is_held_after_a_delete_is_explained(company: Company) -> None:
    company.without_bulk()
    company.employs(people(range(1, 2)))
    company.answers("/Users", 409, method="POST")

    result = await company.sync()

    (outcome,) = result.outcomes
    assert outcome.code == "conflict"
    assert "7 days after Directory Connector" in outcome.message
    assert "30 days after Entra" in outcome.message
