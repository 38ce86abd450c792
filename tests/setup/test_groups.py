"""Groups in a saved setup."""

from pathlib import Path

import pytest

from sparkwizard.errors import ProfileError
from sparkwizard.provisioning.groups.mapping import DEFAULT_GROUP_MAPPING
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import GroupSettings, Profile
from sparkwizard.setup.store import effective_group_mapping, load_profile, save_profile
from sparkwizard.values import replace

WITH_GROUPS = """\
version = 1
name = "Contoso"
# groups go to Webex too
[groups]
provision = true
[[group_mapping]]
target = "displayName"
expression = 'Append("Entra ", [displayName])'
matching_precedence = 1
"""
RULE = MappingRule("displayName", 'Append("Entra ", [displayName])', 1)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places.in_folder(tmp_path / "data")
    places.create()
    return places


def loaded(places: Places, text: str) -> Profile:
    (places.profiles_dir / "Contoso.toml").write_text(text, encoding="utf-8")
    return load_profile("Contoso", places).profile


def test_groups_are_left_alone_unless_asked_for() -> None:
    assert Profile("Contoso").groups == GroupSettings(provision=False)


def test_groups_and_their_rules_are_read(places: Places) -> None:
    assert loaded(places, WITH_GROUPS).groups == GroupSettings(True, (RULE,))


def test_groups_are_saved_and_keep_their_comments(places: Places) -> None:
    profile = loaded(places, WITH_GROUPS)
    path = save_profile(replace(profile, groups=GroupSettings(False, (RULE,))), places)
    text = path.read_text(encoding="utf-8")
    assert "provision = false" in text
    assert "# groups go to Webex too" in text
    assert load_profile("Contoso", places).profile.groups == GroupSettings(False, (RULE,))


def test_a_setup_for_people_alone_is_saved_as_before(places: Places) -> None:
    path = save_profile(Profile("Contoso"), places)
    assert "group" not in path.read_text(encoding="utf-8").replace("groups = []", "")


def test_groups_without_rules_use_the_default_ones() -> None:
    assert effective_group_mapping(Profile("Contoso")) == DEFAULT_GROUP_MAPPING
    own = Profile("Contoso", groups=GroupSettings(True, (RULE,)))
    assert effective_group_mapping(own) == (RULE,)


def test_a_plan_rests_on_the_rules_of_groups_only_where_groups_are_provisioned() -> None:
    bare = Profile("Contoso")
    off = replace(bare, groups=GroupSettings(False, (RULE,)))
    on = replace(bare, groups=GroupSettings(True, (RULE,)))
    assert bare.digest == off.digest
    assert on.digest != off.digest
    assert on.digest != replace(bare, groups=GroupSettings(True)).digest


def test_a_slip_of_the_pen_is_told(places: Places) -> None:
    with pytest.raises(ProfileError, match=r"provison.*Did you mean provision"):
        loaded(places, WITH_GROUPS.replace("provision =", "provison ="))
    with pytest.raises(ProfileError, match="true or false"):
        loaded(places, WITH_GROUPS.replace("= true", '= "yes"'))
