"""Safeguards in a saved setup."""

from pathlib import Path

import pytest

from sparkwizard.errors import ProfileError
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, Safeguards
from sparkwizard.setup.store import load_profile, save_profile
from sparkwizard.values import replace

SETUP = 'version = 1\nname = "Contoso"\n[safeguards]\n'


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places.in_folder(tmp_path / "data")
    places.create()
    return places


def loaded(places: Places, text: str) -> Safeguards:
    (places.profiles_dir / "Contoso.toml").write_text(SETUP + text, encoding="utf-8")
    return load_profile("Contoso", places).profile.safeguards


def test_a_setup_from_before_keeps_its_digest_so_that_its_plans_stay_good() -> None:
    digest = "20244e0f47ecc12594f9dfe2119a1bced98f4478e87156583ec1f9ab4ec78d85"
    assert Profile("Contoso").digest == digest


def test_a_plan_rests_on_who_is_never_touched_and_on_its_age_limit() -> None:
    bare = Profile("Contoso")
    touched = replace(bare, safeguards=Safeguards(never_touch=("ceo@contoso.example",)))
    short = replace(bare, safeguards=Safeguards(max_plan_age_hours=1))
    assert len({bare.digest, touched.digest, short.digest}) == 3


def test_nobody_is_named_and_a_plan_lives_a_day_where_nothing_is_said(places: Places) -> None:
    safeguards = loaded(places, "")
    assert (safeguards.never_touch, safeguards.max_plan_age_hours) == ((), 24)


def test_people_never_touched_and_the_age_limit_are_read_and_saved(places: Places) -> None:
    text = 'never_touch = [" ceo@contoso.example", "*@board.example"]\nmax_plan_age_hours = 2\n'
    safeguards = loaded(places, text)
    assert safeguards.never_touch == ("ceo@contoso.example", "*@board.example")
    assert safeguards.max_plan_age_hours == 2
    save_profile(Profile("Contoso", safeguards=safeguards), places)
    assert load_profile("Contoso", places).profile.safeguards == safeguards


def test_what_was_not_chosen_is_not_written(places: Places) -> None:
    text = save_profile(Profile("Contoso"), places).read_text(encoding="utf-8")
    assert "never_touch" not in text
    assert "max_plan_age_hours" not in text


@pytest.mark.parametrize(
    "written",
    [
        'never_touch = "ceo@contoso.example"',
        "never_touch = [1]",
        'never_touch = [""]',
        'never_touch = ["*"]',
        'never_touch = ["c*o@contoso.example"]',
        'never_touch = ["*ceo*"]',
        "max_plan_age_hours = 0",
        'max_plan_age_hours = "24"',
        "max_plan_age_hours = 1.5",
    ],
)
def test_a_safeguard_that_would_not_mean_what_it_says_is_refused(
    places: Places, written: str
) -> None:
    with pytest.raises(ProfileError, match=written.split(" ", maxsplit=1)[0]):
        loaded(places, written + "\n")
