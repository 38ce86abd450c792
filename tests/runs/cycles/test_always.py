"""Whatever happens to the file: after an incremental cycle a full preview plans nothing."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from sparkwizard.net.retry import set_waiting
from sparkwizard.provisioning.types import RemovalLimit
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.values import replace
from tests.examples import examples
from tests.runs.cycles.test_cycles import sync
from tests.runs.tenant import Company, Person, open_company

TITLES = st.sampled_from(["Engineer", "Chief"])
NAMES = st.sampled_from(["", "first@fabrikam.example", "second@fabrikam.example"])
PEOPLE = st.dictionaries(st.integers(1, 6), st.tuples(TITLES, st.booleans(), NAMES), max_size=6)


def rows(state: dict[int, tuple[str, bool, str]]) -> list[Person]:
    """Return the people of a file, each name given once; one who always stays is among them."""
    given_names: set[str] = set()
    found = [Person(0)]
    for number, (title, enabled, name) in state.items():
        own = "" if name in given_names else name
        given_names.add(own)
        found.append(Person(number, title, enabled, own))
    return found


async def follow(company: Company, states: list[dict[int, tuple[str, bool, str]]]) -> None:
    limit = replace(company.profile.safeguards, max_removals=RemovalLimit(100, percent=False))
    company.profile = replace(company.profile, safeguards=limit)
    company.employs([Person(0)])
    await sync(company)
    for state in states:
        company.employs(rows(state))
        cycle, result = await sync(company)
        assert cycle.kind is CycleKind.INCREMENTAL, cycle.why
        waiting = {
            one.source_id for one in company.services.cycles_overview(company.profile).escrow
        }
        left = [
            action
            for action in (await company.preview()).to_write
            if action.source_id not in waiting
        ]
        assert left == [], (state, result)


# somebody who is turned off takes the name over that another has only just given up
A_NAME_PASSED_ON = [
    {1: ("Chief", True, "second@fabrikam.example"), 5: ("Engineer", True, "")},
    {5: ("Engineer", False, "second@fabrikam.example"), 1: ("Engineer", False, "")},
    {},
]

# somebody leaves whose name somebody else has just taken over, who then leaves as well
A_CLAIM_THAT_GOES = [
    {2: ("Chief", True, "first@fabrikam.example")},
    {3: ("Chief", False, "first@fabrikam.example")},
    {},
]


@given(states=st.lists(PEOPLE, min_size=1, max_size=4))
@example(states=A_NAME_PASSED_ON)
@example(states=A_CLAIM_THAT_GOES)
@settings(max_examples=examples(8), phases=[Phase.explicit, Phase.generate])
def test_after_any_history_an_incremental_cycle_leaves_nothing_to_do(
    states: list[dict[int, tuple[str, bool, str]]],
) -> None:
    async def main() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_company(Path(folder)) as company:
                await follow(company, states)

    set_waiting(False)
    try:
        asyncio.run(main())
    finally:
        set_waiting(True)
