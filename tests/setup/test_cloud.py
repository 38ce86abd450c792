"""The Entra job in a saved setup."""

from pathlib import Path

import pytest

from sparkwizard.errors import ProfileError
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import CloudSettings, Profile
from sparkwizard.setup.store import load_profile, save_profile
from sparkwizard.values import replace

CLOUD = CloudSettings(
    application="existing",
    name="Webex for everybody",
    application_id="11111111-1111-4111-8111-111111111111",
    job_id="scim.22222222",
    assign=("33333333-3333-4333-8333-333333333333",),
    delete_threshold=25,
    renew_by="2027-11-28",
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places.in_folder(tmp_path / "data")
    places.create()
    return places


def test_the_entra_job_of_a_setup_is_saved_and_read_again(places: Places) -> None:
    save_profile(Profile("Contoso", cloud=CLOUD), places)
    assert load_profile("Contoso", places).profile.cloud == CLOUD


def test_a_setup_without_an_entra_job_is_saved_as_before(places: Places) -> None:
    path = save_profile(Profile("Contoso"), places)
    assert "cloud" not in path.read_text(encoding="utf-8")
    assert load_profile("Contoso", places).profile.cloud == CloudSettings()


def test_the_guard_against_accidental_deletions_can_be_switched_off(places: Places) -> None:
    off = CloudSettings(delete_threshold=0)
    save_profile(Profile("Contoso", cloud=off), places)
    assert load_profile("Contoso", places).profile.cloud == off


def test_plans_made_here_do_not_depend_on_the_entra_job() -> None:
    profile = Profile("Contoso")
    assert replace(profile, cloud=CLOUD).digest == profile.digest


@pytest.mark.parametrize("line", ['renew_by = "soon"', 'application = "other"', "x = 1"])
def test_a_slip_in_the_section_is_told_with_its_place(places: Places, line: str) -> None:
    text = f'version = 1\nname = "Contoso"\n[cloud]\n{line}\n'
    (places.profiles_dir / "Contoso.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"in \[cloud\]"):
        load_profile("Contoso", places)
