"""Write the synchronization schema that a job begins with."""

from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.mapping.expressions import parse

SOURCE_DIRECTORY = "Azure Active Directory"
TARGET_DIRECTORY = "Cisco Webex"

# legacy directory names, as provisioning uses them (facts: entra.md section 1)
USER_SOURCES = (
    *("objectId", "IsSoftDeleted", "accountEnabled", "userPrincipalName", "displayName"),
    *("originalUserPrincipalName", "givenName", "surname", "mail", "mailNickname", "jobTitle"),
    *("department", "companyName", "employeeId", "city", "country", "postalCode", "state"),
    *("streetAddress", "physicalDeliveryOfficeName", "telephoneNumber", "mobile"),
    *("facsimileTelephoneNumber", "preferredLanguage", "usageLocation", "dirSyncEnabled"),
    *("proxyAddresses", "otherMails", "manager", "appRoleAssignments"),
    *(f"extensionAttribute{number}" for number in range(1, 16)),
)
_GROUP_SOURCES = ("objectId", "displayName", "mailNickname", "description", "members")
_MANY = frozenset({"proxyAddresses", "otherMails", "members", "appRoleAssignments"})
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_USER_TARGETS = (
    *("id", "userName", "externalId", "active", "displayName", "name.givenName"),
    *("name.familyName", "name.formatted", "nickName", "title", "preferredLanguage", "userType"),
    'emails[type eq "work"].value',
    *(f'phoneNumbers[type eq "{kind}"].value' for kind in ("work", "mobile", "fax")),
    *(
        f'addresses[type eq "work"].{part}'
        for part in ("streetAddress", "locality", "region", "postalCode", "country")
    ),
    *(
        f"{_ENTERPRISE}:{name}"
        for name in ("employeeNumber", "department", "costCenter", "organization", "manager")
    ),
)
_GROUP_TARGETS = ("id", "displayName", "externalId", "members")
SWITCH_ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def default_schema(identifier: str, new_id: str) -> JsonObject:
    """Return a schema of its own; ``new_id`` becomes the id of its rule."""
    return {
        "id": identifier,
        "version": "v1.0",
        "directories": [
            _directory(f"{new_id}-source", SOURCE_DIRECTORY, USER_SOURCES, _GROUP_SOURCES),
            _directory(f"{new_id}-target", TARGET_DIRECTORY, _USER_TARGETS, _GROUP_TARGETS),
        ],
        "synchronizationRules": [
            {
                "containerFilter": None,
                "editable": True,
                "groupFilter": None,
                "id": new_id,
                "metadata": [],
                "name": "USER_TO_USER",
                "objectMappings": [_groups(), _users()],
                "priority": 1,
                "sourceDirectoryName": SOURCE_DIRECTORY,
                "targetDirectoryName": TARGET_DIRECTORY,
            }
        ],
    }


def _users() -> JsonObject:
    return _object_mapping(
        "User",
        "Provision Microsoft Entra ID Users",
        [
            _mapping("userName", "[userPrincipalName]", priority=1),
            _mapping("active", SWITCH_ACTIVE),
            _mapping("displayName", "[displayName]"),
            _mapping("name.givenName", "[givenName]"),
            _mapping("name.familyName", "[surname]"),
            _mapping("externalId", "[objectId]"),
        ],
    )


def _groups() -> JsonObject:
    return _object_mapping(
        "Group",
        "Provision Microsoft Entra ID Groups",
        [
            _mapping("displayName", "[displayName]", priority=1),
            _mapping("externalId", "[objectId]"),
            _mapping("members", "[members]"),
        ],
    )


def _object_mapping(kind: str, name: str, mappings: list[JsonObject]) -> JsonObject:
    return {
        "attributeMappings": mappings,
        "enabled": True,
        "flowTypes": "Add, Update, Delete",
        "metadata": [],
        "name": name,
        "scope": None,
        "sourceObjectName": kind,
        "targetObjectName": kind,
    }


def _mapping(target: str, expression: str, *, priority: int = 0) -> JsonObject:
    return {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": priority,
        "source": parse(expression),
        "targetAttributeName": target,
    }


def _directory(
    identifier: str, name: str, users: tuple[str, ...], groups: tuple[str, ...]
) -> JsonObject:
    return {
        "discoverabilities": "AttributeNames, AttributeDataTypes",
        "discoveryDateTime": None,
        "id": identifier,
        "name": name,
        "objects": [
            {
                "attributes": [_attribute(one) for one in names],
                "metadata": [],
                "name": kind,
                "supportedApis": [],
            }
            for kind, names in (("User", users), ("Group", groups))
        ],
        "readOnly": name == SOURCE_DIRECTORY,
        "version": "v1.0",
    }


def _attribute(name: str) -> dict[str, Any]:
    is_reference = name in ("manager", "members") or name.endswith(":manager")
    is_boolean = name in ("active", "accountEnabled", "IsSoftDeleted", "dirSyncEnabled")
    return {
        "anchor": name in ("objectId", "id"),
        "apiExpressions": [],
        "caseExact": name != "userName",
        "defaultValue": None,
        "flowNullValues": False,
        "metadata": [],
        "multivalued": name in _MANY,
        "mutability": "ReadOnly" if name == "id" else "ReadWrite",
        "name": name,
        "referencedObjects": [],
        "required": name in ("userName", "objectId"),
        "type": "Reference" if is_reference else "Boolean" if is_boolean else "String",
    }
