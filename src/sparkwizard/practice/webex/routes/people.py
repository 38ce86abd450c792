"""Serve the people API: who am I, which roles exist, how long does the token live."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import ENTERPRISE_USER
from sparkwizard.practice.webex.access import authorize
from sparkwizard.practice.webex.answers import Refusal, json_answer
from sparkwizard.practice.webex.identifiers import bare_id, webex_id
from sparkwizard.practice.webex.tokens import Right, Token
from sparkwizard.practice.webex.world import World

ROLES = {
    "id_full_admin": "Full Administrator",
    "id_readonly_admin": "Read-only Administrator",
    "id_user_admin": "User Administrator",
    "id_device_admin": "Device Administrator",
    "id_group_admin": "Group Administrator",
}
# the types of phone number that the response model of a person knows
_PERSON_PHONES = frozenset({"work", "work_extension", "mobile", "fax"})


class PeopleRoutes:
    """Answer ``/people/me``, ``/roles`` and ``/authorizations/tokenExpiry``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/v1/people/me", self.me, methods=["GET"]),
            Route("/v1/roles", self.roles, methods=["GET"]),
            Route("/v1/roles/{roleId}", self.role, methods=["GET"]),
            Route("/v1/authorizations/tokenExpiry", self.expiry, methods=["GET"]),
        ]

    async def me(self, request: Request) -> Response:
        """Return the person of the token; a service app is none."""
        token = authorize(self._world, request)
        if token.person_type == "appuser":
            raise Refusal(404, "The access token does not belong to a person.")
        if token.user is None:
            return json_answer(self._stranger(token))
        return json_answer(self._person(token, token.user))

    async def roles(self, request: Request) -> Response:
        """List the roles of the organization."""
        authorize(self._world, request, Right.SEE_ADMIN_PAGES)
        return json_answer({"items": [_role(key) for key in ROLES]})

    async def role(self, request: Request) -> Response:
        """Return one role."""
        authorize(self._world, request, Right.SEE_ADMIN_PAGES)
        key = bare_id("ROLE", request.path_params["roleId"])
        if key not in ROLES:
            raise Refusal(404, "The role was not found.")
        return json_answer(_role(key))

    async def expiry(self, request: Request) -> Response:
        """Return when the token dies, in epoch milliseconds."""
        token = authorize(self._world, request)
        return json_answer({"exp": int(token.expires * 1000)})

    def _stranger(self, token: Token) -> JsonObject:
        """Return a bot, or a person of the other organization, of whom no user is known here."""
        identifier = "00000000-0000-4000-8000-000000000001"
        name = "Practice Bot" if token.person_type == "bot" else "Somebody Elsewhere"
        return {
            "id": webex_id("PEOPLE", identifier),
            "emails": [f"{name.lower().replace(' ', '.')}@elsewhere.example"],
            "displayName": name,
            "orgId": webex_id("ORGANIZATION", token.organization),
            "roles": [webex_id("ROLE", "id_full_admin")] if token.person_type == "person" else [],
            "created": "2024-01-15T09:00:00.000Z",
            "type": token.person_type,
        }

    def _person(self, token: Token, user: str) -> JsonObject:
        record = self._world.users.get(user)
        assert record is not None
        content = record.decode()
        licences = [one.id for one in self._world.licences.values() if user in one.holders]
        person: JsonObject = {
            "id": webex_id("PEOPLE", user),
            "emails": [content["userName"]],
            "phoneNumbers": _phones(content),
            "orgId": webex_id("ORGANIZATION", token.organization),
            "roles": [webex_id("ROLE", one["value"]) for one in content.get("roles", ())],
            "licenses": licences,
            "created": content["meta"]["created"],
            "lastModified": content["meta"]["lastModified"],
            "status": "active",
            "type": token.person_type,
            **_names(content),
        }
        if Right.SEE_ADMIN_PAGES in token.rights:
            person |= {"invitePending": "false", "loginEnabled": "true"}
        return person


def _names(content: JsonObject) -> JsonObject:
    """Return the optional texts of a person, those that are there."""
    name = content.get("name", {})
    texts = {
        "displayName": content.get("displayName"),
        "nickName": content.get("nickName"),
        "firstName": name.get("givenName"),
        "lastName": name.get("familyName"),
        "title": content.get("title"),
        "department": content.get(ENTERPRISE_USER, {}).get("department"),
        "timezone": content.get("timezone"),
    }
    return {key: value for key, value in texts.items() if value}


def _phones(content: JsonObject) -> list[JsonObject]:
    return [
        {key: one[key] for key in ("type", "value", "primary") if key in one}
        for one in content.get("phoneNumbers", ())
        if one.get("type") in _PERSON_PHONES
    ]


def _role(key: str) -> JsonObject:
    return {"id": webex_id("ROLE", key), "name": ROLES[key]}
