"""Serve the licences of the organization and their assignment to users."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.webex.access import authorize
from sparkwizard.practice.webex.answers import Refusal, forbidden, json_answer, read_object
from sparkwizard.practice.webex.identifiers import bare_id, webex_id
from sparkwizard.practice.webex.tokens import Right
from sparkwizard.practice.webex.world import Licence, World

PRACTICE_SITE = "fabrikam-practice.webex.com"


class LicenceRoutes:
    """Answer ``/licenses`` and ``/licenses/users``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/v1/licenses", self.licences, methods=["GET"]),
            Route("/v1/licenses/users", self.assign, methods=["PATCH"]),
        ]

    async def licences(self, request: Request) -> Response:
        """List the licences with what they have and what is used."""
        token = authorize(self._world, request, Right.SEE_ADMIN_PAGES)
        self._check_organization(request.query_params.get("orgId", ""), token.organization)
        return json_answer({"items": [self._shown(one) for one in self._world.licences.values()]})

    async def assign(self, request: Request) -> Response:
        """Add and remove licences of one user; 206 where some of them could not be added."""
        token = authorize(self._world, request, Right.WRITE_LICENCES)
        sent = await read_object(request)
        self._check_organization(str(sent.get("orgId", "")), token.organization)
        user = self._user(sent)
        wanted = [self._checked(one) for one in _objects(sent, "licenses")]
        sites = [_checked_site(one) for one in _objects(sent, "siteUrls")]
        failed = [one for one in wanted if not self._change(user, *one)]
        if failed and len(failed) == len(wanted):
            names = ", ".join(licence.name for licence, _ in failed)
            raise Refusal(400, f"No units are left of: {names}", 400)
        attends = self._world.attendees.setdefault(user, set())
        for site, operation in sites:
            (attends.add if operation == "add" else attends.discard)(site)
        return json_answer(self._assignment(user), 206 if failed else 200)

    def _shown(self, licence: Licence) -> JsonObject:
        used = len(licence.holders)
        shown: JsonObject = {
            "id": licence.id,
            "name": licence.name,
            "totalUnits": used if self._world.faults.no_licences_free else licence.total,
            "consumedUnits": used,
            "consumedByUsers": used,
            "consumedByWorkspaces": 0,
            "subscriptionId": "Sub-practice",
        }
        if licence.site is not None:
            shown |= {"siteUrl": licence.site, "siteType": "Control Hub managed site"}
        return shown

    def _user(self, sent: Mapping[str, Any]) -> str:
        person, email = sent.get("personId"), sent.get("email")
        if not person and not email:
            raise Refusal(400, "Either personId or email is required.", 400)
        found = bare_id("PEOPLE", str(person)) if person else self._world.users.id_of(str(email))
        if found is None or self._world.users.get(found) is None:
            raise Refusal(404, "The person was not found.")
        return found

    def _checked(self, sent: Mapping[str, Any]) -> tuple[Licence, str]:
        licence = self._world.licences.get(str(sent.get("id")))
        if licence is None:
            raise Refusal(400, f"License not recognized: {sent.get('id')}", 400000)
        properties = sent.get("properties") or {}
        operation = _operation(sent)
        if licence.calling and operation == "add":
            if not properties.get("phoneNumber") and not properties.get("extension"):
                raise Refusal(400, f"{licence.name} needs a phoneNumber or an extension.", 400411)
            if not properties.get("phoneNumber") and not properties.get("locationId"):
                raise Refusal(400, "Without a phoneNumber a locationId is required.", 400411)
        return licence, operation

    def _change(self, user: str, licence: Licence, operation: str) -> bool:
        if operation == "remove":
            licence.holders.discard(user)
            return True
        full = self._world.faults.no_licences_free or len(licence.holders) >= licence.total
        if full and user not in licence.holders:
            return False
        licence.holders.add(user)
        return True

    def _assignment(self, user: str) -> JsonObject:
        record = self._world.users.get(user)
        assert record is not None
        sites = sorted(self._world.attendees.get(user, ()))
        held = [one for one in self._world.licences.values() if user in one.holders]
        return {
            "orgId": webex_id("ORGANIZATION", self._world.organization_id),
            "personId": webex_id("PEOPLE", user),
            "email": record.decode()["userName"],
            "licenses": [one.id for one in held],
            "siteUrls": [
                *({"siteUrl": one.site, "accountType": "host"} for one in held if one.site),
                *({"siteUrl": site, "accountType": "attendee"} for site in sites),
            ],
        }

    def _check_organization(self, named: str, own: str) -> None:
        organization = bare_id("ORGANIZATION", named) or named or own
        if organization != self._world.organization_id:
            raise forbidden("The access token belongs to another organization.")


def _objects(sent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items = sent.get(name) or []
    if not isinstance(items, list) or not all(isinstance(one, Mapping) for one in items):
        raise Refusal(400, f"{name} must be a list of objects.", 400)
    return items


def _operation(sent: Mapping[str, Any]) -> str:
    operation = str(sent.get("operation") or "add")
    if operation not in ("add", "remove"):
        raise Refusal(400, "operation takes add or remove.", 400)
    return operation


def _checked_site(sent: Mapping[str, Any]) -> tuple[str, str]:
    site = str(sent.get("siteUrl"))
    if site != PRACTICE_SITE or sent.get("accountType") != "attendee":
        raise Refusal(400, f"Request contains invalid attendee siteUrls: {site}", 400216)
    return site, _operation(sent)
