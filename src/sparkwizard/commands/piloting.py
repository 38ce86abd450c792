"""Begin an apply with few people: those who cover the most of what the plan does."""

import asyncio

from sparkwizard.commands.telling.output import Output
from sparkwizard.provisioning.pilot import pilot_order
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Person
from sparkwizard.runs.services import LocalServices
from sparkwizard.setup.store import LoadedProfile, effective_mapping

__all__ = ["order_of", "pilot_of"]

LISTED = 20


async def pilot_of(
    plan: Plan, size: int, loaded: LoadedProfile, services: LocalServices, output: Output
) -> frozenset[str]:
    """Return the source ids of a pilot, and tell who they are. Raises SourceError."""
    chosen = frozenset((await order_of(plan, loaded, services))[:size])
    names = [one.user_name for one in plan.to_write if one.source_id in chosen]
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    groups = ". Groups stay as they are until everybody is applied" if plan.groups_to_write else ""
    output.progress(f"Pilot of {len(names):,}: {', '.join(names[:LISTED])}{more}{groups}")
    return chosen


async def order_of(plan: Plan, loaded: LoadedProfile, services: LocalServices) -> tuple[str, ...]:
    """Return the source ids of all whom a plan writes, those who cover the most of it first.

    An undo writes what a run wrote, whatever the people are now: they are not read for it. Raises
    SourceError.
    """
    people: tuple[Person, ...] = ()
    if not plan.is_undo:
        profile = loaded.profile
        read = await services.read_people(profile.source, loaded.base_dir, profile=profile)
        people = read.people
    rules = effective_mapping(loaded.profile)
    return await asyncio.to_thread(pilot_order, plan, rules, people, plan.created_at)
