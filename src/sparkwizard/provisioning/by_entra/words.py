"""Why the service does what is foretold: reasons for people, with codes for scripts."""

from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import Reason, User

__all__ = [
    "CREATE_OFF",
    "DISABLED",
    "KNOWN",
    "LEFT",
    "NEW",
    "NOT_TURNED_OFF",
    "STAYS_ACTIVE",
    "TURNED_OFF",
    "TURNED_ON",
    "UNKNOWN_TO_ENTRA",
    "UPDATE_OFF",
    "beside",
    "left_active",
    "matched",
    "name_taken",
    "refused",
    "several_people",
    "several_users",
]

DISABLED = Reason("disabled-in-source", "Disabled in Microsoft Entra, so its service skips them.")
KNOWN = Reason("known", "The user that Entra's service already keeps for this person.")
LEFT = Reason(
    "left-scope", "Entra's service provisioned them before, and they are no longer there."
)
NEW = Reason("not-in-webex", "Entra's service finds no Webex user of this name.")
TURNED_ON = Reason(
    "turned-on", "Inactive in Webex until now: Entra's service gives them access back."
)
TURNED_OFF = Reason("turned-off", "The attribute mapping says that they are not active.")
CREATE_OFF = Reason("create-off", "Not in Webex, and this setup does not let Entra create users.")
UPDATE_OFF = Reason(
    "update-off", "Differs from Webex, and this setup does not let Entra update users."
)
STAYS_ACTIVE = Reason(
    "update-off",
    "They stay active: turning somebody off is an update, and this setup does not let Entra update"
    " users.",
)
NOT_TURNED_OFF = Reason(
    "not-turned-off", "They stay active: no rule of the attribute mapping turns off who leaves."
)
UNKNOWN_TO_ENTRA = Reason(
    "unknown-to-entra",
    "Managed by this computer and no longer in the source or the scope. Entra's service does not"
    " know them, so they stay as they are.",
)


def matched(target: str) -> Reason:
    """Say by what somebody's user is found."""
    return Reason("matched", f"Entra's service finds them in Webex by {label(target).lower()}.")


def left_active(user: User) -> Reason:
    """Say that a user stays as they are, who might be expected to lose access."""
    text = f"Their Webex user {user.user_name} stays active: Entra's service never had them."
    return Reason("stays-active", text)


def beside(user: User) -> Reason:
    """Say that a second user comes beside one that is theirs under another name."""
    return Reason(
        "second-user",
        f"The Webex user {user.user_name} carries their external id and stays beside the new one:"
        " Entra's service searches by name alone.",
    )


def refused(problem: Reason) -> Reason:
    """Say that the service fails with somebody: it can't work a value out, or Webex refuses it."""
    if problem.code == "evaluation":
        return Reason(problem.code, f"Entra's service reports an error: {problem.text}")
    if problem.code == "missing":
        return Reason(problem.code, f"Webex refuses them, and Entra reports it: {problem.text}")
    return Reason(problem.code, f"Entra sends a value that Webex refuses: {problem.text}")


def name_taken(name: str) -> Reason:
    """Say that Webex refuses a name (409)."""
    return Reason("name-taken", f"Webex refuses it: another user is called {name} already.")


def several_users(target: str, value: str) -> Reason:
    """Say that a search finds several users."""
    text = f"Several Webex users have {label(target).lower()} {value}; Entra's service takes none."
    return Reason("several-users", text)


def several_people(target: str, value: str) -> Reason:
    """Say that several people of the source would be the same user."""
    return Reason(
        "several-people",
        f"Several people of the source have {label(target).lower()} {value}; Entra's service"
        " reports them as duplicates.",
    )
