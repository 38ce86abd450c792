"""Profiles on disk: what may be in them, how they are found, and what saving keeps."""

import os
from pathlib import Path

import pytest

from sparkwizard.errors import ProfileError
from sparkwizard.provisioning.types import Actions, MappingRule
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import (
    WebexSettings,
)
from sparkwizard.setup.store import (
    delete_profile,
    list_profiles,
    load_profile,
    profile_path,
    save_profile,
)
from sparkwizard.values import replace
from tests.setup.contoso import CONTOSO, DOCUMENTED, loaded

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
