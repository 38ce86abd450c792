"""A user that somebody else turned on is no longer one that this setup turned off."""

from datetime import timedelta

from sparkwizard.provisioning.types import ActionKind, Actions, RemovalLimit
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people

ONE = Person(1)


async def turned_off_and_on_by_hand(company: Company) -> None:
    company.employs(people(range(1, 20)))
    await company.sync()
    company.employs(people(range(2, 20)), [replace(ONE, enabled=False)])
    await company.sync()
    assert company.links[ONE.object_id].disabled_at == NOW
    later(company, 1)
    await company.patch(ONE.user_name, {"active": True})


def later(company: Company, days: int) -> None:
    company.services.clock = lambda: NOW + timedelta(days=days)


async def test_a_user_suspended_by_hand_is_not_turned_on_for_having_been_off_before(
    company: Company,
) -> None:
    await turned_off_and_on_by_hand(company)
    company.employs(people(range(1, 20)))
    await company.sync()
    assert company.links[ONE.object_id].disabled_at is None
    await company.patch(ONE.user_name, {"active": False})
    await company.sync()
    assert company.users[ONE.user_name]["active"] is False


async def test_an_update_of_a_user_turned_on_by_hand_forgets_when_it_was_turned_off(
    company: Company,
) -> None:
    await turned_off_and_on_by_hand(company)
    company.employs(people(range(1, 20), title="Manager"))
    assert (await company.sync()).by_kind[ActionKind.UPDATE] == 19
    assert company.links[ONE.object_id].disabled_at is None


async def test_a_leaver_turned_on_by_hand_and_held_back_is_not_deleted_by_the_old_date(
    company: Company,
) -> None:
    await turned_off_and_on_by_hand(company)
    nobody = Safeguards(max_removals=RemovalLimit(0, percent=False))
    company.profile = replace(company.profile, safeguards=nobody)
    company.employs(people(range(2, 20)))
    assert (await company.sync()).exit_code == 3
    await company.patch(ONE.user_name, {"active": False})
    later(company, 40)
    company.profile = replace(
        company.profile, safeguards=Safeguards(), actions=Actions(delete=True)
    )
    assert (await company.preview()).counts.delete == 0


async def test_a_leaver_that_stays_off_keeps_the_date_and_is_deleted_when_it_is_due(
    company: Company,
) -> None:
    company.employs(people(range(1, 20)))
    await company.sync()
    company.employs(people(range(2, 20)))
    await company.sync()
    later(company, 1)
    await company.sync()
    assert company.links[ONE.object_id].disabled_at == NOW
    later(company, 31)
    company.profile = replace(company.profile, actions=Actions(delete=True))
    assert (await company.preview()).counts.delete == 1


async def test_an_older_plan_does_not_forget_that_a_newer_run_turned_the_user_off(
    company: Company,
) -> None:
    company.employs(people(range(1, 20)))
    await company.sync()
    old = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=1)
    company.employs(people(range(2, 20)))
    await company.sync()
    off = company.links[ONE.object_id].disabled_at
    await company.apply(old)
    assert company.links[ONE.object_id].disabled_at == off is not None
