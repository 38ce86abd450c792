"""Compare the schema of a job with a setup, for people. Pure."""

from collections.abc import Mapping

from sparkwizard.entra.provisioning_job.planning.schema import schema_changes
from sparkwizard.entra.provisioning_job.types import Desired, SchemaDifference, TenantChange
from sparkwizard.provisioning.types import Json

__all__ = ["schema_differences"]

_ABOUT = {
    "filters": "who is in scope",
    "groups": "whether groups are provisioned",
    "actions": "what may be done to users",
    "users-on": "whether users are provisioned",
}


def schema_differences(desired: Desired, schema: Mapping[str, Json]) -> list[SchemaDifference]:
    """Return where a schema says something else than the setup, none where both mean the same.

    Raises ``MappingError`` for a schema that is not Webex's.
    """
    return [_difference(change) for change in schema_changes(desired, schema)]


def _difference(change: TenantChange) -> SchemaDifference:
    kind, _, target = change.key.partition(":")
    about = _ABOUT.get(kind) or (target if kind == "rule" else f"{target} of groups")
    setup, entra = change.after or "nothing", change.before or "nothing"
    text = f"They differ in {about}: {setup} in this setup, {entra} in Entra."
    return SchemaDifference(change.key, text, change.after, change.before)
