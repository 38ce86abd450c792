"""Say what the limits of a setup mean for its people, and check e-mail addresses."""

import re

from sparkwizard.provisioning.types import Actions, RemovalLimit
from sparkwizard.setup.addresses import MOST_ADDRESSES, address_problem, split_addresses
from sparkwizard.setup.profile import Notifications

__all__ = [
    "action_sentences",
    "email_problem",
    "mail_sentence",
    "parse_limit",
    "removal_sentence",
]

_LIMIT = re.compile(r"\s*(\d{1,9})\s*(%?)\s*")


def parse_limit(text: str) -> RemovalLimit | None:
    """Read ``"25"`` or ``"10%"``; None where the text is neither, or more than 100%."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        return None
    amount, percent = int(found[1]), bool(found[2])
    return None if percent and amount > 100 else RemovalLimit(amount, percent)


def removal_sentence(limit: RemovalLimit, managed: int, in_scope: int | None) -> str:
    """Say how many people one run may remove at most.

    ``managed`` are the active users this setup manages now, ``in_scope`` the people it would
    manage, None where nobody was read.
    """
    if limit.amount == 0:
        return "Nobody may lose access in a run. A run that would disable or delete anybody stops."
    if managed:
        return (
            f"With the {_people(managed)} that this setup manages now, that is at most"
            f" {limit.allowed(managed):,}. A run that would remove more removes nobody."
        )
    if in_scope:
        return (
            f"With {_people(in_scope)} that is at most {limit.allowed(in_scope):,}. A run that"
            " would remove more removes nobody. The first run can't remove anybody yet."
        )
    return "A run that would remove more than that removes nobody."


def action_sentences(actions: Actions) -> dict[str, str]:
    """Say for each switch what happens to whom, as it is set now."""
    return {
        "create": "People in scope without a Webex user get one."
        if actions.create
        else "People in scope without a Webex user stay without one.",
        "update": "Webex users whose attributes differ from the mapping are corrected."
        if actions.update
        else "Webex users keep their attributes, even where they differ from the mapping.",
        "disable": "People who left, were switched off or fell out of scope can no longer sign"
        " in to Webex."
        if actions.disable
        else "People who left or fell out of scope keep their access to Webex.",
        "delete": "Users disabled by this setup at least 30 days ago are deleted for good in"
        " Webex. This can't be undone."
        if actions.delete
        else "Users disabled by this setup stay in Webex and can be enabled again.",
    }


def email_problem(text: str) -> str:
    """Return what is wrong with one e-mail address, or with several; an empty text is fine."""
    addresses = split_addresses(text)
    if len(addresses) > MOST_ADDRESSES:
        return f"At most {MOST_ADDRESSES} addresses. A group has an address of its own."
    return next((problem for one in addresses if (problem := address_problem(one))), "")


def mail_sentence(notifications: Notifications) -> str:
    """Say when SparkWizard itself writes a mail, as it is set now."""
    if not notifications.smtp.host:
        return "SparkWizard itself sends no mail before it knows a mail server."
    if notifications.every_run:
        when = "every run by command or schedule"
    elif notifications.on_failure:
        when = "a run by command or schedule that failed"
    else:
        return f"No mail is sent through {notifications.smtp.host} as it is set now."
    return f"A mail goes out through {notifications.smtp.host} after {when}."


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"
