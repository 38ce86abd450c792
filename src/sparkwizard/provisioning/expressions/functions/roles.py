"""Functions of application roles, and functions that exist only for other applications."""

from collections.abc import Mapping

from sparkwizard.provisioning.expressions.faults import EvaluationError
from sparkwizard.provisioning.expressions.functions.spec import Frame, Function
from sparkwizard.provisioning.expressions.values import Value, as_list, as_text

__all__ = ["FUNCTIONS"]

_ROLE_TYPE = "WindowsAzureActiveDirectoryRole"


def _single(_frame: Frame, values: list[Value]) -> Value:
    roles = as_list(values[0])
    if len(roles) > 1:
        raise EvaluationError(
            "The person has several roles in the application.", fix="Assign only one."
        )
    return _role_name(roles[0]) if roles else None


def _complex(_frame: Frame, values: list[Value]) -> Value:
    roles = as_list(values[0])
    return [
        {
            "primary": False,
            "type": _ROLE_TYPE,
            "display": _part(role, "displayName"),
            "value": _role_name(role),
        }
        for role in roles
    ] or None


def _role_name(role: Value) -> str | None:
    return _part(role, "value") or _part(role, "displayName")


def _part(role: Value, name: str) -> str | None:
    return as_text(role.get(name)) if isinstance(role, Mapping) else as_text(role)


FUNCTIONS = (
    Function("SingleAppRoleAssignment", "appRoleAssignments", "The name of the one role", _single),
    Function("AppRoleAssignmentsComplex", "appRoleAssignments", "All roles, to be added", _complex),
    Function(
        "AssertiveAppRoleAssignmentsComplex",
        "appRoleAssignments",
        "All roles, replacing those there are",
        _complex,
    ),
    Function(
        "SelectUniqueValue",
        "uniqueValueRule…, uniqueValueRule…",
        "The first value nobody has yet",
        refusal="SelectUniqueValue works only from HR systems to Active Directory, not for Webex.",
    ),
    Function(
        "DefaultDomain",
        "",
        "The tenant's first domain",
        refusal="DefaultDomain is not documented, and no source here knows the tenant's domain.",
    ),
)
