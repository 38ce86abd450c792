"""Why a person is or is not provisioned, in words."""

from datetime import UTC, datetime

import pytest

from sparkwizard.errors import Unreachable
from sparkwizard.provisioning.explain import explain_person, explain_without_webex
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.planning.planner import Situation
from sparkwizard.provisioning.types import (
    Clause,
    Filter,
    MappingRule,
    Person,
    Population,
    User,
    UsersRead,
)
from sparkwizard.runs.preview import rules_of
from sparkwizard.setup.profile import Profile, ScopeSettings
from sparkwizard.wizard.plan.explain_words import ExplainedStep, Standing, as_text, explained

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADELE = Person(
    "a1",
    {
        "objectId": "a1",
        "userPrincipalName": "adele@contoso.example",
        "displayName": "Adele",
        "department": "Sales",
    },
    row=2,
)
DIEGO = Person("d1", {"objectId": "d1", "userPrincipalName": "diego@contoso.example"}, row=3)
WEBEX = User("w1", {"userName": "adele@contoso.example", "displayName": "Adele V."})
SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))
PROFILE = Profile(
    "Contoso",
    mapping=(*DEFAULT_MAPPING, MappingRule("title", 'Append(ToUpper([department]), "!")')),
    scope=ScopeSettings(filters=(SALES,)),
)
POPULATION = Population((ADELE, DIEGO))


def steps(person: str) -> tuple[ExplainedStep, ...]:
    situation = Situation(population=POPULATION, users=UsersRead((WEBEX,)), links={}, now=NOW)
    return explained(explain_person(rules_of(PROFILE), situation, person))


def test_the_four_steps_lead_from_the_row_to_the_action() -> None:
    found = steps("adele@contoso.example")
    assert [one.title for one in found] == ["Import", "Scope", "Match", "Action"]
    assert found[0].summary == "Found in row 2."
    assert found[2].summary == "adele@contoso.example, found by User name."
    assert found[3].summary.startswith("3 attributes are updated.")


def test_an_expression_shows_its_intermediate_results_innermost_first() -> None:
    title = next(one for one in steps("adele@contoso.example")[3].lines if "title" in one.name)
    assert title.results == (
        "[department] = Sales",
        "ToUpper([department]) = SALES",
        'Append(ToUpper([department]), "!") = SALES!',
    )


def test_what_changes_shows_old_and_new_and_the_rest_says_that_it_stays() -> None:
    values = {one.name: one.value for one in steps("adele@contoso.example")[3].lines}
    assert values["Display name"] == "Adele V. → Adele"
    assert values["User name"] == "adele@contoso.example, as Webex has it"
    assert values["Given name"] == "no value, so it is left as it is"


def test_somebody_out_of_scope_is_told_which_clause_keeps_them_out() -> None:
    found = steps("diego@contoso.example")
    assert found[1].standing is Standing.DOUBT
    assert found[1].summary.startswith("Not in scope")
    assert found[1].lines[0].standing is Standing.DOUBT
    assert found[2].summary == "Nobody was looked for."


def test_where_webex_cannot_be_read_the_reason_ends_it() -> None:
    found = explain_without_webex(rules_of(PROFILE), POPULATION, "adele@contoso.example")
    told = explained(found, Unreachable("Webex did not answer."))
    assert [one.title for one in told] == ["Import", "Scope", "Match"]
    assert "Webex did not answer." in told[-1].summary
    assert told[-1].standing is Standing.BAD


@pytest.mark.parametrize("person", ["adele@contoso.example", "diego@contoso.example"])
def test_the_copied_text_holds_every_step_and_every_line(person: str) -> None:
    found = steps(person)
    text = as_text("Somebody", found)
    for number, step in enumerate(found, 1):
        assert f"{number}. {step.title}: {step.summary}" in text
        assert all(line.value in text for line in step.lines)
