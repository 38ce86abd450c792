"""How the commands speak: one JSON document, or plain sentences; progress on standard error."""

import sys
from collections.abc import Iterable, Mapping

import msgspec

from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.types import Stop

__all__ = ["Output", "error_document", "stops_document"]


class Output:
    """Write results to standard output and progress to standard error."""

    def __init__(self, *, json: bool) -> None:
        self.json = json

    def result(self, document: Mapping[str, object], lines: Iterable[str]) -> None:
        """Write the document, or the lines where nobody asked for JSON."""
        if self.json:
            print(msgspec.json.encode(document).decode(), flush=True)
        else:
            for line in lines:
                print(line, flush=True)

    def progress(self, text: str) -> None:
        """Tell how far it is."""
        print(text, file=sys.stderr, flush=True)

    def error(self, error: SparkWizardError, more: Mapping[str, object] | None = None) -> None:
        """Tell what happened and what to do; ``more`` goes beside it into the JSON."""
        if self.json:
            self.result({**error_document(error), **(more or {})}, ())
        else:
            print(f"{error.message}\n{error.fix}".strip(), file=sys.stderr, flush=True)


def error_document(error: SparkWizardError) -> dict[str, object]:
    """Return an error as the JSON of design §6."""
    return {"error": {"code": error.code, "message": error.message, "fix": error.fix}}


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
