"""Whatever happens to groups on both sides: members are the source's, and others' people stay."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sparkwizard.net.retry import set_waiting
from tests.examples import examples
from tests.runs.cycles.test_cycles import sync
from tests.runs.groups.conftest import Grouped, named, open_grouped
from tests.runs.tenant import Person

PEOPLE = range(5)
NAMES = ("Sales", "Support")
GUEST = "guest@fabrikam.example"


@dataclass(frozen=True)
class Step:
    """One moment: who is employed, who is in which group, and what others did in Webex."""

    employed: frozenset[int]
    groups: dict[str, frozenset[int]]
    complete: bool
    others_add: str
    full: bool


def steps() -> st.SearchStrategy[Step]:
    some = st.frozensets(st.sampled_from(PEOPLE), max_size=5)
    return st.builds(
        Step,
        employed=some.map(lambda found: found | {0}),
        groups=st.dictionaries(st.sampled_from(NAMES), some, max_size=2),
        complete=st.booleans(),
        others_add=st.sampled_from(("", *NAMES)),
        full=st.booleans(),
    )


async def follow(grouped: Grouped, history: list[Step]) -> None:
    company = grouped.company
    company.employs([Person(0)])
    await company.create(GUEST, displayName="Guest")
    guests: set[str] = set()
    for step in history:
        company.employs([Person(number) for number in sorted(step.employed)])
        grouped.groups.clear()
        for name, members in step.groups.items():
            grouped.has(name, *members)
        grouped.has("Always", 0)  # a source without any group is told, and nobody leaves
        grouped.complete = step.complete
        if step.others_add in grouped.in_webex:
            await grouped.others_add(step.others_add, GUEST)
            guests.add(step.others_add)
        before = {name: grouped.members(name) for name in NAMES if name in grouped.in_webex}
        await sync(company, full=step.full)
        for name, were in before.items():
            now = grouped.members(name)
            assert ("Guest" in now) == (name in guests)
            if not step.complete:
                assert were <= now, "nobody leaves a group after an incomplete read"
    await settle(grouped, history[-1], guests)


async def settle(grouped: Grouped, last: Step, guests: set[str]) -> None:
    """Read everything whole at last: both sides agree, and a second look finds nothing to do."""
    grouped.complete = True
    await sync(grouped.company, full=True)
    active = {u["displayName"] for u in grouped.company.all_users if u.get("active") is not False}
    for name in NAMES:
        wanted = named(*last.groups.get(name, ()))
        if name not in grouped.in_webex:
            assert name not in last.groups
            continue
        members = grouped.members(name)
        assert members & active - {"Guest"} == wanted & active
        assert members - {"Guest"} <= wanted
        assert ("Guest" in members) == (name in guests)
    plan = await grouped.preview()
    assert plan.groups_to_write == ()


@given(history=st.lists(steps(), min_size=1, max_size=4))
@settings(max_examples=examples(8), phases=[Phase.explicit, Phase.generate])
def test_after_any_history_groups_hold_the_sources_people_and_those_of_others(
    history: list[Step],
) -> None:
    async def main() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_grouped(Path(folder)) as grouped:
                await follow(grouped, history)

    set_waiting(False)
    try:
        asyncio.run(main())
    finally:
        set_waiting(True)
