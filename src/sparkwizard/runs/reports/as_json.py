"""A run for machines."""

from collections.abc import Sequence

import msgspec

from sparkwizard import __version__
from sparkwizard.runs.types import ActionRecord, RunRecord

__all__ = ["json_report"]


def json_report(
    run: RunRecord, actions: Sequence[ActionRecord], groups: Sequence[ActionRecord] = ()
) -> bytes:
    """Return the run and every action of it, those of groups apart, as the journal keeps them."""
    # an attribute that is unset is left out, as in a plan
    document: dict[str, object] = {"sparkwizard": __version__, "run": run, "actions": actions}
    if groups:
        document["groups"] = groups
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
