"""Many things at once: no more than a few, in order, and none after the first failure."""

import asyncio

import pytest

from sparkwizard.runs.side_by_side import side_by_side


def test_many_items_make_a_few_tasks_and_keep_their_order() -> None:
    tasks: list[int] = []

    async def double(number: int) -> int:
        tasks.append(len(asyncio.all_tasks()))
        await asyncio.sleep(0)
        return 2 * number

    assert asyncio.run(side_by_side(double, range(500), width=4)) == [2 * n for n in range(500)]
    assert max(tasks) <= 5


def test_nobody_is_asked_after_a_failure() -> None:
    asked: list[int] = []

    async def fail_at_three(number: int) -> None:
        asked.append(number)
        await asyncio.sleep(0)
        if number == 3:
            raise ValueError(number)

    with pytest.raises(ValueError, match="3"):
        asyncio.run(side_by_side(fail_at_three, range(500), width=2))
    assert max(asked) < 20
