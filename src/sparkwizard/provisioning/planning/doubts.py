"""What was read does not say enough of somebody to give them a user, or access."""

from collections.abc import Mapping

from sparkwizard.provisioning.planning.ground import Situation
from sparkwizard.provisioning.types import Link, Person, Reason

__all__ = ["enabled_unknown", "may_be_hidden"]


def may_be_hidden(person: Person, seen: Situation, links: Mapping[str, Link]) -> Reason | None:
    """Return why somebody who may have a user that was not listed gets no second one."""
    if seen.users_complete or (seen.users.users and person.source_id not in links):
        return None
    return Reason(
        "user-not-listed",
        "Webex did not list all users, and one that this setup manages may be this person's."
        " Try again later.",
    )


def enabled_unknown(person: Person, seen: Situation) -> Reason | None:
    """Return why nobody gets access back where the source does not say who may sign in."""
    columns = seen.population.columns
    if not columns or person.attributes.get("accountEnabled"):
        return None
    return Reason(
        "enabled-unknown",
        "Inactive in Webex, and the source does not say whether this person may sign in"
        " (accountEnabled is missing).",
    )
