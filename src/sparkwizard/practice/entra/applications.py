"""Hold applications, their service principals, and who is assigned to them."""

from collections.abc import Callable

from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.entra.gallery import GalleryEntry
from sparkwizard.practice.json_values import JsonObject

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
# the roles that applications of the gallery come with
USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f"
MSIAM_ROLE = "b9632174-c057-4f7e-951b-be3adc52bfe6"


class NotAssignable(ValueError):
    """Say why a principal cannot be assigned; ``code`` is Graph's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Applications:
    """Know every application of the tenant."""

    def __init__(
        self,
        directory: Directory,
        new_id: Callable[[], str],
        clock: Callable[[], float],
        tenant_id: str,
    ) -> None:
        self.objects: dict[str, JsonObject] = {}
        self.principals: dict[str, JsonObject] = {}
        self.assignments: dict[str, dict[str, JsonObject]] = {}
        self.added: dict[str, float] = {}
        self._directory = directory
        self._new_id = new_id
        self._clock = clock
        self._tenant_id = tenant_id

    def instantiate(self, entry: GalleryEntry, name: str) -> tuple[JsonObject, JsonObject]:
        """Add an application from the gallery; return it and its service principal."""
        client_id = self._new_id()
        application = self._application(entry, name, client_id)
        principal = self._principal(entry, name, client_id)
        self.objects[application["id"]] = application
        self.principals[principal["id"]] = principal
        self.assignments[principal["id"]] = {}
        self.added[principal["id"]] = self._clock()
        return application, principal

    def delete(self, principal_id: str) -> None:
        """Delete an application with its service principal; raises KeyError."""
        principal = self.principals.pop(principal_id)
        self.assignments.pop(principal_id, None)
        for identifier, one in list(self.objects.items()):
            if one["appId"] == principal["appId"]:
                del self.objects[identifier]

    def assign(self, principal_id: str, who: str, role: str) -> JsonObject:
        """Assign a person or a group; raises NotAssignable."""
        principal = self.principals[principal_id]
        self._require_role(principal, role)
        kind, name = self._who(who)
        assignments = self.assignments[principal_id]
        taken = {(one["principalId"], one["appRoleId"]) for one in assignments.values()}
        if (who, role) in taken:
            raise NotAssignable(
                "Request_BadRequest", "Permission being assigned already exists on the object"
            )
        assignment = {
            "id": self._new_id().replace("-", ""),
            "deletedDateTime": None,
            "appRoleId": role,
            "createdDateTime": self._directory.now(),
            "principalDisplayName": name,
            "principalId": who,
            "principalType": kind,
            "resourceDisplayName": principal["displayName"],
            "resourceId": principal_id,
        }
        assignments[assignment["id"]] = assignment
        return assignment

    def assigned_people(self, principal_id: str) -> dict[str, str]:
        """Return who is assigned, by id, with the role: directly or as a direct member of a group.

        Groups within assigned groups do not count (ED/how-provisioning-works.md).
        """
        people: dict[str, str] = {}
        for one in list(self.assignments.get(principal_id, {}).values()):
            who = one["principalId"]
            members = self._directory.members(who) if who in self._directory.groups else [who]
            for member in members:
                if member in self._directory.users:
                    people.setdefault(member, one["appRoleId"])
        return people

    def assigned_groups(self, principal_id: str) -> list[str]:
        """Return the groups that are assigned and still there."""
        assignments = list(self.assignments.get(principal_id, {}).values())
        found = (one["principalId"] for one in assignments)
        return [one for one in found if one in self._directory.groups]

    def role_names(self, principal_id: str) -> dict[str, str]:
        """Return the display name of each role; none where the application has gone."""
        roles = self.principals.get(principal_id, {}).get("appRoles", [])
        return {one["id"]: one["displayName"] for one in roles}

    def _require_role(self, principal: JsonObject, role: str) -> None:
        declared = {
            one["id"]
            for one in principal["appRoles"]
            if one["isEnabled"] and "User" in one["allowedMemberTypes"]
        }
        if role not in (declared or {DEFAULT_ACCESS}):
            raise NotAssignable(
                "Request_BadRequest", "Permission being assigned was not found on application"
            )

    def _who(self, identifier: str) -> tuple[str, str]:
        group = self._directory.groups.get(identifier)
        if group is not None:
            if not group["securityEnabled"]:
                raise NotAssignable("Request_BadRequest", "The group is not security enabled.")
            return "Group", group["displayName"]
        if identifier in self._directory.users:
            user = self._directory.users.chosen(identifier, ("displayName", "userPrincipalName"))
            return "User", user["displayName"] or user["userPrincipalName"]
        raise NotAssignable("Request_ResourceNotFound", f"Resource '{identifier}' does not exist.")

    def _application(self, entry: GalleryEntry, name: str, client_id: str) -> JsonObject:
        return {
            "id": self._new_id(),
            "deletedDateTime": None,
            "appId": client_id,
            "applicationTemplateId": entry.id,
            "appRoles": _roles(),
            "createdDateTime": self._directory.now(),
            "displayName": name,
            "identifierUris": [],
            "isFallbackPublicClient": False,
            "publisherDomain": self._directory.domain,
            "signInAudience": "AzureADMyOrg",
            "tags": [],
        }

    def _principal(self, entry: GalleryEntry, name: str, client_id: str) -> JsonObject:
        return {
            "id": self._new_id(),
            "deletedDateTime": None,
            "accountEnabled": True,
            "alternativeNames": [],
            "appDisplayName": name,
            "appId": client_id,
            "applicationTemplateId": entry.id,
            "appOwnerOrganizationId": self._tenant_id,
            "appRoleAssignmentRequired": True,
            "appRoles": _roles(),
            "description": None,
            "displayName": name,
            "homepage": None,
            "loginUrl": None,
            "notes": None,
            "notificationEmailAddresses": [],
            "oauth2PermissionScopes": [],
            "preferredSingleSignOnMode": None,
            "replyUrls": [],
            "servicePrincipalNames": [client_id],
            "servicePrincipalType": "Application",
            "signInAudience": "AzureADMyOrg",
            "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        }


def _roles() -> list[JsonObject]:
    return [
        {
            "allowedMemberTypes": ["User"],
            "description": name,
            "displayName": name,
            "id": identifier,
            "isEnabled": True,
            "origin": "Application",
            "value": None,
        }
        for identifier, name in ((USER_ROLE, "User"), (MSIAM_ROLE, "msiam_access"))
    ]
