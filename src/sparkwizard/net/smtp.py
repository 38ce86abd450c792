"""Hand one mail to a mail server: encrypted, with the system's trust, each refusal a sentence.

Blocks, for as long as the server takes: call it on a thread.
"""

import base64
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from typing import Literal

import msgspec

from sparkwizard.errors import (
    CertificateProblem,
    NetError,
    NotAuthorized,
    NotSent,
    RemoteError,
    Throttled,
    UnexpectedAnswer,
    Unreachable,
)
from sparkwizard.net.proxy import is_loopback
from sparkwizard.net.redact import redact, register_secret
from sparkwizard.net.trust.system import system_context

__all__ = ["SECONDS", "MailServer", "send_mail"]

SECONDS = 20.0
"""How long each step of the talk may take."""
# smtplib would ask DNS for this computer's name, which can take longer than the mail and tells it
# to everybody on the way; servers for submission accept an address.
_OWN_NAME = "[127.0.0.1]"


class MailServer(msgspec.Struct, frozen=True):
    """Hold where mail is handed in. Without a ``username`` nobody signs in."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str = ""
    password: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"MailServer({str(self)!r})"


def send_mail(
    server: MailServer,
    message: EmailMessage,
    sender: str,
    recipients: Sequence[str],
    *,
    seconds: float = SECONDS,
) -> Mapping[str, str]:
    """Send a mail and return which addresses were refused and why, while others were taken.

    ``seconds`` bound each step of the talk. Nothing leaves unencrypted but to this computer itself.
    Raises NetError where the server was not reached or not trusted, RemoteError where it said no.
    """
    _hide(server)
    _check(server)
    with _told(server):
        connection = _connected(server, seconds)
        try:
            if server.username:
                _sign_in(connection, server)
            refused = connection.send_message(message, sender, recipients)
        finally:
            # the mail is out or refused by now: how the server says goodbye does not matter
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
    return {address: _said(answer) for address, answer in refused.items()}


def _hide(server: MailServer) -> None:
    register_secret(server.password)
    if server.password:  # in the form it is sent in
        register_secret(f"\0{server.username}\0{server.password}")


def _check(server: MailServer) -> None:
    if server.security == "none" and not is_loopback(server.host):
        raise NotSent(
            f"Mail is not sent without encryption to {server.host}.",
            fix='Set security = "starttls" or "tls"; "none" is for a mail server on this computer.',
            code="mail-plain",
        )


def _connected(server: MailServer, seconds: float) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, _OWN_NAME, timeout=seconds, context=system_context()
        )
    connection = smtplib.SMTP(server.host, server.port, _OWN_NAME, timeout=seconds)
    if server.security == "starttls":
        try:
            connection.starttls(context=system_context())
        except BaseException:
            connection.close()
            raise
    return connection


def _sign_in(connection: smtplib.SMTP, server: MailServer) -> None:
    if f"{server.username}{server.password}".isascii():
        connection.login(server.username, server.password)
        return
    # smtplib knows ASCII only (python/cpython#74188); RFC 4616 sends UTF-8
    connection.ehlo_or_helo_if_needed()
    pair = f"\0{server.username}\0{server.password}".encode()
    code, said = connection.docmd("AUTH", f"PLAIN {base64.b64encode(pair).decode()}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


@contextlib.contextmanager
def _told(server: MailServer) -> Iterator[None]:
    """Turn what the network and the server say into one sentence with its fix."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise CertificateProblem(
            f"The certificate of the mail server {server} is not trusted:"
            f" {(error.verify_message or 'it was not accepted').rstrip('.')}.",
            fix="Use the server's full name as host, or have its authority added to the"
            " certificates of this computer.",
        ) from error
    except ssl.SSLError as error:
        raise UnexpectedAnswer(
            f"{server} does not answer in TLS.",
            fix='Port 465 goes with security = "tls", port 587 with "starttls".',
            code="mail-tls",
        ) from error
    except smtplib.SMTPException as error:
        raise _refusal(server, error) from error
    except OSError as error:
        raise _unreachable(server, error) from error
    except ValueError as error:  # a name that can't even be asked for, such as "mail..example"
        raise Unreachable(
            f"“{server.host[:80]}” is no name of a mail server.",
            fix="Check host in [notifications.smtp].",
        ) from error


def _unreachable(server: MailServer, error: OSError) -> Unreachable:
    if isinstance(error, socket.gaierror):
        why = f"There is no mail server called {server.host}."
    elif isinstance(error, TimeoutError):
        why = f"The mail server {server} did not answer in time."
    else:
        why = f"The mail server {server} can't be reached ({error.strerror or error})."
    return Unreachable(why, fix="Check host and port of the mail server, and the network.")


def _refusal(server: MailServer, error: smtplib.SMTPException) -> NetError | RemoteError:
    if isinstance(error.__context__, TimeoutError):
        return _unreachable(server, error.__context__)
    # smtplib raises a bare SMTPException where both sides know no common way to sign in
    if isinstance(error, smtplib.SMTPNotSupportedError) or "authentication" in str(error):
        return _lacking(server, error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        shown = "; ".join(f"{to} ({_said(said)})" for to, said in error.recipients.items())
        return RemoteError(
            f"The mail server {server} takes no mail for {shown}.",
            fix="Check the address, and whom this server may write to.",
            code="mail-recipient",
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(server, error)
    return UnexpectedAnswer(
        f"{server} closed the connection, or is no mail server.",
        fix='Check the port: 465 goes with security = "tls", 587 with "starttls".',
        code="mail-closed",
    )


def _lacking(server: MailServer, error: smtplib.SMTPException) -> NotSent:
    if "STARTTLS" in str(error):
        return NotSent(
            f"The mail server {server} offers no encryption, so nothing was sent to it.",
            fix='Use its port for encrypted mail: 587, or 465 with security = "tls".',
            code="mail-starttls",
        )
    return NotSent(
        f"The mail server {server} lets nobody sign in here.",
        fix="Use its port for signed-in senders, or leave out the user name.",
        code="mail-sign-in",
    )


def _answered(server: MailServer, error: smtplib.SMTPResponseException) -> RemoteError:
    code = error.smtp_code
    said = _ended(_said((code, error.smtp_error)))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NotAuthorized(
            f"The mail server {server} did not accept the user name or the password: {said}",
            fix="Check both. Some services want a password made for programs.",
            code="mail-password",
            status=code,
        )
    if code in (421, 450, 451, 452):
        return Throttled(
            f"The mail server {server} is busy: {said}", fix="Try later.", code="mail-busy"
        )
    if code == 530:
        fix = "This server wants a user name and a password."
    elif isinstance(error, smtplib.SMTPSenderRefused):
        fix = "Check the sender's address, “from” in [notifications.smtp]."
    else:
        fix = "Ask whoever runs the mail server."
    return RemoteError(
        f"The mail server {server} refused the mail: {said}",
        fix=fix,
        code="mail-refused",
        status=code,
    )


def _said(answer: tuple[int, bytes | str]) -> str:
    """Return a server's own words on one line, without secrets."""
    code, words = answer
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    plain = "".join(char if char.isprintable() else " " for char in text)
    return redact(f"{code} {' '.join(plain.split())}".strip())[:300]


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
