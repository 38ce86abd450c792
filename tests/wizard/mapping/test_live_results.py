"""The people a rule is tried on while it is written."""

from datetime import UTC, datetime

from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.live_results import (
    SHOWN_PEOPLE,
    choose_people,
    people_named,
    result_for,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOWER = MappingRule("userName", "ToLower([mail])")
AS_IS = MappingRule("userName", "[mail]")


def people(*mails: str | None) -> list[Person]:
    return [
        Person(f"p{at}", {"displayName": f"Person {at}", "mail": mail} if mail else {})
        for at, mail in enumerate(mails)
    ]


def test_people_for_whom_the_result_changes_come_right_after_the_one_that_was_looked_at() -> None:
    crowd = people(*[f"same{at}@contoso.example" for at in range(20)], "Big@Contoso.example")
    found = choose_people(crowd, LOWER, AS_IS, NOW, first=crowd[0])
    assert found[:2] == (crowd[0], crowd[-1])
    assert len(found) == SHOWN_PEOPLE


def test_people_without_a_value_and_with_one_that_webex_refuses_are_among_the_five() -> None:
    crowd = people(*[f"same{at}@contoso.example" for at in range(20)], None, "no address")
    found = choose_people(crowd, AS_IS, AS_IS, NOW)
    assert crowd[-1] in found
    assert crowd[-2] in found


def test_nobody_is_looked_at_once_the_time_is_up() -> None:
    crowd = people("a@b.example", "c@d.example")
    assert choose_people(crowd, LOWER, None, NOW, first=crowd[1], out_of_time=lambda: True) == (
        crowd[1],
    )


def test_people_from_the_whole_population_are_tried() -> None:
    crowd = people(*["a@b.example"] * 5000)
    crowd[4992] = Person("odd", {"displayName": "Odd"})
    assert crowd[4992] in choose_people(crowd, LOWER, None, NOW)


def test_the_result_of_the_saved_rule_is_told_only_where_it_differs() -> None:
    big, small = people("Big@Contoso.example", "small@contoso.example")
    changed = result_for(LOWER, AS_IS, big, NOW)
    assert (changed.shown.text, changed.before and changed.before.text) == (
        "big@contoso.example",
        "Big@Contoso.example",
    )
    assert result_for(LOWER, AS_IS, small, NOW).before is None
    assert result_for(LOWER, None, big, NOW).before is None


def test_people_are_found_by_a_part_of_their_name() -> None:
    crowd = people(*["a@b.example"] * 30)
    assert [one.label for one in people_named(crowd, "PERSON 2")] == [
        "Person 2",
        *(f"Person {at}" for at in range(20, 24)),
    ]
