"""A plan that is too old is not carried out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sparkwizard.errors import SafeguardStop
from sparkwizard.setup.profile import Safeguards
from tests.runs.tenant import NOW, Company, people


async def test_a_plan_older_than_a_day_is_not_applied(company: Company) -> None:
    company.employs(people(range(3)))
    plan = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=24, seconds=1)
    company.look()
    with pytest.raises(SafeguardStop) as told:
        await company.apply(plan)
    assert (told.value.code, told.value.exit_code) == ("plan-too-old", 3)
    assert company.writes == []
    assert company.services.runs() == []


async def test_a_plan_of_yesterday_is_still_good(company: Company) -> None:
    company.employs(people(range(3)))
    plan = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=24)
    assert (await company.apply(plan)).applied == 3


async def test_a_setup_may_choose_how_old_a_plan_may_be(company: Company) -> None:
    company.profile = replace(company.profile, safeguards=Safeguards(max_plan_age_hours=1))
    company.employs(people(range(3)))
    plan = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=2)
    with pytest.raises(SafeguardStop, match="2 hours old, and the limit of this setup is 1"):
        await company.apply(plan)
