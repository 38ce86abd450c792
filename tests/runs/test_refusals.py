"""What may not be written: foreign plans, doubtful removals, the operator's own access."""

import pytest

from sparkwizard.errors import PlanError, ProfileError, SafeguardStop, ScopeError, SparkWizardError
from sparkwizard.provisioning.plan import Plan, read_plan, write_plan
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import ScopeSettings, SourceSettings
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people

OPERATOR = Person(90, name="avery.stone@fabrikam.example")


async def refused(company: Company, plan: Plan, **options: object) -> SparkWizardError:
    company.look()
    with pytest.raises(SparkWizardError) as told:
        await company.apply(plan, **options)  # type: ignore[arg-type]  # the tests pass any option
    assert company.writes == []
    assert company.services.runs() == []
    assert told.value.fix
    return told.value


async def hired(company: Company) -> Plan:
    company.employs(people(range(4)))
    return await company.preview()


async def test_a_plan_of_a_changed_setup_is_refused(company: Company) -> None:
    plan = await hired(company)
    company.profile = replace(company.profile, mapping=company.profile.mapping[:-1])
    error = await refused(company, plan)
    assert (error.code, error.exit_code) == ("plan-setup-changed", 3)


async def test_assigned_people_are_not_guessed_from_a_file(company: Company) -> None:
    company.employs(people(range(2)))
    company.profile = replace(company.profile, scope=ScopeSettings(people="assigned"))
    with pytest.raises(ScopeError, match="does not tell who is assigned"):
        await company.preview()
    with pytest.raises(ScopeError, match="does not tell who is assigned"):
        await company.services.explain(company.profile, company.folder, "person000", "token")


async def test_a_plan_of_another_setup_is_refused(company: Company) -> None:
    plan = await hired(company)
    company.profile = replace(company.profile, name="Fabrikam")
    assert (await refused(company, plan)).code == "plan-setup-changed"


async def test_a_plan_of_another_organization_is_refused(company: Company) -> None:
    plan = await hired(company)
    webex = replace(company.profile.webex, organization_id="00000000-0000-4000-8000-00000000000f")
    company.profile = replace(company.profile, webex=webex)
    error = await refused(company, plan)
    assert (error.code, error.exit_code) == ("plan-organization", 3)


async def test_an_edited_plan_is_refused(company: Company) -> None:
    plan = await hired(company)
    edited = write_plan(plan).replace(b"Person 2", b"Person 9")
    with pytest.raises(SparkWizardError) as told:
        read_plan(edited)
    assert told.value.code == "plan-changed"


async def test_a_plan_sealed_elsewhere_is_refused_unless_its_hash_vouches_for_it(
    company: Company,
) -> None:
    plan = replace(await hired(company), people_read=99).sealed()
    assert (await refused(company, plan)).code == "plan-unknown"
    assert (await refused(company, plan, plan_hash="0" * 64)).code == "plan-hash"
    assert (await company.apply(plan, plan_hash=plan.digest.upper())).applied == 4


async def test_a_token_of_another_organization_is_refused(company: Company) -> None:
    plan = await hired(company)
    error = await refused(company, plan, token=company.server.tokens["other_organization"])
    assert isinstance(error, ProfileError)
    assert error.code == "token-organization"


async def test_a_plan_without_its_journal_is_refused(company: Company) -> None:
    plan = await hired(company)
    company.services.close()
    company.services.places.journal_path.unlink()
    assert (await refused(company, plan)).code == "plan-unknown"
    assert not isinstance(PlanError, SafeguardStop)


# -- removals -------------------------------------------------------------------------------------


async def managed(company: Company, *more: Person) -> None:
    company.employs(people(range(30)), list(more))
    await company.sync()


@pytest.mark.parametrize("offset", [1, 1000])
async def test_users_that_are_counted_but_not_listed_forbid_every_removal(
    company: Company, offset: int
) -> None:
    await managed(company)
    company.employs(people(range(26)), [Person(26, enabled=False)])
    company.server.faults.total_results_offset = offset
    plan = await company.preview()
    assert not plan.users_complete
    assert (plan.counts.disable, plan.counts.delete) == (0, 0)
    assert plan.stops
    await company.apply(plan)
    assert all(company.users[p.user_name]["active"] for p in people(range(30)))


async def test_a_list_that_repeats_its_first_page_forbids_every_removal(company: Company) -> None:
    company.without_bulk()  # nor any word on how large a page may be
    company.employs(people(range(120)))
    await company.sync()
    company.server.faults.paging_ignored = True
    company.employs(people(range(115)))
    plan = await company.preview()
    assert (plan.users_complete, plan.counts.disable) == (False, 0)


async def test_a_file_with_a_row_cut_off_forbids_every_removal(company: Company) -> None:
    await managed(company)
    company.employs(people(range(28)))
    path = company.folder / "people.csv"
    path.write_text(path.read_text("utf-8") + "person099@fabr\n", encoding="utf-8")
    plan = await company.preview()
    assert (plan.source_complete, plan.counts.disable) == (False, 0)


async def test_a_new_source_removes_nobody_until_it_is_confirmed(company: Company) -> None:
    await managed(company)
    company.employs(people(range(28)))
    (company.folder / "people.csv").rename(company.folder / "other.csv")
    company.profile = replace(company.profile, source=SourceSettings(path="other.csv"))
    plan = await company.preview()
    assert plan.counts.disable == 0
    assert plan.stops[0].reason.code == "source-changed"
    await company.apply(plan)
    assert (await company.preview()).counts.disable == 0, "applying is no confirmation"
    confirmed = await company.preview(confirmed=True)
    assert confirmed.counts.disable == 2
    assert (await company.apply(confirmed)).applied == 2


async def test_a_source_that_was_confirmed_is_known_from_then_on(company: Company) -> None:
    await managed(company)
    (company.folder / "people.csv").rename(company.folder / "other.csv")
    company.profile = replace(company.profile, source=SourceSettings(path="other.csv"))
    await company.apply(await company.preview(confirmed=True))
    company.employs(people(range(28)))
    (company.folder / "people.csv").rename(company.folder / "other.csv")
    assert (await company.preview()).counts.disable == 2


async def test_a_preview_of_a_new_source_that_nobody_applied_confirms_nothing(
    company: Company,
) -> None:
    await managed(company)
    company.employs(people(range(28)))
    (company.folder / "people.csv").rename(company.folder / "other.csv")
    company.profile = replace(company.profile, source=SourceSettings(path="other.csv"))
    await company.preview(confirmed=True)
    assert (await company.preview()).counts.disable == 0


async def test_without_a_journal_nobody_is_removed(company: Company) -> None:
    await managed(company)
    company.services.close()
    company.services.places.journal_path.unlink()
    company.employs(people(range(20)))
    plan = await company.preview()
    assert (plan.counts.disable, plan.counts.delete) == (0, 0)


async def test_too_many_leavers_are_held_back_and_stay_so_however_often_the_plan_is_applied(
    company: Company,
) -> None:
    await managed(company)
    company.employs(people(range(10)), people(range(40, 42)))
    plan = await company.preview()
    for _ in range(2):
        result = await company.apply(plan)
        assert (result.applied, result.not_attempted, result.exit_code) == (2, 20, 3)
    assert all(company.users[p.user_name]["active"] for p in people(range(30)))


# -- the operator ---------------------------------------------------------------------------------


def of(plan: Plan, person: Person) -> Action:
    return next(a for a in plan.actions if a.user_name == person.user_name)


async def test_the_operator_is_not_disabled_by_leaving_the_file(company: Company) -> None:
    await managed(company, OPERATOR)
    company.employs(people(range(30)))
    plan = await company.preview()
    assert of(plan, OPERATOR).kind is ActionKind.PROBLEM
    await company.apply(plan)
    assert company.users[OPERATOR.user_name]["active"] is True


async def test_the_operator_is_not_disabled_by_the_file(company: Company) -> None:
    await managed(company, OPERATOR)
    company.employs(people(range(30)), [replace(OPERATOR, enabled=False)])
    plan = await company.preview()
    assert of(plan, OPERATOR).kind is ActionKind.PROBLEM


async def test_a_plan_that_takes_the_access_of_who_applies_it_is_refused(company: Company) -> None:
    await managed(company, OPERATOR)
    company.employs(people(range(30)))
    # a service app has nobody behind it, so that this preview can't know who will apply
    plan = await company.preview(token=company.server.tokens["service_app"])
    assert of(plan, OPERATOR).kind is ActionKind.DISABLE
    assert not plan.operator_guarded
    with pytest.raises(SafeguardStop) as told:
        await company.apply(plan)
    assert told.value.code == "operator"
    assert company.users[OPERATOR.user_name]["active"] is True


# -- links ----------------------------------------------------------------------------------------


async def test_a_disabled_user_is_enabled_again_though_the_file_got_object_ids_meanwhile(
    company: Company,
) -> None:
    def without_ids() -> None:
        path = company.folder / "people.csv"
        rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
        path.write_text("".join(",".join(r[:4] + r[5:]) + "\n" for r in rows), encoding="utf-8")

    rules = tuple(r for r in company.profile.mapping if r.target != "externalId")
    company.profile = replace(company.profile, mapping=rules)
    company.employs(people(range(4)))
    without_ids()
    await company.sync()
    company.employs(people(range(3)), [Person(3, enabled=False)])
    without_ids()
    assert (await company.sync()).by_kind == {ActionKind.DISABLE: 1}
    company.employs(people(range(3)), [Person(3, enabled=False)])
    await company.sync()
    company.employs(people(range(4)))
    assert (await company.sync()).by_kind == {ActionKind.UPDATE: 1}
    assert company.users[Person(3).user_name]["active"] is True


async def test_two_journals_of_one_folder_see_the_same(company: Company) -> None:
    plan = await hired(company)
    with Journal(company.services.places.journal_path, lambda: NOW) as other:
        assert other.knows_plan(plan.digest)
