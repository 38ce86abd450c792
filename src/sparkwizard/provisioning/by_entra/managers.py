"""Foretell managers: the service links who has a user, and in its second pass who just got one."""

from collections.abc import Iterable

from msgspec import UNSET

from sparkwizard.provisioning.by_entra.types import EntraRules, EntraSituation
from sparkwizard.provisioning.mapping.references import MANAGER, maps_managers, settle_managers
from sparkwizard.provisioning.types import Action, ActionKind, Link
from sparkwizard.values import replace

__all__ = ["folded", "with_managers"]


def with_managers(
    actions: tuple[Action, ...], rules: EntraRules, seen: EntraSituation
) -> tuple[Action, ...]:
    """Return the actions with managers as Webex knows them, still one for each person.

    References are written by updates of their own: where those are off, nobody gets a manager.
    """
    if not maps_managers(rules.mapping):
        return actions
    if not rules.actions.update:
        return tuple(map(_without, actions))
    links = {one: Link(one, webex_id) for one, webex_id in seen.known.items()}
    names = {
        person.user_principal_name.casefold(): person.source_id for person in seen.population.people
    }
    return folded(settle_managers(actions, links, names))


def _without(action: Action) -> Action:
    changes = tuple(change for change in action.changes if change.attribute != MANAGER)
    return replace(action, changes=changes)


def folded(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the actions with those of a second pass put into their person's own."""
    found: dict[str, Action] = {}
    for number, action in enumerate(actions):
        own = found.get(action.source_id)
        if action.refers_to is UNSET or own is None:
            key = action.source_id if own is None else f"{action.source_id}\n{number}"
            found[key] = action
            continue
        kind = ActionKind.UPDATE if own.kind is ActionKind.UNCHANGED else own.kind
        found[action.source_id] = replace(
            own,
            kind=kind,
            changes=(*own.changes, *action.changes),
            refers_to=action.refers_to,
        )
    return tuple(found.values())
