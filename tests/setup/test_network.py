"""The proxy setting: one file for a data folder, its password in the keyring alone."""

import sys
from pathlib import Path

import pytest

from sparkwizard.errors import InputError, StorageError
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode
from sparkwizard.setup.network import (
    load_proxy,
    network_path,
    proxy_account,
    proxy_with_password,
    save_proxy,
)
from sparkwizard.setup.places import Places
from sparkwizard.setup.secrets import MemoryStore, SecretName

CHOICE = ProxyChoice(
    ProxyMode.EXPLICIT, "proxy.contoso.example", 3128, ("contoso.example",), "sparkwizard", "s3cr3t"
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.in_folder(tmp_path)


def test_what_is_saved_comes_back_with_its_password_from_the_keyring(places: Places) -> None:
    secrets = MemoryStore()
    save_proxy(CHOICE, places, secrets)
    assert load_proxy(places).password == ""
    assert proxy_with_password(load_proxy(places), secrets) == CHOICE


def test_the_file_holds_no_password_and_is_its_owners_only(places: Places) -> None:
    save_proxy(CHOICE, places, MemoryStore())
    assert "s3cr3t" not in network_path(places).read_text("utf-8")
    if sys.platform != "win32":
        assert network_path(places).stat().st_mode & 0o777 == 0o600


def test_a_password_goes_to_the_proxy_it_was_entered_for_only(places: Places) -> None:
    secrets = MemoryStore()
    save_proxy(CHOICE, places, secrets)
    path = network_path(places)
    path.write_text(path.read_text("utf-8").replace("proxy.contoso", "evil.contoso"), "utf-8")
    assert proxy_with_password(load_proxy(places), secrets).password == ""


def test_saving_without_a_password_forgets_the_old_one(places: Places) -> None:
    secrets = MemoryStore()
    save_proxy(CHOICE, places, secrets)
    save_proxy(load_proxy(places), places, secrets)
    assert proxy_with_password(load_proxy(places), secrets).password == ""


def test_without_a_file_the_system_decides(places: Places) -> None:
    assert load_proxy(places) == ProxyChoice()


@pytest.mark.parametrize(
    "text",
    [
        "[proxy", '[proxy]\nmode = "magic"', '[proxy]\nmode = "explicit"', "[proxy]\nport = 1.5",
        '[proxy]\nmode = "explicit"\nhost = "p"\nport = 0', "[proxy]\npassword = 'x'", "x = 1",
        '[proxy]\nexclusions = "contoso"', "proxy = 3",
    ],
)  # fmt: skip
def test_a_damaged_file_is_told_rather_than_passed_over(places: Places, text: str) -> None:
    network_path(places).write_text(text, "utf-8")
    with pytest.raises(StorageError, match="proxy setting"):
        load_proxy(places)


@pytest.mark.parametrize("host", ["", "http://proxy.example", "user@proxy", "a b", "x" * 300])
def test_a_host_that_is_none_is_refused_with_an_example(places: Places, host: str) -> None:
    with pytest.raises(InputError, match="name of a proxy"):
        save_proxy(ProxyChoice(ProxyMode.EXPLICIT, host), places, MemoryStore())
    assert not network_path(places).exists()


def test_the_password_of_a_proxy_that_was_given_up_is_forgotten(places: Places) -> None:
    secrets = MemoryStore()
    save_proxy(CHOICE, places, secrets)
    save_proxy(ProxyChoice(ProxyMode.NONE), places, secrets)
    assert secrets.load(proxy_account(CHOICE), SecretName.PROXY) is None
