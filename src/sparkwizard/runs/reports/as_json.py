"""A run for machines."""

from collections.abc import Sequence
from dataclasses import asdict

import msgspec

from sparkwizard import __version__
from sparkwizard.runs.types import ActionRecord, RunRecord

__all__ = ["json_report"]


def json_report(run: RunRecord, actions: Sequence[ActionRecord]) -> bytes:
    """Return the run and every action of it, as the journal keeps them."""
    document = {
        "sparkwizard": __version__,
        "run": asdict(run),
        "actions": [asdict(record) for record in actions],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
