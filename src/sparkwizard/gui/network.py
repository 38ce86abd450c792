"""Take the proxy that was set, before anything is asked for."""

from functools import partial
from typing import NoReturn

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.net.proxy_choice import choose_proxy, chosen_proxy
from sparkwizard.runs.services import Services
from sparkwizard.setup.network import load_proxy

__all__ = ["use_proxy"]


async def use_proxy(real: Services, tasks: TaskScope) -> None:
    """Choose it; its password may have to wait for the keyring to open."""
    try:
        choose_proxy(await run_blocking(load_proxy, real.places))
    except SparkWizardError as error:
        choose_proxy(partial(_raise, error))  # told by whatever wants to go out
        return
    if chosen_proxy().username:
        tasks.start(_sign_in(real))


async def _sign_in(real: Services) -> None:
    choose_proxy(await run_blocking(real.proxy_setting))


def _raise(error: Exception) -> NoReturn:
    raise error
