"""Ask a program of the operating system, and turn what goes wrong into a sentence."""

import subprocess
from collections.abc import Sequence

import msgspec

from sparkwizard.errors import StorageError

__all__ = ["Answered", "ask", "expect"]

SECONDS = 30.0


class Answered(msgspec.Struct, frozen=True):
    """Hold how a program ended and what it said."""

    code: int
    out: str
    said: str


def ask(command: Sequence[str]) -> Answered:
    """Run a program of the system and return its answer. Raises StorageError if it can't run."""
    try:
        done = subprocess.run(  # noqa: S603 -- the system's own programs, no shell
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise StorageError(
            f"This computer has no {command[0]}, so it can't keep a schedule that way.",
            fix="Let another scheduler run “sparkwizard sync --profile P”.",
            code="scheduler-missing",
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(
            f"The scheduler of this computer does not answer ({command[0]}).",
            fix="Try again, or sign out and in.",
            code="scheduler",
        ) from error
    # the words of a console in whatever letters: they are shown, never read
    out, said = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Answered(done.returncode, out, said)


def expect(command: Sequence[str]) -> str:
    """Run a program of the system and return its output. Raises StorageError if it says no."""
    answer = ask(command)
    if answer.code:
        from sparkwizard.net.redact import redact  # noqa: PLC0415 -- for what went wrong alone

        said = redact(" ".join((answer.said or answer.out).split()))[:300].rstrip(".")
        raise StorageError(
            f"The scheduler of this computer said no: {said or f'exit code {answer.code}'}.",
            fix="Check what your account may do, or let another scheduler run"
            " “sparkwizard sync --profile P”.",
            code="scheduler",
        )
    return answer.out
