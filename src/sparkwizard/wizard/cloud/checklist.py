"""The set-up by hand, for who may not write: each point with its values, its page and its state.

What Graph could be asked is checked there; for the rest whoever did it ticks it off.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from sparkwizard.entra.provisioning_job.planning.changes import tenant_changes
from sparkwizard.entra.provisioning_job.planning.schema import rule_words
from sparkwizard.entra.provisioning_job.types import Desired, Step, TenantChange, TenantState
from sparkwizard.errors import MappingError
from sparkwizard.provisioning.scoping.scope import sentence
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.links import (
    applications_page,
    assignments_page,
    gallery_page,
    provisioning_page,
)

__all__ = ["ChecklistItem", "CopyValue", "ItemState", "checklist", "done_count"]


class ItemState(StrEnum):
    """Name how a point stands; ``TICKED`` was said by hand, the others but ``OPEN`` by Graph."""

    DONE = "done"
    OPEN = "open"
    TICKED = "ticked"
    UNKNOWN = "unknown"


class CopyValue(msgspec.Struct, frozen=True):
    """Hold one value to be copied; a ``secret`` one is empty here and comes from the keyring."""

    label: str
    value: str
    secret: bool = False


class ChecklistItem(msgspec.Struct, frozen=True):
    """Hold one point: what to do, with what, where, and how it stands.

    ``link`` opens the page, "" where there is none; ``way`` tells the rest of the way. ``by_hand``
    tells that it can be ticked off: Graph could not be asked. ``left`` says what Graph misses.
    """

    key: str
    title: str
    text: str
    values: tuple[CopyValue, ...]
    link: str
    way: tuple[str, ...]
    state: ItemState
    left: tuple[str, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Return whether whoever did it has to say so."""
        return self.state in (ItemState.TICKED, ItemState.UNKNOWN)


def done_count(items: tuple[ChecklistItem, ...]) -> int:
    """Return how many points are done."""
    return sum(item.state in (ItemState.DONE, ItemState.TICKED) for item in items)


def checklist(
    desired: Desired,
    state: TenantState,
    ticks: frozenset[str] = frozenset(),
    graph_url: str = "",
) -> tuple[ChecklistItem, ...]:
    """Return all points in their order. ``graph_url`` is the setup's: each cloud has its portal."""
    maker = _Maker(desired, state, ticks, graph_url)
    return tuple(maker.items())


_WAY = ("Enterprise applications", "{name}", "Provisioning")
_MAPPING_WAY = (*_WAY, "Mappings", "Provision Microsoft Entra ID Users")


class _Maker:
    def __init__(
        self, desired: Desired, state: TenantState, ticks: frozenset[str], graph_url: str
    ) -> None:
        self._desired, self._state, self._ticks = desired, state, ticks
        self._page = provisioning_page(state.application, graph_url)
        self._assignments_page = assignments_page(state.application, graph_url)
        existing = desired.application == "existing"
        self._add_page = applications_page(graph_url) if existing else gallery_page(graph_url)
        self._name = state.application.name if state.application else desired.name
        self._open = _open_changes(desired, state)

    def items(self) -> Iterator[ChecklistItem]:
        yield self._application()
        if self._desired.assign:
            yield self._assignments()
        yield self._automatic()
        yield self._credentials()
        yield self._notification()
        yield self._mapping()
        if self._desired.filters:
            yield self._filters()
        yield self._groups()
        yield self._scope()
        yield self._status()

    # -- the points -----------------------------------------------------------------------------

    def _application(self) -> ChecklistItem:
        found = self._state.application is not None
        existing = self._desired.application == "existing"
        texts = {
            "gallery": "Choose it in the gallery, and name it",
            "non-gallery": "Create your own application, non-gallery, and call it",
            "existing": "Open it in the list of enterprise applications:",
        }
        name = self._name if existing else self._desired.name
        return ChecklistItem(
            "application",
            "Find the application" if existing else "Add the application",
            f"{texts[self._desired.application]} {name}.",
            (CopyValue("Name", name),),
            self._add_page,
            ("Enterprise applications", name if existing else "New application"),
            self._hand("application") if self._blind("application") else _state(done=found),
        )

    def _assignments(self) -> ChecklistItem:
        known = {one.id: one.label for one in self._state.principals}
        values = (CopyValue("Assign", known.get(one, one)) for one in self._desired.assign)
        return self._item(
            "assignments",
            "Assign people and groups",
            "Only who is assigned is provisioned; of a group, its direct members.",
            values=tuple(values),
            way=("Enterprise applications", "{name}", "Users and groups", "Add user/group"),
            mine=lambda change: change.step is Step.ASSIGNMENTS,
            seen=not self._unread("who is assigned"),
            page=self._assignments_page,
        )

    def _automatic(self) -> ChecklistItem:
        return self._item(
            "automatic",
            "Set the provisioning mode",
            "Set Provisioning Mode to Automatic.",
            values=(CopyValue("Provisioning Mode", "Automatic"),),
            way=_WAY,
            mine=lambda change: change.step is Step.JOB,
            seen=not self._unread("the provisioning"),
        )

    def _credentials(self) -> ChecklistItem:
        return self._item(
            "credentials",
            "Enter the admin credentials",
            "Enter both, choose Test Connection, and save once it succeeded.",
            values=(
                CopyValue("Tenant URL", self._desired.tenant_url),
                CopyValue("Secret Token", "", secret=True),
            ),
            way=(*_WAY, "Admin Credentials"),
            mine=lambda change: change.key in ("setting:tenant-url", "setting:secret-token"),
            seen=self._has_settings and self._state.credentials_work is not None,
        )

    def _notification(self) -> ChecklistItem:
        wanted = self._desired
        box = "Send an email notification when a failure occurs"
        guard = "Prevent accidental deletion"
        limit = str(wanted.delete_threshold) if wanted.delete_threshold else "off"
        return self._item(
            "notification",
            "Set notification and deletion guard",
            "Fill the notification, tick its box as told, and set the limit.",
            values=(
                CopyValue("Notification Email", wanted.email),
                CopyValue(box, "on" if wanted.notify else "off"),
                CopyValue(guard, limit),
            ),
            way=(*_WAY, "Settings"),
            mine=lambda change: change.key in ("setting:notification", "setting:delete-threshold"),
            seen=self._has_settings,
        )

    def _mapping(self) -> ChecklistItem:
        rules = self._desired.user_rules
        return self._item(
            "mapping",
            "Write the attribute mapping",
            "Make each of these rules, and remove those that are not among them.",
            values=tuple(CopyValue(rule.target, rule_words(rule)) for rule in rules),
            way=_MAPPING_WAY,
            mine=lambda change: change.key.startswith(("rule:", "actions", "users-on", "template")),
            seen=self._state.schema is not None,
        )

    def _filters(self) -> ChecklistItem:
        values = (
            CopyValue(one.name, " and ".join(sentence(clause) for clause in one.clauses))
            for one in self._desired.filters
        )
        return self._item(
            "filters",
            "Write the scoping filters",
            "Clauses of one filter must all hold; of several filters, one.",
            values=tuple(values),
            way=(*_MAPPING_WAY, "Source Object Scope"),
            mine=lambda change: change.key == "filters",
            seen=self._state.schema is not None,
        )

    def _groups(self) -> ChecklistItem:
        on = "Yes" if self._desired.provision_groups else "No"
        return self._item(
            "groups",
            "Switch groups on or off",
            "Set Enabled of the groups' mapping, and save.",
            values=(CopyValue("Enabled", on),),
            way=(*_WAY, "Mappings", "Provision Microsoft Entra ID Groups"),
            mine=lambda change: change.key.startswith(("groups", "group-rule:")),
            seen=self._state.schema is not None,
        )

    def _scope(self) -> ChecklistItem:
        every = "Sync all users and groups"
        scope = every if self._desired.sync_all else "Sync only assigned users and groups"
        return self._item(
            "scope",
            "Choose the scope",
            "Who is not in it is turned off in Webex once they were provisioned.",
            values=(CopyValue("Scope", scope),),
            way=(*_WAY, "Settings"),
            mine=lambda change: change.key == "setting:scope",
            seen=self._has_settings,
        )

    def _status(self) -> ChecklistItem:
        return self._item(
            "status",
            "Switch provisioning on",
            "Set Provisioning Status to On, and save. The first cycle begins at once.",
            values=(CopyValue("Provisioning Status", "On"),),
            way=_WAY,
            mine=lambda change: change.step is Step.STATUS,
            seen=self._state.job is not None,
        )

    # -- how they stand -------------------------------------------------------------------------

    @property
    def _has_settings(self) -> bool:
        return self._state.job is not None

    def _item(
        self,
        key: str,
        title: str,
        text: str,
        *,
        values: tuple[CopyValue, ...],
        way: tuple[str, ...],
        mine: Callable[[TenantChange], bool],
        seen: bool,
        page: str = "",
    ) -> ChecklistItem:
        left = tuple(change.sentence for change in self._open if mine(change)) if seen else ()
        state = _state(done=not left) if seen else self._unseen(key)
        told = tuple(part.format(name=self._name) for part in way)
        return ChecklistItem(key, title, text, values, page or self._page, told, state, left)

    def _unseen(self, key: str) -> ItemState:
        """Return the state of what can't be checked: not yet there, or not to be read."""
        nothing_there = self._state.job is None and not self._state.unreadable
        if nothing_there and key != "credentials":
            return ItemState.TICKED if key in self._ticks else ItemState.OPEN
        return self._hand(key)

    def _hand(self, key: str) -> ItemState:
        return ItemState.TICKED if key in self._ticks else ItemState.UNKNOWN

    def _blind(self, key: str) -> bool:
        return self._state.application is None and self._unread(key)

    def _unread(self, what: str) -> bool:
        return any(what in reason.text.lower() for reason in self._state.unreadable)


def _state(*, done: bool) -> ItemState:
    return ItemState.DONE if done else ItemState.OPEN


def _open_changes(desired: Desired, state: TenantState) -> tuple[TenantChange, ...]:
    """Return what the tenant still misses, as if everything could be sent."""
    wanted = replace(desired, on=True, token_at_hand=True, new_token=False)
    try:
        return tenant_changes(wanted, replace(state, masked=frozenset(("SecretToken",))))
    except MappingError:
        return ()
