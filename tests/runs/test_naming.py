"""However a hand-written setup spells its organization, it is the same one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import MemoryStore
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


def test_a_server_without_organizations_has_none(services: Services) -> None:
    assert loaded(services, None, "https://scim.contoso.example/v2").webex.organization_id == ""
