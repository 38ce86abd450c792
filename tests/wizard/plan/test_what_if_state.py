"""What the wizard says while an edit is worked out, and once it is."""

from datetime import UTC, datetime

import pytest

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Rules, Situation
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.slices import finished
from sparkwizard.provisioning.types import (
    Actions,
    Clause,
    Counts,
    Filter,
    MappingRule,
    Person,
    Population,
    RemovalLimit,
    UsersRead,
)
from sparkwizard.provisioning.what_if import Difference, Effect, WhatIf
from sparkwizard.wizard.plan.what_if_state import (
    Part,
    Phase,
    WhatIfState,
    cause,
    heading,
    parts,
    plan_words,
)

ADA = Person("id-ada", {"userPrincipalName": "ada@x.example", "displayName": "Ada"})
BOB = Person("id-bob", {"userPrincipalName": "bob@x.example", "displayName": "Bob"})
NOTHING = Difference(people=2, in_scope=2, groups={})


def grouped(**numbers: int) -> Difference:
    groups = {Effect[name]: (ADA,) * number for name, number in numbers.items()}
    return Difference(people=9, in_scope=9, groups=groups)


def test_nothing_is_told_before_the_first_edit() -> None:
    assert WhatIfState().phase is Phase.IDLE


def test_an_edit_is_worked_out_and_answered() -> None:
    running = WhatIfState().edited()
    assert running.phase is Phase.RUNNING
    halfway = running.progressed(running.ticket, 0.5)
    ready = halfway.answered(running.ticket, NOTHING)
    assert (halfway.progress, ready.phase, ready.difference) == (0.5, Phase.READY, NOTHING)


def test_progress_never_goes_back() -> None:
    state = WhatIfState().edited()
    assert state.progressed(1, 0.6).progressed(1, 0.4).progress == 0.6


def test_the_old_numbers_stay_while_the_next_edit_is_worked_out_and_are_stale() -> None:
    ready = WhatIfState().edited().answered(1, NOTHING)
    again = ready.edited()
    assert (ready.stale, again.stale, again.difference) == (False, True, NOTHING)


def test_what_comes_for_an_edit_that_was_overtaken_is_ignored() -> None:
    second = WhatIfState().edited().edited()
    assert second.answered(1, NOTHING) is second
    assert second.progressed(1, 0.9) is second
    assert second.failed(1, "Too late.") is second


def test_what_comes_after_it_was_put_away_is_ignored() -> None:
    away = WhatIfState().edited().put_away()
    assert away.answered(1, NOTHING) is away


def test_a_mapping_that_cannot_work_has_no_numbers_but_a_reason() -> None:
    failed = WhatIfState().edited().answered(1, NOTHING).edited().failed(2, "Rule 1 is wrong.")
    assert (failed.phase, failed.difference, failed.trouble) == (
        Phase.FAILED,
        None,
        "Rule 1 is wrong.",
    )


def test_the_numbers_read_as_one_sentence() -> None:
    difference = grouped(WOULD_CHANGE=38, BECOME_INVALID=4, FALL_OUT=12)
    assert ", ".join(part.text for part in parts(difference)) == (
        "38 people would change, 4 become invalid, 12 fall out of scope"
    )


def test_one_person_is_one_person() -> None:
    assert [part.text for part in parts(grouped(FALL_OUT=1))] == ["1 person falls out of scope"]


def test_nobody_affected_has_no_parts() -> None:
    assert parts(NOTHING) == ()


def test_the_list_has_a_heading_of_its_own() -> None:
    part = Part(Effect.BECOME_VALID, 1234, "")
    assert heading(part) == "1,234 people become valid by your edits on this page"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (None, ""),
        (Counts(unchanged=9), "The plan would then change nobody."),
        (
            Counts(create=3, disable=1, delete=1, problem=1),
            "The plan would then create 3, remove 2. 1 problem.",
        ),
    ],
)
def test_the_plan_is_told_only_where_webex_is_known(counts: Counts | None, words: str) -> None:
    assert plan_words(Difference(people=9, in_scope=9, groups={}, after=counts)) == words


def rules(*filters: Filter, name: str = "[displayName]") -> Rules:
    mapping = [
        MappingRule(rule.target, name) if rule.target == "displayName" else rule
        for rule in DEFAULT_MAPPING
    ]
    return Rules(
        mapping=compile_mapping(mapping),
        scope=compile_scope(filters),
        actions=Actions(),
        max_removals=RemovalLimit(),
    )


def compared(after: Rules) -> Difference:
    seen = Situation(
        population=Population((ADA, BOB)),
        users=UsersRead(()),
        links={},
        now=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return finished(WhatIf(rules(), seen, users_known=False).evaluate(after))


def test_the_list_says_which_value_becomes_another() -> None:
    assert cause(compared(rules(name="ToUpper([displayName], )")), ADA) == "Display name: Ada → ADA"


def test_the_list_says_which_value_goes() -> None:
    assert cause(compared(rules(name="[mail]")), BOB) == "Display name: Bob → nothing"


def test_the_list_says_why_somebody_falls_out_of_scope() -> None:
    only_ada = Filter("Ada", (Clause("displayName", "EQUALS", ("Ada",)),))
    assert '"Bob"' in cause(compared(rules(only_ada)), BOB)
