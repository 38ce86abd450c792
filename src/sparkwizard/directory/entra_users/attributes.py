"""Translate between Entra's own (legacy directory) names and those of Microsoft Graph.

Pure. Rules and filters use the old names (facts: entra.md §1), Graph answers under new ones; only
what is used is asked for.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from sparkwizard.directory.guest_names import presented_user_principal_name
from sparkwizard.provisioning.source.attributes import (
    IS_SOFT_DELETED,
    canonical,
    describe_source,
)
from sparkwizard.provisioning.types import Person, Reason

__all__ = ["NOT_IN_GRAPH", "USUAL", "Place", "Selection"]

_ORIGINAL_UPN = "originalUserPrincipalName"
_MANAGER = "manager"

# Entra's name -> (Graph's property, what to take of it); those with the same name are left out.
_ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "objectId": ("id", ""),
    "telephoneNumber": ("businessPhones", "first"),
    "mobile": ("mobilePhone", ""),
    "facsimileTelephoneNumber": ("faxNumber", ""),
    "physicalDeliveryOfficeName": ("officeLocation", ""),
    "dirSyncEnabled": ("onPremisesSyncEnabled", ""),
    "immutableId": ("onPremisesImmutableId", ""),
    "SamAccountName": ("onPremisesSamAccountName", ""),
    "invitationState": ("externalUserState", ""),
    "identityIssuer": ("identities", "issuer"),
    "alternateEmailAddress": ("otherMails", "first"),
    "division": ("employeeOrgData", "division"),
    "costCenter": ("employeeOrgData", "costCenter"),
    **{
        f"extensionAttribute{number}": (
            "onPremisesExtensionAttributes",
            f"extensionAttribute{number}",
        )
        for number in range(1, 16)
    },
}
# what Entra's provisioning knows and the user of Graph does not have
NOT_IN_GRAPH = frozenset(
    ("appRoleAssignments", "authenticationEmail", "authenticationAlternativePhoneNumber")
)
# a directory extension: its application's id, then its name ("Add custom data by extensions")
_EXTENSION = re.compile(r"extension_[0-9A-Fa-f]{32}_\w+")
# who somebody is, and whether they may sign in: asked for whatever the rules use
_ALWAYS = ("objectId", "userPrincipalName", "displayName", "mail", "accountEnabled", "userType")
# what a person may want to look at before there are rules
USUAL = (
    *("givenName", "surname", "mailNickname", "jobTitle", "department", "companyName"),
    *("employeeId", "telephoneNumber", "mobile", "physicalDeliveryOfficeName", "usageLocation"),
    *("city", "state", "country", "preferredLanguage"),
)
_EMPTY: tuple[object, ...] = ("", [])
# many people have the same values here: one text for all of them saves memory
_SHARED = frozenset(
    (
        *("givenName", "userType", "jobTitle", "department", "companyName", "usageLocation"),
        *("officeLocation", "city", "state", "country", "streetAddress", "postalCode"),
        *("preferredLanguage", "employeeType", "identities", "employeeOrgData"),
        "onPremisesExtensionAttributes",
    )
)


def _first(value: Any) -> object:
    return value[0] if isinstance(value, list) and value else None


def _issuer(value: Any) -> object:
    one = _first(value)
    return one.get("issuer") if isinstance(one, dict) else None


def _inner(name: str) -> Callable[[Any], object]:
    return lambda value: value.get(name) if isinstance(value, dict) else None


def _taking(what: str) -> Callable[[Any], object] | None:
    if not what:
        return None
    return {"first": _first, "issuer": _issuer}.get(what) or _inner(what)


class Place(NamedTuple):
    """Say where an attribute is in a user of Graph.

    ``graph`` is Graph's property, ``name`` Entra's name. ``what`` is taken of it: "" for all of it,
    "first" of a list, "issuer" of the first identity, else the property of an object. ``shared``
    says that many people have the same.
    """

    graph: str
    name: str
    what: str
    take: Callable[[Any], object] | None
    shared: bool

    @classmethod
    def of(cls, name: str) -> "Place":
        """Return the place of an attribute by Entra's name."""
        graph, what = _ELSEWHERE.get(name, (name, ""))
        return cls(graph, name, what, _taking(what), graph in _SHARED)


class Selection(msgspec.Struct, frozen=True):
    """Hold what is asked of Graph for each person, and make persons of what it answers.

    ``properties`` are Graph's names for ``$select``; ``managers`` says whether the manager is
    asked for too. ``columns`` are the attributes people can have then, by Entra's names; ``places``
    say where they are, and ``seen`` are texts that many have, once each.
    """

    properties: tuple[str, ...]
    columns: tuple[str, ...]
    managers: bool
    places: tuple[Place, ...]
    seen: dict[Any, Any] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Selection({self.properties})"  # what was seen is about people

    @classmethod
    def of(cls, attributes: Iterable[str]) -> "Selection":
        """Return the selection for what rules and filters use, by any of the names."""
        named = sorted(filter(_in_graph, map(canonical, attributes)))
        wanted = dict.fromkeys((*_ALWAYS, *named))
        managers = _MANAGER in wanted
        for name in (_MANAGER, _ORIGINAL_UPN, IS_SOFT_DELETED):
            wanted.pop(name, None)
        places = tuple(map(Place.of, wanted))
        asked = dict.fromkeys(place.graph for place in sorted(places, key=_is_taken))
        computed = (*((_MANAGER,) if managers else ()), _ORIGINAL_UPN, IS_SOFT_DELETED)
        return cls(tuple(asked), (*wanted, *computed), managers, places)

    @property
    def select(self) -> str:
        """Return the value of ``$select`` for people."""
        return ",".join(self.properties)

    @property
    def tracked(self) -> str:
        """Return the value of ``$select`` for a delta query: the manager counts as a property."""
        return ",".join((*self.properties, *((_MANAGER,) if self.managers else ())))

    @property
    def params(self) -> dict[str, str]:
        """Return the parameters that ask for people, managers included."""
        expand = {"$expand": "manager($select=id)"} if self.managers else {}
        return {"$select": self.select, **expand}

    def person(self, user: Any) -> Person | None:
        """Return the person in a user of Graph, None where it has no id."""
        if not isinstance(user, dict) or not isinstance(user.get("id"), str) or not user["id"]:
            return None
        found: dict[str, object] = {}
        for graph, name, _what, take, shared in self.places:
            value = user.get(graph)
            if take is not None:
                value = take(value)
            if value is not None and value not in _EMPTY:
                found[name] = self._text(value, shared=shared)
        return _completed(user, found)

    def _text(self, value: Any, *, shared: bool) -> object:
        """Return a value as rules know it: texts composed, booleans in words."""
        if isinstance(value, str):
            if not value.isascii():
                value = unicodedata.normalize("NFC", value)
            return self.seen.setdefault(value, value) if shared else value
        if isinstance(value, list):
            return [one for one in value if isinstance(one, str)] or value
        return str(value)


def _is_taken(place: Place) -> bool:
    return bool(place.what)


def _in_graph(name: str) -> bool:
    """Return whether Graph can be asked for an attribute: it refuses every name it lacks."""
    if name in NOT_IN_GRAPH:
        return False
    return describe_source(name) is not None or bool(_EXTENSION.fullmatch(name))


def _completed(user: dict[str, Any], found: dict[str, object]) -> Person:
    """Add what Entra computes, and return what is wrong with the person, if anything."""
    found[IS_SOFT_DELETED] = "True" if user.get("accountEnabled") is False else "False"
    name = found.get("userPrincipalName")
    if name.__class__ is not str:
        problem = Reason("no-user-principal-name", "The person has no userPrincipalName.")
        return Person(user["id"].lower(), found, problem=problem)
    found[_ORIGINAL_UPN] = name
    if "#" in name:
        found["userPrincipalName"] = presented_user_principal_name(name)
    manager = user.get(_MANAGER)
    own = manager.get("id") if isinstance(manager, dict) else None
    if own and isinstance(own, str):
        found[_MANAGER] = own.lower()
    return Person(user["id"].lower(), found)
