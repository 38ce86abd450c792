"""The password of a mail server lies in the system's own keyring, for that server only."""

import sys
from datetime import UTC, datetime

import pytest

from sparkwizard.errors import InputError, StorageError
from sparkwizard.runs.notify import Notifier
from sparkwizard.setup.profile import Notifications, Profile, SmtpSettings, WebexSettings
from sparkwizard.setup.secrets import KeyringStore, SecretName, StoredSecret
from sparkwizard.values import replace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the keyring of Linux")

SERVER = SmtpSettings("mail.contoso.example", username="wizard")
PROFILE = Profile(
    "Contoso",
    webex=WebexSettings(organization_id="mail-org"),
    notifications=Notifications("it@contoso.example", smtp=SERVER),
)


def notifier() -> Notifier:
    return Notifier(KeyringStore(), {}, lambda: datetime.now(UTC))


@pytest.mark.usefixtures("real_keyring")
def test_a_password_is_kept_beside_the_token_and_read_back() -> None:
    token = StoredSecret("a-token", ("https://webexapis.com",))
    KeyringStore().save("mail-org", SecretName.WEBEX, token)
    notifier().keep_password(PROFILE, "Schlüssel 1")
    assert notifier().password_for(PROFILE) == "Schlüssel 1"
    assert KeyringStore().load("mail-org", SecretName.WEBEX) == token


@pytest.mark.usefixtures("real_keyring")
def test_a_kept_password_is_not_for_another_port() -> None:
    notifier().keep_password(PROFILE, "Schlüssel 1")
    moved = replace(PROFILE.notifications, smtp=replace(SERVER, port=2525))
    with pytest.raises(InputError, match="no password for wizard"):
        notifier().password_for(replace(PROFILE, notifications=moved))


@pytest.mark.usefixtures("locked_keyring")
# keyring leaves its connection open where unlocking fails; the next collection closes it
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_locked_keyring_names_the_variable_for_the_password() -> None:
    with pytest.raises(StorageError, match="locked") as caught:
        notifier().password_for(PROFILE)
    assert "SPARKWIZARD_SMTP_PASSWORD" in caught.value.fix
    assert "token" not in str(caught.value)
