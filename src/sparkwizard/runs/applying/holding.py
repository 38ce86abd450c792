"""Hold back, once the organization is locked, removals that the preview could not know were wrong.

Design §6: a user linked by another profile is never removed, and nobody without a link is. What
holds at the preview is looked at again, because plans wait: another setup may have run meanwhile,
this one too, or the journal may be another.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.planning.safeguards import (
    IS_ADMINISTRATOR,
    LAST_ADMINISTRATOR,
    is_full_administrator,
)
from sparkwizard.provisioning.types import Action, ActionKind, Link, Reason, Stop
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.webex.scim import ScimClient

__all__ = ["Ownership", "held_back", "left", "removals_held", "stops_of"]


async def removals_held(
    todo: Sequence[ActionRecord],
    plan: Plan,
    links: Mapping[str, Link],
    run_id: int,
    *,
    journal: Journal,
    scim: ScimClient,
) -> list[Outcome]:
    """Return the outcomes of removals that are not to be carried out.

    ``links`` are this setup's by Webex id. Webex is asked only where a full administrator would
    lose access. Raises what reading it raises: nothing was written by then.
    """
    removing = [record for record in todo if record.action.kind.removes]
    if not removing:
        return []
    ownership = Ownership(
        ours=frozenset(links),
        elsewhere=journal.linked_elsewhere(plan.profile_id, plan.organization_id),
        newer_run=journal.ended_since(plan, besides=run_id),
    )
    held = list(held_back(removing, ownership))
    places = {outcome.seq for outcome in held}
    rest = [record for record in removing if record.seq not in places]
    return [*held, *await _last_administrators(rest, scim)]


async def _last_administrators(removing: Sequence[ActionRecord], scim: ScimClient) -> list[Outcome]:
    """Hold back full administrators where by now no other one would be left."""
    administrators = [r for r in removing if IS_ADMINISTRATOR in r.action.reasons]
    if not administrators:
        return []
    removed = {record.action.webex_id for record in removing}
    users = (await scim.list_users()).users
    if any(u.active and is_full_administrator(u) and u.id not in removed for u in users):
        return []
    return [left(record, LAST_ADMINISTRATOR) for record in administrators]


class Ownership(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what the journal knows now: Webex ids of this profile and of others.

    ``newer_run`` is a run of this profile that ended after the plan was made, None for none.
    """

    ours: frozenset[str]
    elsewhere: frozenset[str]
    newer_run: int | None = None

    def bar(self, action: Action) -> Reason | None:
        """Return why an action may not take somebody's access, None where it may or does not."""
        if not action.kind.removes:
            return None
        if action.webex_id in self.elsewhere:
            return _OTHER_PROFILE
        if action.webex_id not in self.ours:
            return _NOT_MANAGED
        if self.newer_run is not None:
            return Reason(
                "plan-superseded",
                f"Not removed: run {self.newer_run} of this setup ended after this plan was made."
                " Make a new preview.",
            )
        return None


_OTHER_PROFILE = Reason(
    "other-profile", "Not removed: another setup on this computer manages this user by now."
)
_NOT_MANAGED = Reason(
    "never-managed", "Not removed: the journal on this computer has no link to this user."
)


def held_back(records: Sequence[ActionRecord], ownership: Ownership) -> Iterator[Outcome]:
    """Yield the outcomes of removals that are not to be carried out."""
    for record in records:
        if bar := ownership.bar(record.action):
            yield left(record, bar)


def left(record: ActionRecord, why: Reason) -> Outcome:
    """Return the outcome of an action that is not to be carried out."""
    state = ActionState.NOT_ATTEMPTED
    return Outcome(record.seq, record.action, state, code=why.code, message=why.text)


def stops_of(records: Sequence[ActionRecord], held: Sequence[Outcome]) -> Iterator[Stop]:
    """Yield the kinds of actions of which every single one is held back."""
    planned = Counter(record.action.kind for record in records)
    stopped = Counter(outcome.action.kind for outcome in held)
    reasons = {outcome.action.kind: Reason(outcome.code, outcome.message) for outcome in held}
    for kind in ActionKind:
        if stopped[kind] and stopped[kind] == planned[kind]:
            yield Stop(kind, stopped[kind], reasons[kind])
