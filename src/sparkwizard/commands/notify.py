"""``notify``, and the mail after ``apply`` and ``sync``."""

import functools
import sys
from collections.abc import Awaitable, Callable

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.errors import InputError, SparkWizardError
from sparkwizard.runs.notify.types import Ended, Notification
from sparkwizard.runs.services import Records
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile

__all__ = ["NOTE", "mail_about", "mailing_errors", "notify"]

type Command[S: Records] = Callable[[Options, S, Output], Awaitable[int]]

NOTE = "notification"


def notify(options: Options, services: Records, output: Output) -> int:
    """Send a test mail now; a password is saved only after a mail went out with it."""
    profile = services.load(options.profile or "").profile
    password = _asked(profile) if options.save_password else ""
    sent = services.notifier.send_test(profile, password)
    if password:
        services.notifier.keep_password(profile, password)
    saved = ["The password is saved in the keyring, for this mail server only."]
    output.result(
        {"sent": True, "to": sent.to, "password_saved": bool(password)},
        (f"A test mail is on its way to {', '.join(sent.to)}.", *(saved if password else ())),
    )
    return 0


async def mail_about(
    ended: Ended, profile: Profile, services: Records, output: Output, run: int = 0
) -> None:
    """Send the mail that the setup asks for and note how that went beside the result."""
    sent = await services.notifier.after_run(profile, ended, _report_command(services.places, run))
    output.note(NOTE, _document(sent))
    if sent is None:
        return
    if sent.sent:
        output.progress(f"A mail about this run is on its way to {', '.join(sent.to)}.")
    if sent.reason:
        told = "Not everybody gets" if sent.sent else "Nobody gets"
        output.progress(f"{told} the mail about this run. {sent.reason}")


def mailing_errors[S: Records](command: Command[S]) -> Command[S]:
    """Return the command so that an error before its run begins is mailed about too."""

    @functools.wraps(command)
    async def run(options: Options, services: S, output: Output) -> int:
        try:
            return await command(options, services, output)
        except SparkWizardError as error:
            await _mail_error(error, options, services, output)
            raise
        except BrokenPipeError:
            raise
        except Exception:
            told = SparkWizardError(
                "Something went wrong that SparkWizard does not know.",
                fix="The log file on that computer has the details.",
            )
            await _mail_error(told, options, services, output)
            raise

    return run


async def _mail_error(
    error: SparkWizardError, options: Options, services: Records, output: Output
) -> None:
    if output.has_note(NOTE):
        return  # the run itself was mailed about
    try:
        profile = services.load(options.profile or "").profile
    except SparkWizardError:
        return  # nobody says whom to write to
    await mail_about(Ended(error=error), profile, services, output)


def _document(sent: Notification | None) -> dict[str, object] | None:
    if sent is None:
        return None
    return {"sent": sent.sent, "to": sent.to, "code": sent.code, "reason": sent.reason}


def _report_command(places: Places, run: int) -> str:
    import shlex  # noqa: PLC0415 -- as above

    words = ["sparkwizard", "report", str(run), "--format", "html", "--out", f"run-{run}.html"]
    if places != Places.standard():
        words += ["--data-dir", str(places.data_dir)]
    return shlex.join(words)


def _asked(profile: Profile) -> str:
    """Return the password that a person types, unseen, or that another program writes to us."""
    smtp = profile.notifications.smtp
    if not smtp.username:
        raise InputError(
            "The setup names no user for its mail server, so there is no password to save.",
            fix="Set username in its [notifications.smtp].",
            code="mail-no-user",
        )
    if sys.stdin.isatty():
        from getpass import getpass  # noqa: PLC0415 -- as above

        password = getpass(f"Password of {smtp.username} at {smtp.host}: ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InputError("No password was entered.", fix="Try again.", code="mail-no-password")
    return password
