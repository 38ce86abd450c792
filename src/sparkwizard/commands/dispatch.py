"""Run one command on the same services as the wizard, and turn every error into its sentence."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sparkwizard.commands.arguments import Options
from sparkwizard.commands.output import Output
from sparkwizard.errors import Cancelled, SparkWizardError
from sparkwizard.runs.logs import log_to
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.secrets import KeyringStore

__all__ = ["run_command"]

type Command = Callable[[Options, Services, Output], Awaitable[int]]

_log = logging.getLogger(__name__)


def run_command(options: Options) -> int:
    """Run the command and return its exit code."""
    output = Output(json=options.json)
    if options.command == "practice":
        from sparkwizard.commands.practice import serve  # noqa: PLC0415 -- only here needed

        return _told(lambda: asyncio.run(serve(options, output)), output)
    places = Places.chosen(options.data_dir)
    services = Services(
        places=places,
        secrets=KeyringStore(),
        environ=os.environ,
        clock=lambda: datetime.now().astimezone(),
    )
    command = _commands()[options.command or ""]
    try:
        return _told(lambda: asyncio.run(_logged(command, options, services, output)), output)
    finally:
        services.close()


async def _logged(command: Command, options: Options, services: Services, output: Output) -> int:
    with log_to(services.places):
        return await command(options, services, output)


def _commands() -> Mapping[str, Command]:
    from sparkwizard.commands import check, journal, plans  # noqa: PLC0415 -- after the arguments

    return {
        "check": check.check,
        "preview": plans.preview,
        "apply": plans.apply,
        "sync": plans.sync,
        "runs": journal.runs,
        "report": journal.report,
    }


def _told(run: Callable[[], int], output: Output) -> int:
    try:
        return run()
    except SparkWizardError as error:
        output.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        output.error(Cancelled("Stopped before anything was written."))
        return 130
    except BrokenPipeError:
        # whoever reads our output has left; say nothing more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 -- the last net: no traceback reaches a person
        _log.exception("unexpected")
        output.error(_unexpected(error))
        return 1


def _unexpected(error: Exception) -> SparkWizardError:
    return SparkWizardError(
        f"Something went wrong that SparkWizard does not know ({type(error).__name__}).",
        fix="The log file has the details, without secrets; send it to support.",
        code="unexpected",
    )
