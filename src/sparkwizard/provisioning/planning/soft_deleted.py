"""Recognize users whom another program deleted softly: renamed, inactive, and kept for some days.

Entra's service renames a deleted user and Webex keeps it 30 days, Directory Connector for 7;
meanwhile the e-mail address can't be given again (facts/webex.md, 5).
"""

from sparkwizard.provisioning.target.comparison import Comparison
from sparkwizard.provisioning.types import Reason, User

__all__ = ["NAME_HELD", "why_inactive"]

NAME_HELD = (
    "If it is nobody you can find, a deleted user still holds it: it is free 7 days after Directory"
    " Connector removed them, and 30 days after Entra deleted them."
)

_NOT_DISABLED_HERE = Reason(
    "not-disabled-here",
    "Active in the source but not in Webex, and it was not this setup that turned the user off.",
)


def why_inactive(user: User, found: Comparison) -> Reason:
    """Return why a user whom this setup did not turn off is not turned on."""
    renamed = any(change.attribute == "userName" for change in found.changes)
    if not renamed:
        return _NOT_DISABLED_HERE
    return Reason(
        "soft-deleted",
        f"Webex has this person's user under another name ({user.user_name}), and inactive, as"
        " Entra and Directory Connector leave deleted users. Restore it where it was deleted, or"
        " wait until Webex removes it, after 7 or 30 days: then a new user is created.",
    )
