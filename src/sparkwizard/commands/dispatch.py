"""Run one command on the same services as the wizard, and turn every error into its sentence."""

import gc
import importlib
import os
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.errors import Cancelled, SparkWizardError

if TYPE_CHECKING:
    import logging

    from sparkwizard.runs.services import Records

__all__ = ["COMMANDS", "command_of", "run_command", "services_for"]

type Command = Callable[[Options, Any, Output], Coroutine[Any, Any, int] | int]
"""What serves a command; the services that it takes are those of ``services_for``.

One that asks nobody is a plain function and does without asyncio and log: a third of the start of
``runs``.
"""


def run_command(options: Options) -> int:
    """Run the command and return its exit code."""
    output = Output(json=options.json)
    run = _serve_practice if options.command == "practice" else _run_on_services
    return _told(lambda: run(options, output), output)


def _serve_practice(options: Options, output: Output) -> int:
    import asyncio  # noqa: PLC0415 -- as below

    from sparkwizard.commands.practice import serve  # noqa: PLC0415 -- nothing of the product

    _collect_from_here()
    return asyncio.run(serve(options, output))


def _run_on_services(options: Options, output: Output) -> int:
    from sparkwizard.net.proxy_choice import ProxyChoice, choose_proxy  # noqa: PLC0415
    from sparkwizard.setup.places import Places  # noqa: PLC0415
    from sparkwizard.setup.secrets import KeyringStore  # noqa: PLC0415

    services = services_for(options.command or "")(
        places=Places.chosen(options.data_dir),
        secrets=KeyringStore(),
        environ=os.environ,
        clock=lambda: datetime.now().astimezone(),
    )
    choose_proxy(services.proxy_setting)  # read at the first request; many commands send none
    command = command_of(options.command or "")
    _collect_from_here()
    try:
        return _logged(command, options, services, output)
    finally:
        choose_proxy(ProxyChoice())
        services.close()


def _collect_from_here() -> None:
    """Let the collector go through what is made from now on: what was read from disk stays."""
    gc.freeze()
    gc.enable()


def _logged(command: Command, options: Options, services: "Records", output: Output) -> int:
    """Run the command; who asks somebody has something to write down, and opens a log for it."""
    # a log that is open can't be deleted on Windows, and would be made again elsewhere
    opened = _open_nothing if options.command == "forget" else _open_log
    try:
        served = command(options, services, output)
        if isinstance(served, int):
            return served
        import asyncio  # noqa: PLC0415 -- see ``Command``

        with opened(services):
            return asyncio.run(served)
    except (SparkWizardError, BrokenPipeError):
        raise
    except Exception as error:
        with _open_log(services):
            _log().exception("unexpected")
        raise _unexpected(error) from error


def _open_log(services: "Records") -> AbstractContextManager[None]:
    from sparkwizard.runs.logs.log import log_to  # noqa: PLC0415 -- see ``Command``

    _log()
    return log_to(services.places)


def _open_nothing(_services: "Records") -> AbstractContextManager[None]:
    _log()
    return nullcontext()


@cache
def _log() -> "logging.Logger":
    import logging  # noqa: PLC0415 -- as above

    # without any handler Python prints records of errors, tracebacks included, on the screen
    logging.getLogger("sparkwizard").addHandler(logging.NullHandler())
    return logging.getLogger(__name__)


COMMANDS: Mapping[str, str] = {
    "check": "check.check",
    "preview": "plans.preview",
    "apply": "plans.apply",
    "sync": "sync.sync",
    "explain": "explain.explain",
    "forget": "forget.forget",
    "undo": "undo.undo",
    "schedule": "schedule.schedule",
    "cloud": "cloud.choosing.cloud",
    "sign-in": "sign_in.sign_in",
    "sign-out": "sign_in.sign_out",
    "notify": "notify.notify",
    "runs": "journal.runs",
    "report": "journal.report",
    "support": "support.support",
}
"""What serves each command: imported once it is chosen, and nothing of the others."""

_SERVICES: Mapping[str, str] = {
    "cloud": "Services",
    "forget": "Belongings",
    "notify": "Records",
    "report": "Records",
    "runs": "Records",
    "schedule": "Records",
    "sign-in": "Belongings",
    "sign-out": "Belongings",
    "support": "Records",
}
"""What a command needs of ``runs.services`` where that is not ``LocalServices``."""


def services_for(name: str) -> type["Records"]:
    """Import and return the services that a command needs, and nothing beyond them."""
    from sparkwizard.runs import services  # noqa: PLC0415 -- nothing for a command that is not one

    kind: type[Records] = getattr(services, _SERVICES.get(name, "LocalServices"))
    return kind


def command_of(name: str) -> Command:
    """Import and return what serves a command."""
    module, _, function = COMMANDS[name].rpartition(".")
    command: Command = getattr(importlib.import_module(f"sparkwizard.commands.{module}"), function)
    return command


def _told(run: Callable[[], int], output: Output) -> int:
    try:
        return run()
    except SparkWizardError as error:
        output.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        stopped = Cancelled(
            "Stopped by Ctrl+C.",
            fix="Run the same command again when you like: an apply goes on where it stopped.",
        )
        output.error(stopped)
        return stopped.exit_code
    except BrokenPipeError:
        output.give_up()  # whoever reads our output has left; say nothing more
        return 1
    except Exception as error:  # noqa: BLE001 -- the last net: no traceback reaches a person
        output.error(_unexpected(error))
        return 1


def _unexpected(error: Exception) -> SparkWizardError:
    return SparkWizardError(
        f"Something went wrong that SparkWizard does not know ({type(error).__name__}).",
        fix="The log file has the details, without secrets; send it to support.",
        code="unexpected",
    )
