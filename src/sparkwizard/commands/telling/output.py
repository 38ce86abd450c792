"""How the commands speak: one JSON document, or plain sentences; progress on standard error."""

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from sparkwizard.errors import SparkWizardError, StorageError
from sparkwizard.provisioning.types import Reason, Stop

__all__ = ["Output", "error_document", "reason_document", "stops_document"]


class Output:
    """Write results to standard output and progress to standard error."""

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self._notes: dict[str, object] = {}
        if isinstance(sys.stdout, io.TextIOWrapper):
            # JSON is UTF-8; a terminal that lacks a letter of a name shows a mark in its place
            sys.stdout.reconfigure(encoding="utf-8" if json else None, errors="replace")

    def result(self, document: Mapping[str, object], lines: Iterable[str]) -> None:
        """Write the document, or the lines where nobody asked for JSON."""
        with self._writing():
            if self.json:
                print(msgspec.json.encode({**document, **self._notes}).decode(), flush=True)
            else:
                for line in lines:
                    print(line, flush=True)

    def note(self, name: str, value: object) -> None:
        """Put something beside whatever the document will be, a result or an error."""
        self._notes[name] = value

    def has_note(self, name: str) -> bool:
        """Return whether something of this name was noted."""
        return name in self._notes

    def content(self, content: bytes) -> None:
        """Write bytes as they are."""
        with self._writing():
            sys.stdout.buffer.write(content)
            sys.stdout.flush()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Turn a standard output that can't be written into a StorageError."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            self.give_up()
            raise StorageError(
                f"The result can't be written: {error.strerror or error}.",
                fix="Free some space, or send the output somewhere else.",
                code="output",
            ) from error

    def give_up(self) -> None:
        """Write nothing more: what waits in the buffer would fail once again at the exit."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def progress(self, text: str) -> None:
        """Tell how far it is."""
        print(text, file=sys.stderr, flush=True)

    def error(self, error: SparkWizardError, more: Mapping[str, object] | None = None) -> None:
        """Tell what happened and what to do; ``more`` goes beside it into the JSON."""
        if self.json and error.code != "output":
            self.result({**error_document(error), **(more or {})}, ())
        else:
            print(f"{error.message}\n{error.fix}".strip(), file=sys.stderr, flush=True)


def error_document(error: SparkWizardError) -> dict[str, object]:
    """Return an error as the JSON of design §6."""
    return {"error": {"code": error.code, "message": error.message, "fix": error.fix}}


def reason_document(reason: Reason | None) -> dict[str, str] | None:
    """Return why something is held back, None where nothing is."""
    return {"code": reason.code, "reason": reason.text} if reason else None


def stops_document(stops: Iterable[Stop]) -> list[dict[str, object]]:
    """Return the classes of actions that a safeguard holds back."""
    return [
        {
            "action": stop.action.value,
            "count": stop.count,
            "code": stop.reason.code,
            "reason": stop.reason.text,
        }
        for stop in stops
    ]
