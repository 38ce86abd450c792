"""Show people of the directory under the legacy names that provisioning uses."""

from collections.abc import Mapping
from typing import Any

from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.provisioning_service.mapping.expressions import Value

# facts: entra.md section 1, "Provisioning uses legacy directory names"
_SAME = (
    *("userPrincipalName", "displayName", "givenName", "surname", "mail", "mailNickname"),
    *("jobTitle", "department", "companyName", "employeeId", "city", "country", "postalCode"),
    *("state", "streetAddress", "preferredLanguage", "usageLocation", "employeeType"),
)
_RENAMED = {
    "physicalDeliveryOfficeName": "officeLocation",
    "mobile": "mobilePhone",
    "facsimileTelephoneNumber": "faxNumber",
    "objectId": "id",
}


def legacy_attributes(
    user: Mapping[str, Any], *, manager: str | None, role: str | None, soft_deleted: bool
) -> dict[str, Value]:
    """Return what expressions and filters see of a person."""
    attributes: dict[str, Value] = {name: _text(user[name]) for name in _SAME}
    attributes |= {name: _text(user[theirs]) for name, theirs in _RENAMED.items()}
    extensions = user["onPremisesExtensionAttributes"] or {}
    attributes |= {name: _text(value) for name, value in extensions.items()}
    attributes |= {
        "accountEnabled": str(user["accountEnabled"]),
        "appRoleAssignments": [role] if role else [],
        "dirSyncEnabled": _text(user["onPremisesSyncEnabled"]),
        "IsSoftDeleted": str(soft_deleted),
        "manager": manager,
        "originalUserPrincipalName": user["userPrincipalName"],
        "otherMails": list(user["otherMails"]),
        "proxyAddresses": list(user["proxyAddresses"]),
        "telephoneNumber": (user["businessPhones"] or [None])[0],
        "userPrincipalName": _guest_stripped(user["userPrincipalName"]),
    }
    return attributes


def group_attributes(directory: Directory, identifier: str) -> dict[str, Value]:
    """Return what expressions see of a group, its members apart."""
    group = directory.groups[identifier]
    return {
        "objectId": identifier,
        "displayName": group["displayName"],
        "mailNickname": group["mailNickname"],
        "description": group["description"],
    }


def _guest_stripped(name: str) -> str:
    """Return a guest's address at home: ``alias_theirdomain#EXT#@yourdomain`` loses what is ours.

    ``alias@theirdomain`` is left (ED/how-provisioning-works, B2B users). A domain has no
    underscore, an alias may.
    """
    own, mark, _ours = name.partition("#EXT#")
    alias, joint, home = own.rpartition("_")
    return f"{alias}@{home}" if mark and joint else own


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
