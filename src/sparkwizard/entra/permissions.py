"""What each path through the program needs in Entra, and why; said before a browser opens.

Source: Microsoft Graph permissions reference, and facts of the provisioning API ("Synchronization
API overview": delegated calls also need a directory role).
"""

from collections.abc import Collection, Mapping

from sparkwizard.entra.types import Needs, PermissionNeed, Purpose

__all__ = ["NEEDS", "needed", "scopes_for"]

_USERS = PermissionNeed("User.Read.All", "to read the people and their attributes")
_MEMBERS = PermissionNeed("GroupMember.Read.All", "to read groups and who is in them")
_APPLICATIONS = PermissionNeed(
    "Application.Read.All", "to read who is assigned to the Webex application"
)

NEEDS: Mapping[Purpose, Needs] = {
    Purpose.PEOPLE: Needs("read people", (_USERS,)),
    Purpose.GROUPS: Needs("read groups and assignments", (_USERS, _MEMBERS, _APPLICATIONS)),
    Purpose.CLOUD_SETUP: Needs(
        "set the provisioning up",
        (
            PermissionNeed(
                "Application.ReadWrite.All", "to add the Webex application to your organization"
            ),
            PermissionNeed("AppRoleAssignment.ReadWrite.All", "to assign people and groups to it"),
            PermissionNeed(
                "Synchronization.ReadWrite.All",
                "to write its mapping, scope and credentials, and to start it",
            ),
            _USERS,
            _MEMBERS,
        ),
        ("Cloud Application Administrator", "Application Administrator"),
    ),
    Purpose.WATCHING: Needs(
        "watch the provisioning",
        (
            PermissionNeed("Synchronization.Read.All", "to read its state and progress"),
            PermissionNeed("ProvisioningLog.Read.All", "to read what it did for whom"),
            PermissionNeed("Application.Read.All", "to find the Webex application"),
        ),
        ("Reports Reader", "Security Reader", "Cloud Application Administrator"),
    ),
}


def needed(purposes: Collection[Purpose]) -> tuple[PermissionNeed, ...]:
    """Return what the purposes need together, each permission once."""
    every = (need for purpose in Purpose if purpose in purposes for need in _of(purpose))
    return tuple({need.permission: need for need in every}.values())


def scopes_for(purposes: Collection[Purpose]) -> list[str]:
    """Return the scopes to ask for.

    Short names mean the Graph of the cloud that is signed in to (Microsoft Graph, "Access national
    cloud deployments").
    """
    return [need.permission for need in needed(purposes)]


def _of(purpose: Purpose) -> tuple[PermissionNeed, ...]:
    return NEEDS[purpose].permissions
