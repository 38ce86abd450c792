"""Turn managers of the source into users of Webex, in this plan or in its second pass.

A mapping rule for the manager yields whom the source names, by id or userPrincipalName; Webex wants
the id of its own user (facts/webex.md, 2b). A manager who is only created by the same plan is set
after that, by an action of its own; one who has no user here is left out, as Entra does.
"""

from collections.abc import Iterator, Mapping, Sequence

from sparkwizard.provisioning.mapping.filling import CompiledMapping
from sparkwizard.provisioning.target.schema import canonical_target, same_value
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, Link, Reason
from sparkwizard.values import replace

__all__ = ["MANAGER", "maps_managers", "settle_managers"]

MANAGER = canonical_target("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager")
_HAS_USER = frozenset((ActionKind.UPDATE, ActionKind.UNCHANGED, ActionKind.CREATE))


def maps_managers(mapping: CompiledMapping) -> bool:
    """Return whether a mapping has a rule for the manager."""
    return any(rule.target == MANAGER for rule in mapping.rules)


def settle_managers(
    actions: Sequence[Action], links: Mapping[str, Link], names: Mapping[str, str]
) -> tuple[Action, ...]:
    """Return the actions with managers as Webex knows them, those of the second pass at the end.

    ``links`` are this profile's by source id, ``names`` source ids by case-folded
    userPrincipalName.
    """
    known = _Known(actions, links, names)
    settled: list[Action] = []
    later: list[Action] = []
    for action in actions:
        change = next((one for one in action.changes if one.attribute == MANAGER), None)
        if change is None:
            settled.append(action)
        else:
            settled.append(known.settled(action, change))
            later += known.later(action, change)
    return (*settled, *later)


class _Known:
    """Know the users of people: those of the plan, and those that were linked before."""

    def __init__(
        self, actions: Sequence[Action], links: Mapping[str, Link], names: Mapping[str, str]
    ) -> None:
        self._users = {source_id: link.webex_id for source_id, link in links.items()}
        self._users |= {one.source_id: one.webex_id for one in actions if one.webex_id}
        self._created = {one.source_id: one for one in actions if one.kind is ActionKind.CREATE}
        linked = {
            name.casefold(): link.source_id
            for link in links.values()
            for name in (link.user_name, link.sign_in)
            if name
        }
        self._names = {**linked, **names}

    def settled(self, action: Action, change: Change) -> Action:
        """Return an action with the manager's user, or without the manager and with the reason."""
        source_id = self._source_id(change)
        others = tuple(one for one in action.changes if one is not change)
        user = self._users.get(source_id)
        if user is None:
            reason = _LATER if source_id in self._created else _NOBODY
            return _less(replace(action, reasons=(*action.reasons, reason)), others)
        if same_value(MANAGER, change.before, user):
            return _less(action, others)
        now = Change(MANAGER, change.before, user)
        return replace(action, changes=tuple(now if c is change else c for c in action.changes))

    def later(self, action: Action, change: Change) -> Iterator[Action]:
        """Yield the action that sets a manager who is created by the same plan."""
        source_id = self._source_id(change)
        manager = self._created.get(source_id)
        if manager is None or action.kind not in _HAS_USER:
            return
        creating = action.kind is ActionKind.CREATE
        yield replace(
            action,
            kind=ActionKind.UPDATE,
            changes=(Change(MANAGER, change.before, manager.user_name),),
            before={MANAGER: change.before} if creating else _after_first_pass(action),
            reasons=(
                Reason(
                    "second-pass", f"The manager is {manager.label}, once there is a user for them."
                ),
            ),
            refers_to=source_id,
        )

    def _source_id(self, change: Change) -> str:
        text = str(change.after or "").strip()
        if text.lower() in self._users or text.lower() in self._created:
            return text.lower()
        return self._names.get(text.casefold(), text.lower())


def _after_first_pass(action: Action) -> Mapping[str, Json]:
    """Return what a user is like once the first pass was there: that is no drift in the second."""
    written = {one.attribute: one.after for one in action.changes if one.attribute != MANAGER}
    return {**action.before, **written}


def _less(action: Action, changes: tuple[Change, ...]) -> Action:
    """Return an action without the manager: an update of nothing else leaves all as it is."""
    if not changes and action.kind is ActionKind.UPDATE:
        return replace(action, kind=ActionKind.UNCHANGED, changes=())
    return replace(action, changes=changes)


_LATER = Reason("manager-later", "The manager is set at the end of the run, once they are there.")
_NOBODY = Reason(
    "manager-unknown",
    "The manager is left as it is: whoever the source names has no Webex user of this setup.",
)
