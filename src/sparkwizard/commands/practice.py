"""``sparkwizard practice``: serve the practice tenant until stopped."""

import asyncio
import contextlib
import signal

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.errors import InputError
from sparkwizard.practice.company.people import HAND_MADE_PEOPLE
from sparkwizard.practice.server import PracticeServer, announcement

__all__ = ["serve"]


async def serve(options: Options, output: Output) -> int:
    """Serve on 127.0.0.1 and say where, as soon as it listens; SIGINT and SIGTERM end it."""
    people = options.people or HAND_MADE_PEOPLE
    server = PracticeServer(people=people, port=options.port, data_dir=options.data_dir)
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(server)
        except OSError as error:
            raise InputError(
                f"The practice tenant can't listen on port {options.port}"
                f" ({error.strerror or error}).",
                fix="Choose another port, or 0 for any free one.",
                code="port-taken",
            ) from error
        where = announcement(server)
        output.result(where, _lines(where))
        await _until_stopped()
    return 0


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers on a loop; Ctrl+C arrives as KeyboardInterrupt there
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


def _lines(where: dict[str, str]) -> list[str]:
    return [
        "The practice tenant listens. Nothing here reaches Webex or Entra. Stop it with Ctrl+C.",
        "",
        f"Tenant URL       {where['tenant_url']}",
        f"API URL          {where['api_url']}",
        f"Organization ID  {where['organization_id']}",
        f"Token            {where['token']}",
        f"Graph URL        {where['graph_url']}",
        f"Graph token      {where['graph_token']}",
        f"People (CSV)     {where['csv']}",
    ]
