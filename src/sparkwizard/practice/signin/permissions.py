"""Know the delegated permissions of Microsoft Graph that a provisioning tool could ask for."""

from collections.abc import Iterable
from dataclasses import dataclass

# what every sign-in may carry besides the permissions of a resource
IDENTITY_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})


@dataclass(frozen=True, slots=True)
class Permission:
    """Describe one permission as the consent page names it."""

    name: str
    title: str
    admin_only: bool = True
    covers: tuple[str, ...] = ()
    """Names of lesser permissions that it includes."""


_ALL = (
    Permission("User.Read", "Sign you in and read your profile", admin_only=False),
    Permission("User.ReadBasic.All", "Read all users' basic profiles", admin_only=False),
    Permission("User.Read.All", "Read all users' full profiles", covers=("User.ReadBasic.All",)),
    Permission(
        "User.ReadWrite.All", "Read and write all users' profiles", covers=("User.Read.All",)
    ),
    Permission("GroupMember.Read.All", "Read group memberships"),
    Permission("Group.Read.All", "Read all groups", covers=("GroupMember.Read.All",)),
    Permission("Group.ReadWrite.All", "Read and write all groups", covers=("Group.Read.All",)),
    Permission("Member.Read.Hidden", "Read hidden memberships"),
    Permission("Organization.Read.All", "Read organization information"),
    Permission("Domain.Read.All", "Read domains"),
    Permission(
        "Directory.Read.All",
        "Read directory data",
        covers=(
            *("User.Read.All", "Group.Read.All", "Organization.Read.All", "Domain.Read.All"),
            "Application.Read.All",
        ),
    ),
    Permission("Application.Read.All", "Read applications"),
    Permission(
        "Application.ReadWrite.All",
        "Read and write all applications",
        covers=("Application.Read.All",),
    ),
    Permission("AppRoleAssignment.ReadWrite.All", "Manage app permission grants and assignments"),
    Permission("Synchronization.Read.All", "Read all synchronization data"),
    Permission(
        "Synchronization.ReadWrite.All",
        "Read and write all synchronization data",
        covers=("Synchronization.Read.All",),
    ),
    Permission("ProvisioningLog.Read.All", "Read all provisioning log data"),
    Permission("AuditLog.Read.All", "Read audit log data", covers=("ProvisioningLog.Read.All",)),
)
PERMISSIONS = {permission.name: permission for permission in _ALL}


def covered(any_of: Iterable[str], held: Iterable[str]) -> bool:
    """Tell whether the held permissions include one of those that would do."""
    everything = _with_lesser(held)
    return any(name in everything for name in any_of)


def _with_lesser(held: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(held)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(PERMISSIONS[name].covers if name in PERMISSIONS else ())
    return found
