"""No schedule is installed for a token that can't carry it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sparkwizard.errors import InputError, NotAuthorized, ProfileError
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.runs.schedule.token_check import check_token
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, WebexSettings
from sparkwizard.setup.secrets import MemoryStore
from sparkwizard.values import replace


@pytest.fixture(scope="module")
def webex() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def profile(webex: PracticeServer) -> Profile:
    where = WebexSettings(webex.tenant_url, webex.organization_id, webex.api_url)
    return Profile("Contoso", webex=where)


def services(folder: Path, environ: Mapping[str, str]) -> Services:
    return Services(
        places=Places.in_folder(folder),
        secrets=MemoryStore(),
        environ=environ,
        clock=lambda: datetime.now(UTC),
    )


async def test_a_saved_token_of_a_year_is_fine_and_its_end_is_told(
    webex: PracticeServer, profile: Profile, tmp_path: Path
) -> None:
    here = services(tmp_path, {})
    here.keep_token(profile, webex.token)
    checked = await check_token(here, profile)
    assert checked.expires is not None
    assert checked.expires - datetime.now(UTC) > timedelta(days=300)
    assert len(checked.notes) == 1
    assert checked.notes[0].startswith("The token ends on 20")


async def test_a_token_of_twelve_hours_is_refused_with_the_reason_and_a_way_out(
    webex: PracticeServer, profile: Profile, tmp_path: Path
) -> None:
    here = services(tmp_path, {})
    here.keep_token(profile, webex.tokens["personal"])
    with pytest.raises(InputError, match="12 hours") as caught:
        await check_token(here, profile)
    assert caught.value.code == "token-short-lived"
    assert "administrator link" in caught.value.fix


async def test_a_token_of_this_session_only_is_told(
    webex: PracticeServer, profile: Profile, tmp_path: Path
) -> None:
    here = services(tmp_path, {"SPARKWIZARD_TOKEN": webex.token})
    checked = await check_token(here, profile)
    assert "does not see SPARKWIZARD_TOKEN" in checked.notes[0]


async def test_the_token_that_the_job_will_find_is_the_one_looked_at(
    webex: PracticeServer, profile: Profile, tmp_path: Path
) -> None:
    here = services(tmp_path, {"SPARKWIZARD_TOKEN": webex.token})
    here.keep_token(profile, webex.tokens["personal"])
    with pytest.raises(InputError, match="12 hours"):
        await check_token(here, profile)


async def test_without_a_token_there_is_no_schedule(profile: Profile, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Webex token"):
        await check_token(services(tmp_path, {}), profile)


async def test_a_wrong_token_is_refused(profile: Profile, tmp_path: Path) -> None:
    here = services(tmp_path, {"SPARKWIZARD_TOKEN": "wrong-token-0123456789"})
    with pytest.raises(NotAuthorized):
        await check_token(here, profile)


async def test_a_token_of_another_organization_is_refused(
    webex: PracticeServer, profile: Profile, tmp_path: Path
) -> None:
    other = replace(profile.webex, organization_id="0b0a1f4e-0000-4000-8000-000000000001")
    here = services(tmp_path, {"SPARKWIZARD_TOKEN": webex.token})
    with pytest.raises(ProfileError, match="another Webex organization"):
        await check_token(here, replace(profile, webex=other))


async def test_where_nobody_can_be_asked_that_is_told(
    webex: PracticeServer, profile: Profile, tmp_path: Path
) -> None:
    here = services(tmp_path, {})
    alone = replace(profile, webex=replace(profile.webex, api_url=""))
    here.keep_token(alone, webex.token)
    checked = await check_token(here, alone)
    assert checked.expires is None
    assert "Nobody tells here how long" in checked.notes[0]
