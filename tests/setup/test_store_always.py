"""Whatever a setup holds: it is saved and loaded as it was, or told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import ProfileError
from sparkwizard.provisioning.types import Actions, Clause, Filter, MappingRule, RemovalLimit
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import (
    GroupSettings,
    Notifications,
    Profile,
    Safeguards,
    ScopeSettings,
    SourceSettings,
    WebexSettings,
)
from sparkwizard.setup.store import (
    load_profile,
    save_profile,
)
from tests.setup.contoso import DOCUMENTED

# What always holds

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text(
    st.characters(categories=["L", "N", "P"], exclude_characters="/\\"), min_size=1, max_size=20
).filter(lambda name: not name.lower().endswith(".toml"))
RULES = st.builds(
    MappingRule,
    target=st.sampled_from(["userName", "displayName", "title"]) | TEXT.filter(bool),
    expression=TEXT,
    matching_precedence=st.none() | st.integers(1, 5),
    apply=st.sampled_from(["always", "create"]),
    default=st.none() | TEXT,
)
CLAUSES = st.builds(
    Clause,
    attribute=TEXT.filter(bool),
    operator=TEXT.filter(bool),
    values=st.lists(TEXT, max_size=2).map(tuple),
)
FILTERS = st.builds(Filter, name=TEXT, clauses=st.lists(CLAUSES, max_size=2).map(tuple))
PROFILES = st.builds(
    Profile,
    name=NAMES,
    webex=st.builds(WebexSettings, TEXT, TEXT, TEXT),
    source=st.builds(SourceSettings, st.sampled_from(["csv", "entra"]), TEXT, TEXT, TEXT, TEXT),
    scope=st.builds(
        ScopeSettings,
        st.sampled_from(["all", "assigned"]),
        st.lists(TEXT, max_size=2).map(tuple),
        st.lists(FILTERS, max_size=2).map(tuple),
    ),
    mapping=st.lists(RULES, max_size=3).map(tuple),
    actions=st.builds(Actions, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    safeguards=st.builds(
        Safeguards,
        st.builds(RemovalLimit, st.integers(0, 100), st.just(value=True))
        | st.builds(RemovalLimit, st.integers(0, 10**6), st.just(value=False)),
    ),
    notifications=st.builds(Notifications, TEXT, st.booleans()),
    groups=st.builds(GroupSettings, st.booleans(), st.lists(RULES, max_size=2).map(tuple)),
    explicit_id=TEXT,
)


@given(profile=PROFILES)
def test_a_saved_profile_loads_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, profile: Profile
) -> None:
    places = Places.in_folder(tmp_path_factory.mktemp("profiles"))
    save_profile(profile, places)
    assert load_profile(profile.name, places).profile == profile


@given(profile=PROFILES)
def test_saving_over_an_edited_file_loses_neither_values_nor_comments(
    tmp_path_factory: pytest.TempPathFactory, profile: Profile
) -> None:
    path = tmp_path_factory.mktemp("profiles") / "my.toml"
    path.write_text(f"# the head of the file\n{DOCUMENTED}")
    save_profile(profile, Places.in_folder(path.parent), path)
    assert load_profile(str(path), Places.in_folder(path.parent)).profile == profile
    for comment in ("# the head of the file", "# spoken from here", "# or a number"):
        assert comment in path.read_text(encoding="utf-8")


@given(st.binary(max_size=200) | TEXT.map(str.encode))
def test_whatever_stands_in_a_file_it_loads_or_is_told(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("profiles") / "my.toml"
    path.write_bytes(b'version = 1\nname = "C"\n' + content)
    try:
        told = load_profile(str(path), Places.in_folder(path.parent)).profile.name
    except ProfileError as error:
        told = error.fix
    assert told
