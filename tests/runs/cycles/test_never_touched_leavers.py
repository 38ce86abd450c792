"""Who is never to be touched is known by sign-in name, also after they left the source."""

from sparkwizard.provisioning.types import ActionKind, MappingRule
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.tenant import MAPPING, Company, Person, people

BY_ID = (
    MappingRule("userName", 'Join("", [objectId], "@id.example")', matching_precedence=1),
    *MAPPING[1:],
)
LEAVER = Person(3)


async def leaving(company: Company, never: str) -> ActionKind:
    """Let somebody leave whose Webex name is not the name they sign in with."""
    never_touch = Safeguards(never_touch=(never,))
    company.profile = replace(company.profile, mapping=BY_ID, safeguards=never_touch)
    company.employs(people(range(3)))
    plan = await company.preview()
    return next(one.kind for one in plan.actions if one.source_id == LEAVER.object_id)


async def test_a_leaver_is_known_by_the_name_they_signed_in_with(company: Company) -> None:
    company.profile = replace(company.profile, mapping=BY_ID)
    company.employs(people(range(4)))
    await company.sync()
    assert await leaving(company, LEAVER.user_name) is ActionKind.SKIPPED
    assert await leaving(company, "somebody.else@fabrikam.example") is ActionKind.DISABLE


async def test_a_user_managed_before_sign_in_names_were_kept_learns_it_by_the_next_run(
    company: Company,
) -> None:
    company.profile = replace(company.profile, mapping=BY_ID)
    company.employs(people(range(4)))
    await company.sync()
    with company.services.journal._writing() as db:
        db.execute("UPDATE links SET sign_in = ''")
    await company.sync()
    assert await leaving(company, LEAVER.user_name) is ActionKind.SKIPPED


async def test_a_name_that_is_the_webex_name_too_is_not_kept_twice(company: Company) -> None:
    company.employs(people(range(4)))
    await company.sync()
    assert {link.sign_in for link in company.links.values()} == {""}
