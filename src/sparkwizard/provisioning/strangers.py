"""Who is in Webex but not in the source: never touched, only reported."""

from collections.abc import Iterator

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.portions import set_of
from sparkwizard.provisioning.types import User, UsersRead

__all__ = ["only_in_webex"]


def only_in_webex(plan: Plan, users: UsersRead) -> Iterator[User]:
    """Yield the users that no action is about, by id, by name or by external id."""
    ids = set_of(action.webex_id for action in plan.actions)
    names = set_of(action.user_name.casefold() for action in plan.actions)
    sources = set_of(action.source_id for action in plan.actions)
    for user in users.users:
        mine = user.id in ids or user.user_name.casefold() in names
        if not mine and user.external_id.lower() not in sources:
            yield user
