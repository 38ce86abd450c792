"""A support bundle tells of the program and of nobody: no secret, no person unless asked for."""

import json
import logging
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.net.redact import forget_secrets, register_secret
from sparkwizard.practice.server import serve_in_thread
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.logs.log import log_to
from sparkwizard.runs.services import Services
from sparkwizard.runs.support.bundle import BundleSources, make_bundle, save_bundle
from sparkwizard.runs.support.people import PeopleHidden
from sparkwizard.runs.types import Applied
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Notifications, Profile, SourceSettings, WebexSettings
from sparkwizard.setup.secrets import MemoryStore

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRETS = ("YmVhcmVyLW9mLXRoaXMtdGVzdA", "Pr0xy-Passw0rd!", "smtp word of pass")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    forget_secrets()


@pytest.fixture
async def sources(tmp_path: Path) -> BundleSources:
    """Apply a plan for the practice company, and let everything that may leak stand in the log."""
    places = Places.in_folder(tmp_path / "data")
    with serve_in_thread() as server:
        services = Services(
            places=places,
            secrets=MemoryStore(),
            environ={},
            clock=lambda: datetime.now().astimezone(),
        )
        webex = WebexSettings(server.tenant_url, server.organization_id, server.api_url)
        profile = Profile(
            "Contoso",
            webex=webex,
            source=SourceSettings(path=str(server.csv)),
            notifications=Notifications(email="it@contoso.example"),
        )
        population = await services.read_people(profile.source, tmp_path)
        made = await services.preview(profile, tmp_path, server.token)
        events = services.apply(made.plan, profile, server.token, control=RunControl())
        async for event in events:
            if isinstance(event, Applied):
                break
        await events.aclose()
        layers = await services.diagnose(profile, server.token)
        identity = await services.identify(server.token, server.api_url)
        services.close()
        for secret in SECRETS:
            register_secret(secret)
        with log_to(places):
            log = logging.getLogger("sparkwizard.test")
            for person in population.people[:20]:
                log.info("%s: %s", person.user_principal_name, person.attributes)
            log.info("with %s", " and ".join(SECRETS))
            log.info("Proxy http://user:hunter22@proxy.example:8080 and %s", Path.home())
        return BundleSources(
            places=places,
            now=NOW,
            environ={"SPARKWIZARD_TOKEN": server.token, "https_proxy": "http://u:hunter22@p:1"},
            profile=profile,
            population=population,
            identity=identity,
            layers=layers,
            secrets=(server.token,),
        )


def people_of(sources: BundleSources) -> set[str]:
    """Return every name and address that stands in the company's file."""
    assert sources.population is not None
    names = ("userPrincipalName", "displayName", "givenName", "surname", "mail")
    found = {str(p.attributes.get(name) or "") for p in sources.population.people for name in names}
    # a name that is also a word of the bundle itself is looked for as a whole word below
    return {name for name in found if len(name) > 2}


def written(sources: BundleSources, path: Path, *, with_people: bool = False) -> dict[str, str]:
    save_bundle(make_bundle(sources, with_people=with_people), path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def test_no_secret_and_nobody_is_in_the_zip(sources: BundleSources, tmp_path: Path) -> None:
    files = written(sources, tmp_path / "bundle.zip")
    whole = "\n".join(files.values()).casefold()
    for secret in (*SECRETS, *sources.secrets, "hunter22"):
        assert secret.casefold() not in whole
    words = set(_words(whole))
    for name in people_of(sources):
        if "@" in name:
            assert name.casefold() not in whole
        elif " " not in name.strip():
            assert not set(_words(name.casefold())) & words, name
    for name in people_of(sources):
        if " " in name and len(_words(name)) > 1:
            assert name.casefold() not in whole
    assert str(Path.home()) not in whole


async def test_what_is_in_it_is_listed_in_it(sources: BundleSources, tmp_path: Path) -> None:
    files = written(sources, tmp_path / "bundle.zip")
    assert list(files) == [
        *("about.txt", "versions.json", "system.txt", "setup.toml", "diagnosis.json"),
        *("journal.json", "log.txt"),
    ]
    assert all(name in files["about.txt"] for name in list(files)[1:])
    assert "tenant_url" in files["setup.toml"]
    summary = json.loads(files["journal.json"])
    assert summary["runs"] == 1
    assert summary["newest"][0]["applied"] > 0
    assert "httpx" in json.loads(files["versions.json"])
    assert "SPARKWIZARD_TOKEN, HTTPS_PROXY" in files["system.txt"]


async def test_people_are_in_it_where_they_are_asked_for_and_secrets_never(
    sources: BundleSources, tmp_path: Path
) -> None:
    files = written(sources, tmp_path / "bundle.zip", with_people=True)
    whole = "\n".join(files.values())
    assert "it@contoso.example" in whole
    assert "as was asked for" in files["about.txt"]
    for secret in (*SECRETS, *sources.secrets, "hunter22"):
        assert secret not in whole


async def test_the_file_is_its_owners_only(sources: BundleSources, tmp_path: Path) -> None:
    written(sources, tmp_path / "bundle.zip")
    if sys.platform != "win32":
        assert (tmp_path / "bundle.zip").stat().st_mode & 0o777 == 0o600


def test_a_broken_journal_does_not_keep_the_bundle_from_being_made(tmp_path: Path) -> None:
    places = Places.in_folder(tmp_path)
    places.create()
    places.journal_path.write_bytes(b"no database at all" * 100)
    entries = make_bundle(BundleSources(places=places, now=NOW, environ={}))
    assert [entry.name for entry in entries] == [
        *("about.txt", "versions.json", "system.txt", "log.txt")
    ]


def test_a_bundle_writes_nothing_to_the_data_folder(tmp_path: Path) -> None:
    make_bundle(BundleSources(places=Places.in_folder(tmp_path / "new"), now=NOW, environ={}))
    assert not (tmp_path / "new").exists()


def test_the_same_address_has_the_same_number_everywhere() -> None:
    hidden = PeopleHidden(())
    assert hidden.hide("a@x.example, B@x.example, A@X.example") == (
        "[address 1], [address 2], [address 1]"
    )
    assert hidden.hide("b%40x.example") == "[address 2]"
    assert hidden.addresses == 2


def test_names_are_hidden_in_every_order_case_and_spelling_of_the_marks_between() -> None:
    hidden = PeopleHidden(["Adele Vance", "Bo Li", "zoë.o'brien@contoso.example"])
    said = hidden.hide("VANCE, Adele; adele_vance; Bo  Li; Bo alone; Zoë O’Brien; Advance")  # noqa: RUF001  a mark people type
    assert "vance," not in said.casefold()
    assert "adele" not in said.casefold()
    assert "Bo alone" in said
    assert "Advance" in said
    assert "zoë" not in said.casefold()
    assert "brien" not in said.casefold()


@given(
    st.lists(st.text("abcdeXYZäß .-'", min_size=3, max_size=20), max_size=8), st.text(max_size=80)
)
def test_no_known_name_is_left_whatever_stands_around_it(names: list[str], text: str) -> None:
    hidden = PeopleHidden(names)
    said = hidden.hide(f"{text} {' / '.join(names)} {text}")
    kept = set(_words(said.casefold()))
    for name in names:
        long = {word for word in _words(name.casefold()) if len(word) >= 3}
        assert not long & kept - {"name", "address"}


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text).split()
