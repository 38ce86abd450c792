"""Pages are asked for ahead only where they must be there, and none is left behind."""

import asyncio

import pytest

from sparkwizard.webex.scim_ahead import PagesAhead


class Server:
    """Remember what was asked, and answer a page with its start."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.cancelled: list[int] = []
        self.open = asyncio.Event()

    async def answer(self, start: int) -> int:
        self.asked.append(start)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(start)
            raise
        return start


async def test_the_next_pages_are_under_way_while_one_is_read() -> None:
    server = Server()
    async with PagesAhead(server.answer) as ahead:
        await ahead.expect(101, 100, 1_000)
        assert server.asked == [101, 201]
        server.open.set()
        assert await ahead.page(101) == 101
        await ahead.expect(201, 100, 1_000)
        assert server.asked == [101, 201, 301]


async def test_no_page_is_asked_for_that_the_server_does_not_count() -> None:
    server = Server()
    async with PagesAhead(server.answer) as ahead:
        await ahead.expect(101, 100, 150)
        await ahead.expect(201, 100, 150)
        assert server.asked == [101]


async def test_what_is_not_used_is_given_up() -> None:
    server = Server()
    async with PagesAhead(server.answer) as ahead:
        await ahead.expect(101, 100, 1_000)
        await ahead.expect(151, 100, 1_000)
        assert server.cancelled == [101, 201]
    assert server.cancelled == [101, 201, 151, 251]


async def test_a_page_that_can_not_be_read_is_told_when_it_is_needed() -> None:
    async def refuse(start: int) -> int:
        raise ValueError(start)

    async with PagesAhead(refuse) as ahead:
        await ahead.expect(101, 100, 1_000)
        with pytest.raises(ValueError, match="101"):
            await ahead.page(101)
