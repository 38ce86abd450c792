"""``sparkwizard cloud WHAT``: choose what was asked for."""

from collections.abc import Awaitable, Callable, Mapping

from sparkwizard.commands.cloud import looking, set_up
from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.runs.services import Services

__all__ = ["cloud"]

_COMMANDS: Mapping[str, Callable[[Options, Services, Output], Awaitable[int]]] = {
    "plan": set_up.plan,
    "apply": set_up.apply,
    "start": set_up.start,
    "stop": set_up.stop,
    "restart": set_up.restart,
    "on-demand": set_up.on_demand,
    "renew-token": set_up.renew_token,
    "restore-schema": set_up.restore_schema,
    "foretell": looking.foretell,
    "watch": looking.watch,
    "logs": looking.logs,
    "check": looking.check,
    "checklist": looking.points,
}


async def cloud(options: Options, services: Services, output: Output) -> int:
    """Run one of them."""
    return await _COMMANDS[options.cloud_command](options, services, output)
