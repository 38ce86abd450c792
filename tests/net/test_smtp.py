"""Mail is handed to a real mail server: encrypted and trusted, or not at all."""

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.errors import (
    CertificateProblem,
    NotAuthorized,
    NotSent,
    RemoteError,
    SparkWizardError,
    UnexpectedAnswer,
    Unreachable,
)
from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.smtp import MailServer, send_mail
from sparkwizard.values import replace
from tests.net.mail_server import PASSES, certificate_for, serving

pytestmark = PASSES

PASSWORD = "korrekt horse pa55"
SENDER, TO = "sparkwizard@contoso.example", "it@contoso.example"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    forget_secrets()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(tmp_path_factory.mktemp("smtp"))


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, TO, "Hello"
    message.set_content("Grüße\n")
    return message


def refused(server: MailServer, *to: str) -> SparkWizardError:
    with pytest.raises(SparkWizardError) as caught:
        send_mail(server, mail(), SENDER, to or (TO,), seconds=5)
    error = caught.value
    assert error.message.endswith(".")
    assert error.fix
    assert PASSWORD not in str(error)
    return error


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_out_encrypted_and_signed_in(certificate: Path, security: Any) -> None:
    with serving(certificate, security, password=PASSWORD) as inbox:
        server = inbox.server(security, "wizard", PASSWORD)
        assert send_mail(server, mail(), SENDER, [TO]) == {}
    assert inbox.mails[0].rcpt_tos == [TO]
    assert inbox.encrypted == [True]


@pytest.mark.usefixtures("trusted")
def test_a_password_may_have_any_letters(certificate: Path) -> None:
    with serving(certificate, "starttls", password="Schlüssel-ß") as inbox:
        send_mail(inbox.server("starttls", "wizard", "Schlüssel-ß"), mail(), SENDER, [TO])
        assert len(inbox.mails) == 1
        error = refused(inbox.server("starttls", "wizard", "Schlüssel-x"))
        assert isinstance(error, NotAuthorized)


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_told(certificate: Path) -> None:
    with serving(certificate, "starttls", password=PASSWORD) as inbox:
        error = refused(inbox.server("starttls", "wizard", "another password"))
    assert isinstance(error, NotAuthorized)
    assert "user name or the password" in error.message
    assert inbox.mails == []


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_a_password_says_so(certificate: Path) -> None:
    with serving(certificate, "starttls", password=PASSWORD) as inbox:
        assert "wants a user name" in refused(inbox.server("starttls")).fix


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_is_not_trusted_learns_nothing(certificate: Path, security: Any) -> None:
    with serving(certificate, security, password=PASSWORD) as inbox:
        error = refused(inbox.server(security, "wizard", PASSWORD))
    assert isinstance(error, CertificateProblem)
    assert (inbox.mails, inbox.tried) == ([], [])


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_not_trusted(certificate: Path) -> None:
    with serving(certificate, "tls") as inbox:
        other = replace(inbox.server("tls"), host="127.0.0.2")
        assert isinstance(refused(other), CertificateProblem | Unreachable)
    assert inbox.mails == []


def test_a_server_without_encryption_learns_nothing(certificate: Path) -> None:
    with serving(certificate, "none", password=PASSWORD) as inbox:
        error = refused(inbox.server("starttls", "wizard", PASSWORD))
    assert isinstance(error, NotSent)
    assert "no encryption" in error.message
    assert (inbox.mails, inbox.tried) == ([], [])


def test_without_encryption_mail_goes_to_this_computer_only(certificate: Path) -> None:
    with serving(certificate, "none") as inbox:
        send_mail(inbox.server("none"), mail(), SENDER, [TO])
        assert len(inbox.mails) == 1
    error = refused(MailServer("mail.contoso.example", 25, "none"))
    assert isinstance(error, NotSent)
    assert "without encryption" in error.message


def test_a_user_name_where_nobody_signs_in_is_told(certificate: Path) -> None:
    with serving(certificate, "none") as inbox:
        error = refused(inbox.server("none", "wizard", PASSWORD))
    assert error.code == "mail-sign-in"


def test_refused_addresses_are_named_while_the_others_get_the_mail(certificate: Path) -> None:
    with serving(certificate, "none", refuses="gone@contoso.example") as inbox:
        told = send_mail(inbox.server("none"), mail(), SENDER, [TO, "gone@contoso.example"])
        assert set(told) == {"gone@contoso.example"}
        assert "no such user" in told["gone@contoso.example"]
        assert inbox.mails[0].rcpt_tos == [TO]
        error = refused(inbox.server("none"), "gone@contoso.example")
    assert isinstance(error, RemoteError)
    assert "gone@contoso.example" in error.message


def test_nobody_listening_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refused(MailServer("127.0.0.1", port, "none"))
    assert isinstance(error, Unreachable)
    assert "can't be reached" in error.message


@pytest.mark.parametrize("host", ["mail..example", "x" * 80 + ".example", "mail\0", "mail server"])
def test_a_name_that_is_none_is_told(host: str) -> None:
    assert isinstance(refused(MailServer(host, 587, "starttls")), Unreachable)


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1], "none")
        with pytest.raises(Unreachable, match="did not answer in time"):
            send_mail(server, mail(), SENDER, [TO], seconds=0.2)


def test_tls_to_a_port_without_it_is_told(certificate: Path) -> None:
    with serving(certificate, "none") as inbox:
        error = refused(inbox.server("tls"))
    assert isinstance(error, UnexpectedAnswer)
    assert "465" in error.fix


def test_a_password_shows_nowhere() -> None:
    server = MailServer("mail.contoso.example", 587, "starttls", "wizard", PASSWORD)
    assert PASSWORD not in repr(server) + str(server)
