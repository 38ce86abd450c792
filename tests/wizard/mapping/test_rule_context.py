"""What is said about a rule while it is written, for users and for groups."""

from datetime import UTC, datetime

from sparkwizard.provisioning.groups.mapping import DEFAULT_GROUP_MAPPING
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import Profile
from sparkwizard.wizard.mapping.rule_context import RuleContext, fault_sentence, gravest, lack_of
from sparkwizard.wizard.mapping.rule_text import RuleKind
from sparkwizard.wizard.mapping.subject import GROUPS, USERS


def context(at: int | None = None, subject: object = USERS) -> RuleContext:
    rules = DEFAULT_GROUP_MAPPING if subject is GROUPS else DEFAULT_MAPPING
    chosen = GROUPS if subject is GROUPS else USERS
    return RuleContext(rules, at, ("mail",), None, lambda: datetime.now(UTC), (), chosen)


def test_a_fault_is_told_with_its_place_and_without_what_the_button_says() -> None:
    rule = MappingRule("title", "Jion([jobTitle])")
    finding = gravest(context().findings(rule), "expression")
    assert finding is not None
    sentence = fault_sentence(finding, rule.expression, placed=True)
    assert sentence == 'Unknown function "Jion". It stands at character 1.'


def test_a_fault_without_a_suggestion_says_what_to_do() -> None:
    rule = MappingRule("title", "Left([jobTitle]")
    finding = gravest(context().findings(rule), "expression")
    assert finding is not None
    assert fault_sentence(finding, rule.expression, placed=True) == (
        "A round bracket is never closed. It stands at character 5. Put ) where the arguments end."
    )


def test_only_findings_of_the_rule_itself_are_told() -> None:
    twice = MappingRule("displayName", "[mail]")
    assert [one.part for one in context().findings(twice)] == ["target"]
    assert context(3).findings(twice) == ()


def test_an_error_comes_before_a_warning() -> None:
    rule = MappingRule("members", 'Join("", [memberss])')
    found = gravest(context(1, GROUPS).findings(rule), "expression")
    assert found is not None
    assert found.is_error


def test_what_is_missing_of_a_rule_is_asked_for_in_turn() -> None:
    assert lack_of(MappingRule(""), RuleKind.DIRECT) == "Choose the Webex attribute to fill."
    assert "filled from" in lack_of(MappingRule("title"), RuleKind.DIRECT)
    assert lack_of(MappingRule("title"), RuleKind.EXPRESSION) == "Write an expression."
    assert "new group" in lack_of(MappingRule("externalId"), RuleKind.NONE, "group")
    assert lack_of(MappingRule("title", "[a]"), RuleKind.DIRECT) == ""


def test_groups_have_attributes_of_their_own_and_a_file_gives_them_none() -> None:
    assert GROUPS.source_columns(("mail", "city")) == GROUPS.known
    assert "members" in GROUPS.sources(())
    assert USERS.sources(("Shoe size", "mail"))[:2] == ("Shoe size", "mail")
    assert GROUPS.meanings("members") == "The people in the group"


def test_the_default_mapping_is_not_written_out_for_either() -> None:
    profile = Profile("Contoso")
    for subject in (USERS, GROUPS):
        own = (*subject.default, MappingRule("title", "[a]"))
        changed = subject.with_rules(profile, own)
        assert subject.rules_of(changed) == own
        assert subject.with_rules(changed, subject.default) == profile
