"""One saved setup, as values. The files are in ``store``; secrets are nowhere in here."""

import unicodedata
import uuid
from typing import Literal

import msgspec

from sparkwizard.provisioning.types import Actions, Filter, MappingRule, RemovalLimit
from sparkwizard.values import replace

__all__ = [
    "CloudSettings",
    "GroupSettings",
    "Notifications",
    "Profile",
    "Safeguards",
    "ScopeSettings",
    "SmtpSettings",
    "SourceSettings",
    "WebexSettings",
]

PROFILE_NAMESPACE = uuid.UUID("6f2f0c52-6f3a-5d0e-9f0f-3b8a1c0d7e11")


class WebexSettings(msgspec.Struct, frozen=True):
    """Say where people go. ``api_url`` is empty unless the profile names it (design §6).

    ``entra_tenant_url`` is what Entra is told where that is not the derived form; else empty.
    """

    tenant_url: str = ""
    organization_id: str = ""
    api_url: str = ""
    entra_tenant_url: str = ""


class SourceSettings(msgspec.Struct, frozen=True):
    """Say where people come from. A ``path`` is as written, relative to the profile's folder."""

    kind: Literal["csv", "entra"] = "csv"
    path: str = ""
    tenant: str = ""
    client_id: str = ""
    graph_url: str = ""


class ScopeSettings(msgspec.Struct, frozen=True):
    """Say who is in scope."""

    people: Literal["all", "assigned"] = "all"
    groups: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()


class GroupSettings(msgspec.Struct, frozen=True):
    """Say whether groups go to Webex too, and by which rules; no rules are the default ones."""

    provision: bool = False
    mapping: tuple[MappingRule, ...] = ()


class CloudSettings(msgspec.Struct, frozen=True):
    """Say how Microsoft Entra's own provisioning service runs this setup, and where.

    ``application_id`` is the object ID of the enterprise application (its service principal) and
    ``job_id`` its provisioning job; both are empty until they are known. ``name`` is what a new
    application is called. ``assign`` are object IDs of people and groups to be assigned beside
    ``[scope] groups``. ``delete_threshold`` is Entra's guard against accidental deletions; 0 is
    off. ``renew_by`` is the day the Secret Token given to Entra ends, as ``2027-11-28``.
    """

    application: Literal["gallery", "existing", "non-gallery"] = "gallery"
    name: str = ""
    application_id: str = ""
    job_id: str = ""
    assign: tuple[str, ...] = ()
    delete_threshold: int = 500
    renew_by: str = ""


class Safeguards(msgspec.Struct, frozen=True):
    """Hold the limits of one run.

    ``never_touch`` names people that nothing is ever done to, by userPrincipalName, userName or
    objectId; a ``*`` may stand at the start or the end. A plan older than ``max_plan_age_hours``
    is not applied.
    """

    max_removals: RemovalLimit = RemovalLimit()
    never_touch: tuple[str, ...] = ()
    max_plan_age_hours: int = 24


class SmtpSettings(msgspec.Struct, frozen=True):
    """Say which server takes the mail; an empty ``host`` is none. The password is elsewhere.

    ``port`` 0 is the usual one of the ``security``. An empty ``sender`` is the first addressee.
    """

    host: str = ""
    port: int = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    sender: str = ""

    @property
    def real_port(self) -> int:
        """Return the port to connect to."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]


class Notifications(msgspec.Struct, frozen=True):
    """Say whom to write to, after failures or after every run. An empty ``email`` is off."""

    email: str = ""
    on_failure: bool = True
    every_run: bool = False
    smtp: SmtpSettings = SmtpSettings()


class Profile(msgspec.Struct, frozen=True):
    """Hold one saved setup, the same on every machine and without secrets."""

    name: str
    webex: WebexSettings = WebexSettings()
    source: SourceSettings = SourceSettings()
    scope: ScopeSettings = ScopeSettings()
    mapping: tuple[MappingRule, ...] = ()
    actions: Actions = Actions()
    safeguards: Safeguards = Safeguards()
    notifications: Notifications = Notifications()
    groups: GroupSettings = GroupSettings()
    cloud: CloudSettings = CloudSettings()
    explicit_id: str = ""

    @property
    def id(self) -> str:
        """Return the profile's id: its own, else a UUIDv5 of organization and name (design §6)."""
        if self.explicit_id:
            return self.explicit_id
        name = unicodedata.normalize("NFC", self.name)  # macOS hands out names taken apart
        return str(uuid.uuid5(PROFILE_NAMESPACE, f"{self.webex.organization_id}\n{name}"))

    def renamed(self, name: str) -> "Profile":
        """Return the setup under another name, still in charge of the people it made."""
        return replace(self, name=name, explicit_id=self.id)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what a plan rests on: all but name, notifications and cloud.

        Groups count where they are provisioned: a plan without them does not rest on their rules,
        and setups from before there were groups keep their digest. So do later safeguards, which
        count where they were chosen.
        """
        parts = ("source", "scope", "actions")
        content = {name: msgspec.to_builtins(getattr(self, name)) for name in parts}
        content["webex"] = _addresses(self.webex)
        content["safeguards"] = _chosen(self.safeguards)
        rules: dict[str, object] = {"mapping": [msgspec.to_builtins(rule) for rule in self.mapping]}
        if self.groups.provision:
            rules["groups"] = msgspec.to_builtins(self.groups)
        return _digest(content | rules)

    @property
    def source_digest(self) -> str:
        """Return the SHA-256 of the ``[source]`` section: a changed one plans no removals."""
        return _digest(msgspec.to_builtins(self.source))


def _addresses(webex: WebexSettings) -> dict[str, object]:
    """Return the addresses that count: what Entra is told only where it was chosen."""
    content: dict[str, object] = msgspec.to_builtins(webex)
    if not webex.entra_tenant_url:
        del content["entra_tenant_url"]
    return content


def _chosen(safeguards: Safeguards) -> dict[str, object]:
    """Return the safeguards that count: the limit on removals always, others where chosen."""
    usual = msgspec.to_builtins(Safeguards())
    return {
        name: value
        for name, value in msgspec.to_builtins(safeguards).items()
        if name == "max_removals" or value != usual[name]
    }


def _digest(value: object) -> str:
    import hashlib  # noqa: PLC0415 -- many commands ask for no digest

    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()
