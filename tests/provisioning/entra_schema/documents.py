"""A schema as Entra's service hands it out, for the tests to change."""

from typing import Any


def source(expression: str, name: str = "", kind: str = "Attribute", **more: Any) -> dict[str, Any]:
    return {
        "expression": expression,
        "name": name or expression.strip("[]"),
        "type": kind,
        "parameters": [],
        **more,
    }


def mapping(target: str, found: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "targetAttributeName": target,
        "source": found,
        **more,
    }


SWITCH = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def parsed_switch() -> dict[str, Any]:
    """Return what only the service makes: the parameters of a function."""
    inner = source("[IsSoftDeleted]")
    return source(SWITCH, "Switch", "Function", parameters=[{"key": "source", "value": inner}])


def user_mappings() -> list[dict[str, Any]]:
    return [
        mapping("userName", source("[userPrincipalName]"), matchingPriority=1),
        mapping("active", parsed_switch()),
        mapping("displayName", source("[displayName]"), defaultValue="Nobody"),
        mapping("name.givenName", source("[givenName]"), flowType="ObjectAddOnly"),
        mapping("userType", source('"user"', "user", "Constant")),
        mapping("nickName", None, defaultValue="none yet"),
    ]


def scope() -> dict[str, Any]:
    return {
        "groups": [
            {
                "name": "Sales",
                "clauses": [
                    {
                        "operatorName": "EQUALS",
                        "sourceOperandName": "department",
                        "targetOperand": {"values": ["Sales"]},
                    },
                    {
                        "operatorName": "IS NOT NULL",
                        "sourceOperandName": "mail",
                        "targetOperand": {"values": []},
                    },
                ],
            }
        ],
        "inputFilterGroups": [],
        "categoryFilterGroups": [],
    }


def schema() -> dict[str, Any]:
    group_mappings = [
        mapping("displayName", source("[displayName]"), matchingPriority=1),
        mapping("members", source("[members]")),
        mapping("externalId", source("[objectId]")),
    ]
    return {
        "id": "a-job",
        "version": "v1.22",
        "directories": [{"id": "d", "name": "Azure Active Directory", "objects": []}],
        "synchronizationRules": [
            {
                "id": "r",
                "name": "USER_OUTBOUND_USER",
                "priority": 1,
                "editable": True,
                "sourceDirectoryName": "Azure Active Directory",
                "targetDirectoryName": "Cisco Webex",
                "metadata": [{"key": "a", "value": "b"}],
                "objectMappings": [
                    {
                        "name": "Provision Azure Active Directory Groups",
                        "enabled": True,
                        "flowTypes": "Add, Update, Delete",
                        "sourceObjectName": "Group",
                        "targetObjectName": "Group",
                        "metadata": [],
                        "scope": None,
                        "attributeMappings": group_mappings,
                    },
                    {
                        "name": "Provision Azure Active Directory Users",
                        "enabled": True,
                        "flowTypes": "Add, Update",
                        "sourceObjectName": "User",
                        "targetObjectName": "User",
                        "metadata": [{"key": "EscrowBehavior", "value": "Default"}],
                        "scope": scope(),
                        "attributeMappings": user_mappings(),
                    },
                ],
            }
        ],
    }


def users(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["synchronizationRules"][0]["objectMappings"][1]
    return found
