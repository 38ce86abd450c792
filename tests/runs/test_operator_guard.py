"""The operator guard is reported as on only where it can work."""

from sparkwizard.provisioning.types import UsersRead
from sparkwizard.runs.preview import make_plan, rules_of
from tests.runs.tenant import NOW, Company, people


async def test_the_guard_is_on_where_the_operator_is_among_the_users(company: Company) -> None:
    company.employs(people(range(3)))
    assert (await company.preview()).operator_guarded


async def test_the_guard_is_reported_off_where_the_operator_is_not_in_the_list(
    company: Company,
) -> None:
    company.employs(people(range(3)))
    profile, services = company.profile, company.services
    identity = await services.identify(company.server.token, company.server.api_url)
    population = await services.read_people(profile.source, company.folder)
    async with services.connect(profile, company.server.token) as connection:
        plan = await make_plan(
            profile,
            rules_of(profile),
            population,
            UsersRead(()),
            services.journal,
            scim=connection.scim,
            identity=identity,
            now=NOW,
        )
    assert not plan.operator_guarded
