"""What ``sparkwizard cloud`` understands. Imports nothing that takes time."""

import argparse
from collections.abc import Callable
from pathlib import Path

from sparkwizard.commands.line.argument_types import between, day

__all__ = ["RESTART_KINDS", "add_cloud"]

RESTART_KINDS = (
    "from-the-start",
    "failed-entries",
    "end-quarantine",
    "allow-deletes",
    "forget-links",
)

type Add = Callable[[str, str], argparse.ArgumentParser]
type Kinds = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  the only name of it


def add_cloud(
    cloud: argparse.ArgumentParser,
    added: Callable[[Kinds, str, str], argparse.ArgumentParser],
    profile: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Add the subcommands; ``added`` makes one with the options of every command."""
    kinds = cloud.add_subparsers(
        dest="cloud_command", metavar="WHAT", title="what to do", required=True
    )

    def add(name: str, tells: str) -> argparse.ArgumentParser:
        command = added(kinds, name, tells)
        profile(command)
        return command

    _set_up(add)
    _single(add)
    _looking(add)


def _set_up(add: Add) -> None:
    plan = add("plan", "list every change that the tenant needs; nothing is written")
    status = plan.add_mutually_exclusive_group()
    status.add_argument("--on", action="store_true", help="with switching provisioning on")
    status.add_argument("--off", action="store_true", help="with switching provisioning off")
    apply = add("apply", "carry out exactly one list of changes, or go on with it")
    apply.add_argument("changes", metavar="HASH", help="the hash that “cloud plan” printed")
    add("start", "switch provisioning on")
    add("stop", "switch provisioning off; a cycle that runs comes to its end")
    restart = add("restart", "restart the job in one of its ways")
    restart.add_argument("kind", choices=RESTART_KINDS)


def _single(add: Add) -> None:
    demand = add("on-demand", "provision one person now, and show each step")
    demand.add_argument(
        "person", metavar="PERSON", help="a userPrincipalName or an object ID; or a group's ID"
    )
    renew = add("renew-token", "give Entra a new Secret Token, tested first")
    renew.add_argument(
        "--expires",
        type=day,
        default=argparse.SUPPRESS,
        metavar="DAY",
        help="the day it ends, such as 2027-11-28",
    )
    restore = add("restore-schema", "put a schema back that was saved before it was replaced")
    restore.add_argument(
        "number", type=int, nargs="?", default=0, metavar="N", help="without one they are listed"
    )


def _looking(add: Add) -> None:
    add("foretell", "what Entra's service will do with each person, and where it differs from us")
    add("watch", "how the job stands: status, progress, quarantine, next run")
    logs = add("logs", "what the job did for whom")
    logs.add_argument("--action", action="append", default=[], metavar="A", help="e.g. create")
    logs.add_argument("--status", action="append", default=[], metavar="S", help="e.g. failure")
    logs.add_argument("--search", default="", metavar="TEXT", help="in people, values, reasons")
    logs.add_argument(
        "--days",
        type=between(1, 365, "between 1 and 365"),
        metavar="N",
        help="of the last N days only",
    )
    logs.add_argument("--out", type=Path, metavar="FILE", help="write a .csv or .json file")
    check = add("check", "compare schema and first cycle with the setup and what was foretold")
    check.add_argument("--anew", action="store_true", help="foretell the next cycle anew")
    checklist = add("checklist", "the set-up by hand, point by point, for who may not write")
    tick = checklist.add_mutually_exclusive_group()
    tick.add_argument("--tick", default="", metavar="POINT", help="tick a point off")
    tick.add_argument("--untick", default="", metavar="POINT", help="take a tick away")
