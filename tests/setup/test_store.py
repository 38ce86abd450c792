"""Profiles on disk: what may be in them, how they are found, and what saving keeps."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import ProfileError
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
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
    Draft,
    delete_profile,
    discard_draft,
    effective_mapping,
    list_profiles,
    load_draft,
    load_profile,
    profile_path,
    save_draft,
    save_profile,
)
from sparkwizard.values import replace

ORGANIZATION = "0d4b1c2e-5a3f-4f6e-9a77-0c8a5d3b1e42"
DOCUMENTED = f"""\
version = 1
name = "Contoso"
[webex]
tenant_url = "https://webexapis.com/identity/scim/{ORGANIZATION}/v2"   # spoken from here
organization_id = "{ORGANIZATION}"
# api_url = "https://webexapis.com/v1"      another cloud
[source]
kind = "csv"                    # or "entra"
path = "people.csv"             # relative to the profile
[scope]
people = "all"                  # or "assigned"
groups = []
[[scope.filters]]
name = "Sales"
[[scope.filters.clauses]]
attribute = "department"
operator = "EQUALS"
values = ["Sales"]
[[mapping]]
target = "userName"             # the sign-in name
expression = "[userPrincipalName]"
matching_precedence = 1         # absent = not used for matching
apply = "always"                # or "create"
# default = "none"
[[mapping]]
target = "title"                # shown on the card
expression = "[jobTitle]"
[actions]
create = true
update = true
disable = true
delete = false                  # never yet
[safeguards]
max_removals = "10%"            # or a number
[notifications]
email = "it@contoso.example"
on_failure = true
"""
CONTOSO = Profile(
    name="Contoso",
    webex=WebexSettings(f"https://webexapis.com/identity/scim/{ORGANIZATION}/v2", ORGANIZATION),
    source=SourceSettings("csv", "people.csv"),
    scope=ScopeSettings(
        filters=(Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),),
    ),
    mapping=(
        MappingRule("userName", "[userPrincipalName]", 1),
        MappingRule("title", "[jobTitle]"),
    ),
    notifications=Notifications("it@contoso.example"),
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places.in_folder(tmp_path / "data")
    places.create()
    return places


def loaded(places: Places, text: str) -> Profile:
    path = places.profiles_dir / "Contoso.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile("Contoso", places).profile


def refusal(places: Places, text: str) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        loaded(places, text)
    assert caught.value.fix
    return caught.value


# Reading


def test_the_documented_profile_is_read(places: Places) -> None:
    assert loaded(places, DOCUMENTED) == CONTOSO


def test_missing_sections_take_the_documented_defaults(places: Places) -> None:
    profile = loaded(places, 'version = 1\nname = "Contoso"\n')
    assert profile == Profile(name="Contoso")
    assert profile.safeguards.max_removals == RemovalLimit(10, percent=True)
    assert not profile.actions.delete


def test_an_explicit_id_is_kept(places: Places) -> None:
    assert loaded(places, 'version = 1\nname = "C"\nid = "abc"\n').id == "abc"


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ('"25%"', RemovalLimit(25)),
        ('"0 %"', RemovalLimit(0)),
        ("7", RemovalLimit(7, percent=False)),
    ],
)
def test_the_limit_of_removals_is_a_percentage_or_a_number(
    places: Places, written: str, limit: RemovalLimit
) -> None:
    text = f'version = 1\nname = "C"\n[safeguards]\nmax_removals = {written}\n'
    assert loaded(places, text).safeguards.max_removals == limit


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("[safeguards]\nmax_removals = 10.5", "max_removals in [safeguards]"),
        ('[safeguards]\nmax_removals = "101%"', "max_removals in [safeguards]"),
        ('[safeguards]\nmax_removals = "ten"', "max_removals in [safeguards]"),
        ("[safeguards]\nmax_removals = -1", "max_removals in [safeguards]"),
        ("[safeguards]\nmax_removals = true", "max_removals in [safeguards]"),
        ('[actions]\ndelete = "false"', "delete in [actions]"),
        ('[source]\nkind = "ldap"', "kind in [source]"),
        ("[webex]\ntenant_url = 4", "tenant_url in [webex]"),
        ("[scope]\ngroups = [1]", "groups in [scope]"),
        ('[[mapping]]\nexpression = "[mail]"', "target in [mapping number 1]"),
        (
            '[[mapping]]\ntarget = "title"\nmatching_precedence = 0',
            "matching_precedence in [mapping “title”]",
        ),
        ('[mapping]\ntarget = "x"', "mapping must be sections"),
        (
            '[[scope.filters]]\nname = "S"\n[[scope.filters.clauses]]\nattribute = "a"',
            "operator in [scope.filters “S”.clauses “a”]",
        ),
        ("[safeguard]\nmax_removals = 1", "safeguard is not known"),
    ],
)
def test_a_wrong_value_is_told_with_file_and_key(places: Places, section: str, told: str) -> None:
    error = refusal(places, f'version = 1\nname = "C"\n{section}\n')
    assert "Contoso.toml" in error.message
    assert told in error.message


def test_an_unknown_key_names_the_nearest_one(places: Places) -> None:
    error = refusal(places, 'version = 1\nname = "C"\n[actions]\ndisabel = false\n')
    assert error.fix == "Did you mean disable?"


@pytest.mark.parametrize("line", ["", "version = 2\n", 'version = "1"\n', "version = true\n"])
def test_a_profile_of_another_version_is_refused(places: Places, line: str) -> None:
    assert "version" in refusal(places, f'{line}name = "C"\n').message


def test_a_profile_without_name_is_refused(places: Places) -> None:
    assert "name is missing" in refusal(places, "version = 1\n").message


def test_broken_toml_is_told_with_its_line(places: Places) -> None:
    assert "at line 2" in refusal(places, "version = 1\nname = Contoso\n").message


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "9" * 10_000])
def test_absurd_toml_is_refused_like_broken_toml(places: Places, text: str) -> None:
    assert "not valid TOML" in refusal(places, text).message


def test_a_byte_order_mark_is_no_obstacle(places: Places) -> None:
    assert loaded(places, "\ufeff" + DOCUMENTED) == CONTOSO


@pytest.mark.parametrize(
    "line",
    [
        'token = "x"',
        'client_secret = "x"',
        'Password = "x"',
        'api_url = "Bearer abcdefghijklmnopqrstuvwx"',
        'api_url = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3In0.c2lnbmF0dXJl"',
        f'tenant_url = "{"Ab9" * 21}_PF84_{ORGANIZATION}"',
        f'organization_id = "{"Ab9x" * 20}"',
        'api_url = "https://admin:letmein@webexapis.com/v1"',
    ],
)
def test_a_secret_in_a_profile_is_refused_and_not_repeated(places: Places, line: str) -> None:
    error = refusal(places, f'version = 1\nname = "C"\n[webex]\n{line}\n')
    assert "looks like a secret" in error.message
    assert line.split('"')[1] not in str(error) or line.split('"')[1] == "x"


def test_the_base64_form_of_an_organization_is_no_secret(places: Places) -> None:
    encoded = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8wZDRiMWMyZS01YTNmLTRmNmUtOWE3Nw"
    text = f'version = 1\nname = "C"\n[webex]\norganization_id = "{encoded}"\n'
    assert loaded(places, text).webex.organization_id == encoded


def test_a_profile_without_rules_uses_the_default_mapping(places: Places) -> None:
    profile = loaded(places, 'version = 1\nname = "Contoso"\n')
    assert effective_mapping(profile) == DEFAULT_MAPPING


def test_a_profile_with_rules_uses_only_them(places: Places) -> None:
    assert effective_mapping(loaded(places, DOCUMENTED)) == CONTOSO.mapping


# Finding


def test_a_name_that_nobody_saved_suggests_the_nearest(places: Places) -> None:
    save_profile(CONTOSO, places)
    with pytest.raises(ProfileError, match="Did you mean “Contoso”"):
        load_profile("Contosso", places)


def test_a_strange_name_lists_what_is_there(places: Places) -> None:
    save_profile(CONTOSO, places)
    with pytest.raises(ProfileError, match="There are: “Contoso”"):
        load_profile("xyz", places)


def test_a_path_is_read_in_place(places: Places, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "my.toml"
    path.parent.mkdir()
    path.write_text(DOCUMENTED)
    found = load_profile(str(path), places)
    assert (found.profile, found.path, found.base_dir) == (CONTOSO, path, path.parent)


def test_a_file_name_alone_is_a_path_when_it_ends_in_toml(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.toml").write_text(DOCUMENTED)
    monkeypatch.chdir(tmp_path)
    assert load_profile("my.toml", places).path == tmp_path / "my.toml"


def test_a_path_to_nothing_is_told(places: Places, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="There is no profile file"):
        load_profile(str(tmp_path / "gone.toml"), places)


def test_a_renamed_file_is_found_by_the_name_inside(places: Places) -> None:
    (places.profiles_dir / "copy.toml").write_text(DOCUMENTED)
    assert load_profile("Contoso", places).path.name == "copy.toml"


def test_two_files_of_one_name_are_not_guessed_between(places: Places) -> None:
    for name in ("one.toml", "two.toml"):
        (places.profiles_dir / name).write_text(DOCUMENTED)
    with pytest.raises(ProfileError, match=r"one\.toml, two\.toml"):
        load_profile("Contoso", places)


def test_a_damaged_profile_is_listed_with_its_problem(places: Places) -> None:
    save_profile(CONTOSO, places)
    (places.profiles_dir / "broken.toml").write_text("version = ")
    broken, contoso = list_profiles(places)
    assert (broken.name, contoso.name) == ("broken", "Contoso")
    assert broken.problem
    assert contoso.problem is None


def test_no_folder_means_no_profiles(tmp_path: Path) -> None:
    assert list_profiles(Places.in_folder(tmp_path / "none")) == ()


def test_a_deleted_profile_is_gone(places: Places) -> None:
    save_profile(CONTOSO, places)
    delete_profile("Contoso", places)
    assert list_profiles(places) == ()


# Saving


def test_saving_keeps_comments_where_nothing_changed(places: Places) -> None:
    loaded(places, DOCUMENTED)
    path = save_profile(CONTOSO, places)
    assert path.read_text(encoding="utf-8").count("#") == DOCUMENTED.count("#")


def test_saving_keeps_comments_beside_what_changed(places: Places) -> None:
    loaded(places, DOCUMENTED)
    changed = replace(
        CONTOSO,
        actions=Actions(delete=True),
        mapping=(
            MappingRule("title", "[jobTitle]", apply="create"),
            MappingRule("displayName", "[displayName]"),
            CONTOSO.mapping[0],
        ),
    )
    text = save_profile(changed, places).read_text(encoding="utf-8")
    for comment in (
        "# spoken from here",
        "# the sign-in name",
        "# shown on the card",
        "# or a num",
    ):
        assert comment in text
    assert load_profile("Contoso", places).profile == changed


def test_another_profile_is_not_overwritten(places: Places) -> None:
    path = profile_path("Contoso", places)
    path.write_text('version = 1\nname = "Fabrikam"\n')
    with pytest.raises(ProfileError, match="holds another profile: “Fabrikam”"):
        save_profile(CONTOSO, places)
    assert "Fabrikam" in path.read_text(encoding="utf-8")


def test_a_renamed_file_is_saved_where_it_is(places: Places) -> None:
    (places.profiles_dir / "copy.toml").write_text(DOCUMENTED)
    save_profile(replace(CONTOSO, actions=Actions(create=False)), places)
    assert [entry.path.name for entry in list_profiles(places)] == ["copy.toml"]
    assert not load_profile("Contoso", places).profile.actions.create


def test_a_damaged_profile_is_not_overwritten(places: Places) -> None:
    path = profile_path("Contoso", places)
    path.write_text('version = 1\nname = "Contoso"\n[actions\n')
    with pytest.raises(ProfileError, match="unreadable"):
        save_profile(CONTOSO, places)
    assert "[actions\n" in path.read_text(encoding="utf-8")


def test_a_profile_read_in_place_is_saved_in_place(places: Places, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(DOCUMENTED)
    save_profile(replace(CONTOSO, name="Renamed"), places, path)
    assert load_profile(str(path), places).profile.name == "Renamed"
    assert list_profiles(places) == ()


def test_a_secret_in_a_field_is_not_saved(places: Places) -> None:
    pasted = replace(CONTOSO, webex=WebexSettings("Bearer abcdefghijklmnopqrstuvwx"))
    with pytest.raises(ProfileError, match="looks like a secret"):
        save_profile(pasted, places)
    assert list_profiles(places) == ()


@pytest.mark.parametrize("name", ["", " ", " x", "x\n", "a/b", "a\\b", "x.toml", "x" * 101])
def test_a_name_that_could_not_be_found_again_is_refused(places: Places, name: str) -> None:
    with pytest.raises(ProfileError):
        save_profile(replace(CONTOSO, name=name), places)


@pytest.mark.parametrize("name", ["con", "COM1.old", "a:b", "what?", "...", "x.", "Zoë", "李" * 99])
def test_every_name_becomes_a_file_name_for_every_system(places: Places, name: str) -> None:
    save_profile(replace(CONTOSO, name=name), places)
    (entry,) = list_profiles(places)
    stem = entry.path.stem
    assert load_profile(name, places).profile.name == name
    assert not set(stem) & set('<>:"/\\|?*')
    assert stem.split(".")[0].lower() not in ("con", "com1")
    assert stem == stem.strip(" .")
    assert len(entry.path.name.encode()) < 200


def test_names_that_differ_only_in_a_forbidden_character_do_not_collide(places: Places) -> None:
    assert profile_path("a:b", places) != profile_path("a?b", places)


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX")
def test_a_shared_profile_stays_shared_when_saved(places: Places, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(DOCUMENTED)
    path.chmod(0o664)
    save_profile(CONTOSO, places, path)
    assert path.stat().st_mode & 0o777 == 0o664


# Drafts


def test_a_draft_without_name_is_kept(places: Places) -> None:
    draft = Draft(replace(CONTOSO, name=""), step="mapping", editing="Contoso")
    save_draft(draft, places)
    assert load_draft(places) == draft


def test_no_draft_is_no_error(places: Places) -> None:
    assert load_draft(places) is None


def test_a_discarded_draft_is_gone(places: Places) -> None:
    save_draft(Draft(CONTOSO), places)
    discard_draft(places)
    assert load_draft(places) is None


def test_a_draft_is_no_profile(places: Places) -> None:
    save_draft(Draft(CONTOSO), places)
    assert list_profiles(places) == ()


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX")
def test_only_its_owner_may_read_a_draft(places: Places) -> None:
    save_draft(Draft(CONTOSO), places)
    assert places.draft_path.stat().st_mode & 0o777 == 0o600


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
