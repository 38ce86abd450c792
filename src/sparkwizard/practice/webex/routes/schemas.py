"""Serve schema documents: Cisco's own form, and the discovery of RFC 7644 as an extension.

Cisco's description has no ServiceProviderConfig, ResourceTypes or Schemas under the tenant.
The practice tenant serves them so that general SCIM tools can examine it.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import (
    CISCO_GROUP,
    CISCO_USER,
    GROUP,
    USER,
    Attribute,
    Attributes,
    Kind,
    Mutability,
    ResourceKind,
)
from sparkwizard.practice.scim.refusals import not_found
from sparkwizard.practice.webex.access import authorize, authorize_tenant
from sparkwizard.practice.webex.answers import json_answer
from sparkwizard.practice.webex.listing import LARGEST_COUNT, LIST_MESSAGE
from sparkwizard.practice.webex.routes.bulk import MOST_OPERATIONS
from sparkwizard.practice.webex.tokens import Right
from sparkwizard.practice.webex.world import World

_KINDS = {kind.name: kind for kind in (USER, GROUP)}
# Cisco's examples show a meta inside Cisco's sections, Cisco's schema documents do not list it
_UNLISTED = {
    urn: Attribute(
        "meta",
        Kind.COMPLEX,
        mutability=Mutability.READ_ONLY,
        subs=(Attribute(name, mutability=Mutability.READ_ONLY),),
    )
    for urn, name in ((CISCO_USER, "organizationId"), (CISCO_GROUP, "organizationID"))
}
_CORE_MESSAGES = "urn:ietf:params:scim:schemas:core:2.0"
_TENANT = "/identity/scim/{orgId}/v2"


class SchemaRoutes:
    """Answer ``/Schemas/SCIM2`` and, as an extension, the discovery endpoints."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/Schemas/SCIM2/{schemaId}", self.cisco, methods=["GET"]),
            Route(_TENANT + "/ServiceProviderConfig", self.provider, methods=["GET"]),
            Route(_TENANT + "/ResourceTypes", self.resource_types, methods=["GET"]),
            Route(_TENANT + "/ResourceTypes/{name}", self.resource_type, methods=["GET"]),
            Route(_TENANT + "/Schemas", self.schemas, methods=["GET"]),
            Route(_TENANT + "/Schemas/{schemaId}", self.schema, methods=["GET"]),
        ]

    async def cisco(self, request: Request) -> Response:
        """Return the schemas of users or groups, or a single one by its id."""
        authorize(self._world, request, Right.READ_IDENTITY)
        wanted = request.path_params["schemaId"]
        if (kind := _KINDS.get(wanted)) is not None:
            return json_answer({urn: _cisco_document(urn, kind) for urn in _urns(kind)})
        for kind in _KINDS.values():
            if wanted in _urns(kind):
                return json_answer({wanted: _cisco_document(wanted, kind)})
        raise not_found("Schema", wanted)

    async def provider(self, request: Request) -> Response:
        """Say what the practice tenant supports."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        return json_answer(_provider_config(self._world.tenant_url))

    async def resource_types(self, request: Request) -> Response:
        """List the kinds of resources."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        types = [_resource_type(kind, self._world.tenant_url) for kind in _KINDS.values()]
        return json_answer(_listed(types))

    async def resource_type(self, request: Request) -> Response:
        """Return one kind of resource."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        kind = _KINDS.get(request.path_params["name"])
        if kind is None:
            raise not_found("ResourceType", request.path_params["name"])
        return json_answer(_resource_type(kind, self._world.tenant_url))

    async def schemas(self, request: Request) -> Response:
        """List the schemas as RFC 7643 writes them."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        return json_answer(_listed(list(_standard_documents(self._world.tenant_url).values())))

    async def schema(self, request: Request) -> Response:
        """Return one schema as RFC 7643 writes it."""
        authorize_tenant(self._world, request, Right.READ_IDENTITY)
        wanted = request.path_params["schemaId"]
        document = _standard_documents(self._world.tenant_url).get(wanted)
        if document is None:
            raise not_found("Schema", wanted)
        return json_answer(document)


def _urns(kind: ResourceKind) -> dict[str, Attributes]:
    return {kind.core: kind.attributes, **dict(kind.extensions)}


def _cisco_document(urn: str, kind: ResourceKind) -> JsonObject:
    return {
        "id": urn,
        "name": kind.name,
        "description": f"{kind.name} as the practice tenant keeps it",
        "attributes": [_cisco_attribute(one) for one in _urns(kind)[urn]],
    }


def _cisco_attribute(attribute: Attribute) -> JsonObject:
    """Return an attribute in Cisco's spelling: capitalised words, length and size of its own."""
    described: JsonObject = {
        "name": attribute.name,
        "type": _capitalised(attribute.kind),
        "multiValued": attribute.many,
        "description": attribute.name,
        "required": attribute.required,
        "caseExact": attribute.exact,
        "mutability": _capitalised(attribute.mutability),
        "returned": "Never" if attribute.mutability == "writeOnly" else "Default",
        "uniqueness": "None",
    }
    if attribute.refers_to:
        described["referenceTypes"] = list(attribute.refers_to)
    if attribute.words:
        described["canonicalValues"] = list(attribute.words)
    if attribute.subs:
        described["subAttributes"] = [_cisco_attribute(one) for one in attribute.subs]
    if attribute.length is not None:
        described["length"] = attribute.length
    if attribute.size is not None:
        described["size"] = attribute.size
    return described


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


def _standard_documents(tenant_url: str) -> dict[str, JsonObject]:
    documents: dict[str, JsonObject] = {}
    for kind in _KINDS.values():
        for urn, listed in _urns(kind).items():
            attributes = (*listed, _UNLISTED[urn]) if urn in _UNLISTED else listed
            documents[urn] = {
                "schemas": [f"{_CORE_MESSAGES}:Schema"],
                "id": urn,
                "name": _schema_name(urn, kind),
                "description": f"{kind.name} as the practice tenant keeps it",
                "attributes": [_standard_attribute(one) for one in attributes],
                "meta": {"resourceType": "Schema", "location": f"{tenant_url}/Schemas/{urn}"},
            }
    return documents


def _schema_name(urn: str, kind: ResourceKind) -> str:
    if urn == kind.core:
        return kind.name
    return f"{'Cisco' if 'cisco' in urn else 'Enterprise'}{kind.name}"


def _standard_attribute(attribute: Attribute) -> JsonObject:
    described: JsonObject = {
        "name": attribute.name,
        "type": str(attribute.kind),
        "multiValued": attribute.many,
        "description": attribute.name,
        "required": attribute.required,
        "caseExact": attribute.exact,
        "mutability": str(attribute.mutability),
        "returned": "never" if attribute.mutability == "writeOnly" else "default",
        "uniqueness": "global" if attribute.name == "userName" else "none",
    }
    if attribute.refers_to:
        described["referenceTypes"] = list(attribute.refers_to)
    if attribute.words:
        described["canonicalValues"] = list(attribute.words)
    if attribute.subs:
        described["subAttributes"] = [_standard_attribute(one) for one in attribute.subs]
    return described


def _resource_type(kind: ResourceKind, tenant_url: str) -> JsonObject:
    return {
        "schemas": [f"{_CORE_MESSAGES}:ResourceType"],
        "id": kind.name,
        "name": kind.name,
        "endpoint": f"/{kind.name}s",
        "description": f"{kind.name}s of the practice organization",
        "schema": kind.core,
        "schemaExtensions": [{"schema": urn, "required": False} for urn, _ in kind.extensions],
        "meta": {
            "resourceType": "ResourceType",
            "location": f"{tenant_url}/ResourceTypes/{kind.name}",
        },
    }


def _provider_config(tenant_url: str) -> JsonObject:
    return {
        "schemas": [f"{_CORE_MESSAGES}:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": MOST_OPERATIONS, "maxPayloadSize": 1_048_576},
        "filter": {"supported": True, "maxResults": LARGEST_COUNT},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": False},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "OAuth bearer token",
                "description": "An access token of the practice tenant",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{tenant_url}/ServiceProviderConfig",
        },
    }


def _listed(items: list[JsonObject]) -> JsonObject:
    return {
        "schemas": [LIST_MESSAGE],
        "totalResults": len(items),
        "itemsPerPage": len(items),
        "startIndex": 1,
        "Resources": items,
    }
