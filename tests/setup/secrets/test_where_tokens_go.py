"""Where a token comes from, and where it may go."""

import pytest

from sparkwizard.errors import InputError, NotSent
from sparkwizard.setup.secrets import (
    KeyringStore,
    MemoryStore,
    SecretName,
    StoredSecret,
    resolve_webex_token,
)
from tests.setup.secrets.a_secret import ORGANIZATION, SECRET, WEBEX, linux_only

# Where a token may go


@pytest.fixture
def stored() -> MemoryStore:
    store = MemoryStore()
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    return store


def test_the_environment_comes_before_what_is_stored(stored: MemoryStore) -> None:
    environ = {"SPARKWIZARD_TOKEN": " from-the-environment\n"}
    token = resolve_webex_token(environ, stored, ORGANIZATION, "http://127.0.0.1:8080")
    assert token == "from-the-environment"


def test_an_empty_variable_counts_as_none(stored: MemoryStore) -> None:
    environ = {"SPARKWIZARD_TOKEN": " "}
    assert resolve_webex_token(environ, stored, ORGANIZATION, WEBEX) == SECRET.token


@pytest.mark.parametrize(
    "address", [WEBEX, "https://WEBEXAPIS.com:443/identity/scim/x/v2", "https://webexapis.com/v1"]
)
def test_a_stored_token_goes_to_the_origin_it_was_confirmed_for(
    stored: MemoryStore, address: str
) -> None:
    assert resolve_webex_token({}, stored, ORGANIZATION, address) == SECRET.token


@pytest.mark.parametrize(
    "address",
    [
        "https://webexapis.com.evil.example",
        "https://webexapis.com:8443",
        "http://webexapis.com",
        "https://evil.example/https://webexapis.com",
        "",
        "webexapis.com",
    ],
)
def test_a_stored_token_goes_nowhere_else(stored: MemoryStore, address: str) -> None:
    with pytest.raises(NotSent, match=r"confirmed for https://webexapis\.com") as caught:
        resolve_webex_token({}, stored, ORGANIZATION, address)
    assert SECRET.token not in str(caught.value)


def test_no_token_at_all_says_where_to_enter_one() -> None:
    with pytest.raises(InputError) as caught:
        resolve_webex_token({}, MemoryStore(), ORGANIZATION, WEBEX)
    assert caught.value.code == "no-token"


LOOPBACK = "http://127.0.0.1:8080"


def test_practice_sends_its_token_over_plain_http_to_this_computer() -> None:
    store = MemoryStore()
    store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("practice", (LOOPBACK,)))
    assert resolve_webex_token({}, store, ORGANIZATION, LOOPBACK) == "practice"


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_a_token_of_the_keyring_never_goes_over_plain_http(
    request: pytest.FixtureRequest,
) -> None:
    store = KeyringStore()
    request.addfinalizer(lambda: store.delete(ORGANIZATION, SecretName.WEBEX))
    store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("token", (LOOPBACK,)))
    with pytest.raises(NotSent, match="plain http"):
        resolve_webex_token({}, store, ORGANIZATION, LOOPBACK)
