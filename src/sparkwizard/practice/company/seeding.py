"""Fill the simulated Webex with what it knows before the first synchronization."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from sparkwizard.practice.company.people import Person, as_webex_user
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.resources import resource_folder
from sparkwizard.practice.scim.attributes import USER
from sparkwizard.practice.webex.groups import create_group
from sparkwizard.practice.webex.identifiers import webex_id
from sparkwizard.practice.webex.routes.licences import PRACTICE_SITE
from sparkwizard.practice.webex.tokens import issue_tokens
from sparkwizard.practice.webex.users import settle_user
from sparkwizard.practice.webex.world import Licence, World

_FULL_ADMIN = {"value": "id_full_admin", "type": "cirole", "display": "Full Administrator"}
_GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"

type Twist = Callable[[JsonObject], None]


class Seeder:
    """Put users, groups, licences and tokens into a world, one person at a time."""

    def __init__(self, world: World, *, hand_made: bool) -> None:
        self._world = world
        self._hand_made = hand_made
        self._plan: dict[str, Any] = msgspec.json.decode(
            (resource_folder() / "webex.json").read_bytes()
        )
        matched = self._plan["matched"] if hand_made else []
        self._changes = {one["person"]: one.get("set", {}) for one in matched}
        self._index = 0

    def meet(self, person: Person) -> None:
        """Add the user whom Webex already has for this person, if it has one."""
        user = self._by_plan(person) if self._hand_made else self._by_place(person)
        self._index += 1
        if user is not None:
            self._add(user)

    def finish(self) -> None:
        """Add everyone who is only in Webex, then groups, licences and tokens."""
        holders = {one["part"]: self._add(one["user"]) for one in self._plan["only"]}
        if self._hand_made:
            self._world.taken_elsewhere.update(one.casefold() for one in self._plan["elsewhere"])
            self._add_groups(self._plan["groups"])
        self._add_licences()
        self._world.tokens = issue_tokens(
            self._world.chance,
            organization=self._world.organization_id,
            elsewhere=self._world.other_organization_id,
            users=holders,
            now=self._world.clock(),
        )

    def _by_plan(self, person: Person) -> JsonObject | None:
        changes = self._changes.get(person["userPrincipalName"])
        if changes is None:
            return None
        changed = {**as_webex_user(person), **changes}
        return {key: value for key, value in changed.items() if value is not None}

    def _by_place(self, person: Person) -> JsonObject | None:
        place = self._index % 60
        if place in _ELSEWHERE:
            self._world.taken_elsewhere.add(person["userPrincipalName"].casefold())
            return None
        if place not in _UNCHANGED and place not in _TWISTS:
            return None
        user = as_webex_user(person)
        if self._index == 2:
            user["roles"] = [_FULL_ADMIN]
        twist = _TWISTS.get(place)
        if twist is not None:
            twist(user)
        return user

    def _add(self, user: Mapping[str, Any]) -> str:
        content = settle_user(self._world, {"userType": "user", **user})
        return self._world.write(USER, content["userName"], content).id

    def _add_groups(self, groups: Iterable[Mapping[str, Any]]) -> None:
        for group in groups:
            ids = (self._world.users.id_of(name) for name in group["members"])
            members = [{"value": one, "type": "user"} for one in ids if one]
            sent = {**group, "schemas": [_GROUP_SCHEMA], "members": members}
            create_group(self._world, sent)

    def _add_licences(self) -> None:
        # one licence is scarce on purpose; the others have room for everybody
        room = max(1000, 2 * self._index)
        for number, (name, total, calling, site) in enumerate(
            (
                ("Messaging - Basic", room, False, None),
                ("Meeting - Webex Meetings Suite", room, False, PRACTICE_SITE),
                ("Webex Calling - Professional", room, True, None),
                ("Webex Events 1000", 2, False, None),
            ),
            1,
        ):
            identifier = webex_id("LICENSE", f"00000000-0000-4000-8000-{number:012d}")
            licence = Licence(identifier, name, total, calling, site)
            self._world.licences[identifier] = licence
        basic = next(iter(self._world.licences.values()))
        basic.holders.update(one.id for one in self._world.users)


def _other_display_name(user: JsonObject) -> None:
    user["displayName"] = f"{user.get('displayName', '')} (old)".strip()


def _other_title(user: JsonObject) -> None:
    user["title"] = "Trainee"


def _inactive(user: JsonObject) -> None:
    user["active"] = False


def _renamed(user: JsonObject) -> None:
    user["userName"] = f"former.{user['userName']}"


def _capitalised(user: JsonObject) -> None:
    name, _, domain = user["userName"].partition("@")
    user["userName"] = f"{name.title()}@{domain}"


def _without_external_id(user: JsonObject) -> None:
    user.pop("externalId")


# which of every sixty people Webex already knows, and how: 20 of them, 12 unchanged
_UNCHANGED = frozenset({1, 2, 4, 7, 10, 13, 16, 19, 22, 25, 40, 46})
_TWISTS: dict[int, Twist] = {
    3: _capitalised,
    9: _other_display_name,
    17: _other_display_name,
    21: _without_external_id,
    26: _other_title,
    47: _inactive,
    52: _inactive,
    54: _renamed,
}
_ELSEWHERE = frozenset({27})
