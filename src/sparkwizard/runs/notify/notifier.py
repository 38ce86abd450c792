"""Decide whether a run is worth a mail, and send it; a mail that fails never fails a run."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sparkwizard.errors import InputError, RemoteError, SparkWizardError, StorageError
from sparkwizard.runs.notify.types import Ended, Notification
from sparkwizard.setup.addresses import MOST_ADDRESSES, address_problem, split_addresses
from sparkwizard.setup.profile import Notifications, Profile, SmtpSettings
from sparkwizard.setup.secrets import SecretName, SecretStore, StoredSecret

__all__ = ["PASSWORD_VARIABLE", "Notifier"]

PASSWORD_VARIABLE = "SPARKWIZARD_SMTP_PASSWORD"  # noqa: S105 -- the name of a variable


class Notifier:
    """Write to the people a setup names.

    The password comes from the environment, else from the secrets, where it is bound to one server.
    """

    def __init__(
        self,
        secrets: SecretStore,
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
        *,
        seconds: float | None = None,
    ) -> None:
        self._secrets = secrets
        self._environ = environ
        self._clock = clock
        self._seconds = seconds

    async def after_run(self, profile: Profile, ended: Ended, report: str) -> Notification | None:
        """Send a mail about a run where the setup asks for one; None where it does not.

        Whatever hinders the mail is the notification's reason and never raised.
        """
        if not _due(profile.notifications, ended):
            return None
        import asyncio  # noqa: PLC0415 -- see ``_send``; a test mail waits for itself

        from sparkwizard.runs.notify.words import run_mail  # noqa: PLC0415 -- see ``_send``

        mail = run_mail(profile.name, ended, computer=_computer(), report=report)
        try:
            return await asyncio.to_thread(self._send, profile, mail)
        except SparkWizardError as error:
            return Notification(False, code=error.code, reason=str(error))
        except Exception:
            import logging  # noqa: PLC0415 -- a test mail logs nothing

            logging.getLogger(__name__).exception("mail")
            return Notification(
                False, code="unexpected", reason="The log file says what hindered the mail."
            )

    def check(self, profile: Profile) -> tuple[tuple[str, ...], str]:
        """Return whom a mail of this setup goes to, and from whom it is.

        Raises InputError for what the setup lacks.
        """
        return _addresses(profile.notifications)

    def send_test(self, profile: Profile, password: str = "") -> Notification:
        """Send a test mail now, with the saved password or one that was just typed. Blocking.

        Raises InputError for what the setup lacks, NetError and RemoteError where it failed, also
        where one of several addresses was refused, and StorageError for the keyring.
        """
        self.check(profile)  # before the words are read: there may be nobody to write to
        from sparkwizard.runs.notify.words import test_mail  # noqa: PLC0415 -- see ``_send``

        mail = test_mail(profile.name, computer=_computer())
        sent = self._send(profile, mail, password)
        if sent.reason:
            raise RemoteError(sent.reason, fix="Check the address.", code=sent.code)
        return sent

    def keep_password(self, profile: Profile, password: str) -> None:
        """Save the password for this setup's mail server and no other. Blocking.

        Raises StorageError where there is no keyring or it did not keep it.
        """
        smtp = profile.notifications.smtp
        secret = StoredSecret(password, (_origin(smtp),))
        try:
            self._secrets.save(profile.webex.organization_id, SecretName.SMTP, secret)
        except StorageError as error:
            raise _no_keyring(error) from error

    def password_for(self, profile: Profile) -> str:
        """Return the password for this setup's mail server. Blocking.

        Raises InputError where there is none for this server, StorageError.
        """
        if given := self._environ.get(PASSWORD_VARIABLE, ""):
            return given
        smtp = profile.notifications.smtp
        try:
            secret = self._secrets.load(profile.webex.organization_id, SecretName.SMTP)
        except StorageError as error:
            raise _no_keyring(error) from error
        if secret is None or _origin(smtp) not in secret.origins:
            raise InputError(
                f"There is no password for {smtp.username} at the mail server {smtp.host}.",
                fix=f"Save it with “sparkwizard notify --save-password”, or set"
                f" {PASSWORD_VARIABLE}.",
                code="mail-no-password",
            )
        return secret.token

    def _send(self, profile: Profile, mail: tuple[str, str], password: str = "") -> Notification:
        smtp = profile.notifications.smtp
        to, sender = self.check(profile)
        # few runs have anybody to write to: all that writes and sends is read here
        from sparkwizard.net.smtp import SECONDS, MailServer, send_mail  # noqa: PLC0415
        from sparkwizard.runs.notify.words import compose  # noqa: PLC0415

        if smtp.username and not password:
            password = self.password_for(profile)
        server = MailServer(smtp.host, smtp.real_port, smtp.security, smtp.username, password)
        message = compose(*mail, sender=sender, to=to, now=self._clock())
        refused = send_mail(server, message, sender, to, seconds=self._seconds or SECONDS)
        return _sent(to, refused)


def _due(notifications: Notifications, ended: Ended) -> bool:
    if not notifications.email.strip():
        return False
    return notifications.every_run or (notifications.on_failure and ended.failed)


def _addresses(notifications: Notifications) -> tuple[tuple[str, ...], str]:
    """Return whom to write to, and as whom. Raises InputError for what can't be written to."""
    to = split_addresses(notifications.email)
    if not to:
        raise InputError(
            "The setup names nobody to write to.",
            fix="Set email in its [notifications].",
            code="mail-nobody",
        )
    if not notifications.smtp.host:
        raise InputError(
            "The setup names whom to write to, but no mail server.",
            fix="Set host in its [notifications.smtp].",
            code="mail-no-server",
        )
    if len(to) > MOST_ADDRESSES:
        raise InputError(
            f"The setup names more than {MOST_ADDRESSES} people to write to.",
            fix="Use the address of a group.",
            code="mail-address",
        )
    sender = notifications.smtp.sender.strip() or to[0]
    for address in (*to, sender):
        if problem := address_problem(address):
            raise InputError(
                f"“{address[:80]}” can't be written to: {problem}",
                fix="Correct it in the [notifications] of the setup.",
                code="mail-address",
            )
    return to, sender


def _computer() -> str:
    import platform  # noqa: PLC0415 -- as above

    return platform.node()


def _sent(to: tuple[str, ...], refused: Mapping[str, str]) -> Notification:
    reached = tuple(address for address in to if address not in refused)
    if not refused:
        return Notification(True, reached)
    shown = "; ".join(f"{address} ({said})" for address, said in refused.items())
    return Notification(
        True, reached, "mail-recipient", f"The mail server takes no mail for {shown}."
    )


def _origin(smtp: SmtpSettings) -> str:
    return f"smtp://{smtp.host.lower()}:{smtp.real_port}"


def _no_keyring(error: StorageError) -> StorageError:
    """Return the keyring's error with the fix that suits a password, not a token."""
    return StorageError(
        error.message.replace("token", "password"),
        fix=f"Unlock the keyring by signing in to the desktop, or set {PASSWORD_VARIABLE}.",
        code=error.code,
    )
