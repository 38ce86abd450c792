"""A plan: what a preview yields and apply carries out exactly. Frozen, hashed, readable."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

import msgspec

from sparkwizard.errors import PlanError, SafeguardStop
from sparkwizard.provisioning.groups.types import GroupPlan
from sparkwizard.provisioning.types import LET_GO, Action, ActionKind, Counts, Reason, Stop
from sparkwizard.values import replace

__all__ = ["Plan", "count", "read_plan", "write_plan"]

VERSION = 1


class Plan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Hold every action of a preview, with what it rests on.

    ``profile_digest`` is of the profile's webex, source, scope, mapping, actions and safeguards.
    ``managed_active`` counts the users of this profile that were active before; ``stops`` are the
    classes of actions that a safeguard holds back. ``operator_guarded`` is False where the token's
    owner could not be told, ``source_confirmed`` where people come from a new source that nobody
    confirmed. ``undoes`` is the run whose inverse this is; it is unset, and left out of the JSON,
    where it is none, so that plans of versions without it keep their digest; so is ``cycle``, which
    is ``incremental`` where only what changed was read, and so are ``groups``, where none are
    provisioned. ``digest`` is the SHA-256 over all the rest, empty until sealed.

    What goes through all actions is worked out once, in a place that no slots would leave: a window
    asks for it often, and each time it would take some 10 ms.
    """

    created_at: datetime
    profile_id: str
    profile_name: str
    profile_digest: str
    source_digest: str
    organization_id: str
    tenant_url: str
    actions: tuple[Action, ...] = ()
    stops: tuple[Stop, ...] = ()
    findings: tuple[Reason, ...] = ()
    source_complete: bool = True
    users_complete: bool = True
    managed_active: int = 0
    removals_allowed: int = 0
    operator_guarded: bool = True
    source_confirmed: bool = True
    people_read: int = 0
    users_read: int = 0
    undoes: int | msgspec.UnsetType = msgspec.UNSET
    cycle: str | msgspec.UnsetType = msgspec.UNSET
    groups: GroupPlan | msgspec.UnsetType = msgspec.UNSET
    version: int = VERSION
    digest: str = ""

    @cached_property
    def counts(self) -> Counts:
        """Return the actions counted by kind."""
        return count(self.actions)

    @cached_property
    def stopped(self) -> frozenset[ActionKind]:
        """Return the kinds of actions that are held back."""
        return frozenset(stop.action for stop in self.stops)

    @cached_property
    def to_write(self) -> tuple[Action, ...]:
        """Return the actions that apply would carry out, those held back left out."""
        held = self.stopped
        return tuple(a for a in self.actions if a.kind.writes and a.kind not in held)

    @property
    def groups_to_write(self) -> tuple[Action, ...]:
        """Return what apply would do to groups."""
        return self.groups.to_write if self.groups else ()

    @property
    def writes(self) -> bool:
        """Return whether applying this changes anything in Webex, people or groups."""
        return bool(self.to_write or self.groups_to_write)

    @cached_property
    def lets_go(self) -> int:
        """Return of how many users and groups this setup lets go without a change in Webex."""
        groups = self.groups.actions if self.groups else ()
        every = (*self.actions, *groups) if self.is_undo else ()
        return sum(not a.kind.writes and any(r.code == LET_GO for r in a.reasons) for a in every)

    @property
    def is_undo(self) -> bool:
        """Return whether this is the inverse of a run."""
        return self.undoes is not msgspec.UNSET

    @property
    def is_incremental(self) -> bool:
        """Return whether only what changed was read to make this."""
        return self.cycle is not msgspec.UNSET

    def sealed(self) -> "Plan":
        """Return this plan with its digest."""
        return replace(self, digest=_digest(self))


def count(actions: Iterable[Action]) -> Counts:
    """Count actions by kind."""
    return Counts(**{kind.value: n for kind, n in Counter(a.kind for a in actions).items()})


def write_plan(plan: Plan) -> bytes:
    """Encode a sealed plan as indented JSON with its counts beside it."""
    document = msgspec.to_builtins(plan) | {"counts": plan.counts.as_dict()}
    if plan.groups:
        document["group_counts"] = plan.groups.counts.as_dict()
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def read_plan(data: bytes) -> Plan:
    """Decode a plan and check its digest.

    Raises PlanError where the text is no plan or of another version, SafeguardStop where it was
    changed after it was made.
    """
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlanError(
            "This file is not a plan of SparkWizard, or it is damaged.",
            fix="Make a new one with the preview.",
        ) from error
    if plan.version != VERSION:
        raise PlanError(
            f"This plan was made by another version of SparkWizard (format {plan.version}).",
            fix="Make a new one with the preview.",
        )
    if plan.digest != _digest(plan):
        raise SafeguardStop(
            "This plan was changed after it was made: its content does not match its hash.",
            fix="Make a new one with the preview.",
            code="plan-changed",
        )
    return plan


def _digest(plan: Plan) -> str:
    """Return the SHA-256 over the plan's JSON, made piece by piece.

    Encoding 100,000 actions at once would hold every other thread for an eighth of a second.
    """
    import hashlib  # noqa: PLC0415 -- most that is read with plans seals none

    # only texts stand before the actions, and no text holds a quote that is not escaped
    before, found, after = _encoded(replace(plan, digest="", actions=())).partition(_NO_ACTIONS)
    assert found
    digest = hashlib.sha256(before + _NO_ACTIONS[:-1])
    for start in range(0, len(plan.actions), _PIECE):
        comma = b"," if start else b""
        digest.update(comma + _encoded(plan.actions[start : start + _PIECE])[1:-1])
    digest.update(_NO_ACTIONS[-1:] + after)
    return digest.hexdigest()


_NO_ACTIONS = b',"actions":[]'
_PIECE = 500


def _encoded(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
