"""Hold the state of the simulated Webex: one organization, and a glimpse of another."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from sparkwizard.practice.faults import Faults
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import CISCO_GROUP, CISCO_USER, GROUP, USER, ResourceKind
from sparkwizard.practice.webex.store import Record, Store
from sparkwizard.practice.webex.tokens import Tokens

_ORGANIZATION_KEYS = {USER.name: "organizationId", GROUP.name: "organizationID"}
_CISCO_SECTIONS = {USER.name: CISCO_USER, GROUP.name: CISCO_GROUP}


@dataclass(slots=True)
class Licence:
    """Describe one licence of the organization; ``calling`` ones need a phone number."""

    id: str
    name: str
    total: int
    calling: bool = False
    site: str | None = None
    holders: set[str] = field(default_factory=set)


@dataclass(slots=True)
class ActivationJob:
    """Describe one run that sends activation e-mails again."""

    id: str
    number: int
    tracking_id: str
    asked_by: str
    started: str
    waiting: tuple[str, ...]
    ended: str | None = None


class World:
    """Hold users, groups, licences, tokens and jobs, and stamp what is written."""

    def __init__(
        self, *, base_url: str, seed: int, faults: Faults, clock: Callable[[], float]
    ) -> None:
        self.base_url = base_url
        self.faults = faults
        self.clock = clock
        self.chance = random.Random(seed)  # noqa: S311 - repeatable identifiers, no secret
        self.organization_id = self.new_id()
        self.other_organization_id = self.new_id()
        self.users = Store(clock)
        self.groups = Store(clock)
        self.taken_elsewhere: set[str] = set()
        self.tokens = Tokens(())
        self.licences: dict[str, Licence] = {}
        self.attendees: dict[str, set[str]] = {}
        self.jobs: dict[str, ActivationJob] = {}
        self._revision = self.chance.randrange(10**9, 10**10)

    @property
    def tenant_url(self) -> str:
        """Return the address under which this organization's SCIM interface answers."""
        return f"{self.base_url}/identity/scim/{self.organization_id}/v2"

    def new_id(self) -> str:
        """Return the next identifier, a UUID drawn from the seed."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def now(self) -> str:
        """Return the current time as Webex writes it."""
        return timestamp(self.clock())

    def write(
        self, kind: ResourceKind, key: str, content: JsonObject, *, old: Record | None = None
    ) -> Record:
        """Store a resource with its id, schemas and meta, and return what was stored.

        An unchanged resource keeps its version and its time of change.
        """
        before = old.decode() if old else {"id": self.new_id(), "meta": {}}
        body = self._dress(kind, content, before)
        if old is not None and body == before:
            return old
        self._revision += 1
        now = self.now()
        body["meta"]["version"] = f'W/"{self._revision}"'
        body["meta"]["lastModified"] = now
        record = Record(body["id"], key.casefold(), now, msgspec.json.encode(body))
        self.store(kind).put(record, remember_for=self.faults.list_lag)
        return record

    def remove(self, kind: ResourceKind, identifier: str) -> None:
        """Delete a resource for good."""
        self.store(kind).remove(identifier, remember_for=self.faults.list_lag)

    def store(self, kind: ResourceKind) -> Store:
        """Return where resources of this kind are kept."""
        return self.users if kind is USER else self.groups

    def _dress(self, kind: ResourceKind, content: JsonObject, before: JsonObject) -> JsonObject:
        core = {key: value for key, value in content.items() if not key.startswith("urn:")}
        sections = {urn: content[urn] for urn, _ in kind.extensions if content.get(urn)}
        cisco = _CISCO_SECTIONS[kind.name]
        sections[cisco] = {
            **sections.get(cisco, {}),
            "meta": {_ORGANIZATION_KEYS[kind.name]: self.organization_id},
        }
        identifier = before["id"]
        meta = before["meta"]
        return {
            "schemas": [kind.core, *sections],
            "id": identifier,
            **core,
            **sections,
            "meta": {
                "resourceType": kind.name,
                "location": f"{self.tenant_url}/{kind.name}s/{identifier}",
                "version": meta.get("version"),
                "created": meta.get("created") or self.now(),
                "lastModified": meta.get("lastModified"),
            },
        }


def timestamp(seconds: float) -> str:
    """Write epoch seconds as Webex does: UTC with milliseconds and a Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
