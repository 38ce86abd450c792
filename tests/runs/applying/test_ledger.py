"""The ledger: common transactions, on disk before anybody goes on."""

import asyncio
from collections.abc import Sequence

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.runs.applying.ledger import Ledger
from sparkwizard.runs.journal import LinkChange


async def test_what_comes_in_one_turn_shares_a_transaction() -> None:
    written: list[Sequence[int]] = []
    ledger = Ledger(lambda sent, _changes: written.append(sent))
    await asyncio.gather(*(ledger.sent([number]) for number in range(5)))
    assert written == [[0, 1, 2, 3, 4]]


async def test_nobody_goes_on_before_it_is_on_disk() -> None:
    on_disk: list[int] = []
    ledger = Ledger(lambda sent, _changes: on_disk.extend(sent))
    for number in range(3):
        await ledger.sent([number])
        assert on_disk[-1] == number


async def test_everybody_hears_of_a_full_disk() -> None:
    def fail(_sent: Sequence[int], _changes: Sequence[LinkChange]) -> None:
        raise StorageError("The disk is full.")

    ledger = Ledger(fail)
    results = await asyncio.gather(*(ledger.sent([1]) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, StorageError) for result in results)
    with pytest.raises(StorageError):
        await ledger.record([])
