"""However a hand-written setup spells its organization, it is the same one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from sparkwizard.setup.secrets import MemoryStore
from sparkwizard.setup.wire import decode, encode
from sparkwizard.values import replace
from sparkwizard.webex.organization import parse_organization_id

UUID = "9e8d7c6b-abcd-4000-8000-000000000001"
TENANT_URL = f"https://webexapis.com/identity/scim/{UUID}/v2"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    places = Places.in_folder(tmp_path)
    places.create()
    made = Services(
        places=places, secrets=MemoryStore(), environ={}, clock=lambda: datetime.now(UTC)
    )
    yield made
    made.close()


def loaded(services: Services, organization: str | None, tenant_url: str = TENANT_URL) -> Profile:
    path = services.places.profiles_dir / "Contoso.toml"
    named = "" if organization is None else f'organization_id = "{organization}"\n'
    path.write_text(f'version = 1\nname = "Contoso"\n[webex]\ntenant_url = "{tenant_url}"\n{named}')
    return services.load("Contoso").profile


@pytest.mark.parametrize(
    "spelling",
    [
        UUID.upper(),
        f"{{{UUID}}}",
        f" {UUID} ",
        parse_organization_id(UUID).base64,
        f"ciscospark://us/ORGANIZATION/{UUID}",
        "",
        None,
    ],
)
def test_every_spelling_of_the_organization_is_the_same_setup(
    services: Services, spelling: str | None
) -> None:
    usual = loaded(services, UUID)
    other = loaded(services, spelling)
    assert other.webex.organization_id == UUID
    assert (other.id, other.digest) == (usual.id, usual.digest)


def test_an_id_that_is_none_of_webex_stays_as_it_is_written(services: Services) -> None:
    other = loaded(services, "Contoso-7", "https://scim.contoso.example/v2")
    assert other.webex.organization_id == "Contoso-7"


def test_a_setup_opened_by_its_path_is_saved_there(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text(f'version = 1\nname = "Contoso"\n[webex]\ntenant_url = "{TENANT_URL}"\n')
    opened = services.load(str(path))
    changed = replace(opened.profile, source=SourceSettings(path="people.csv"))
    assert services.save_again(changed, str(opened.path), "Contoso") == path
    assert services.load(str(path)).profile.source.path == "people.csv"
    assert services.saved() == ()


def test_a_renamed_setup_keeps_its_people_and_leaves_no_double(services: Services) -> None:
    before = loaded(services, UUID)
    services.save_again(before.renamed("Fabrikam"), "", "Contoso")
    assert [entry.name for entry in services.saved()] == ["Fabrikam"]
    assert services.load("Fabrikam").profile.id == before.id


def test_a_file_that_holds_another_setup_by_now_is_left_alone(services: Services) -> None:
    before = loaded(services, UUID)
    path = services.places.profiles_dir / "Contoso.toml"
    services.save_again(replace(before, name="Fabrikam"), str(path), "")
    assert [entry.name for entry in services.saved()] == ["Contoso", "Fabrikam"]


def test_a_name_taken_apart_is_the_same_name() -> None:
    webex = WebexSettings(TENANT_URL, UUID)
    assert Profile("Mu\u0308nchen", webex).id == Profile("M\u00fcnchen", webex).id


def test_another_tenant_url_for_entra_is_kept_and_counts_only_where_it_is_chosen() -> None:
    usual = Profile("Contoso", WebexSettings(TENANT_URL, UUID))
    # the digest of this setup from before there was the key
    assert usual.digest == "80eb6faea514c0d6b665b6527fa10349e3f0806b3d3d5b859490f0428b7b5607"
    webex = replace(usual.webex, entra_tenant_url="https://api.ciscospark.com/v1/scim/other")
    chosen = replace(usual, webex=webex)
    assert chosen.digest != usual.digest
    assert decode(encode(chosen), Path("Contoso.toml")) == chosen


def test_a_server_without_organizations_has_none(services: Services) -> None:
    assert loaded(services, None, "https://scim.contoso.example/v2").webex.organization_id == ""
