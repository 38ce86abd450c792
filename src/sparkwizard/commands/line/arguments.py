"""What the command line understands (design §5). Imports nothing that takes time."""

import argparse
from collections.abc import Callable, Container, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, override

from sparkwizard import __version__
from sparkwizard.commands.line.argument_types import PEOPLE, between, percent

__all__ = ["Options", "parse", "parser"]


class Options(argparse.Namespace):
    """Hold what was asked for; what a command does not know keeps its default."""

    command: str | None = None
    practice: bool = False
    self_test: str | None = None
    keyring: bool = False
    data_dir: Path | None = None
    json: bool = False
    profile: str | None = None
    tenant_url: str | None = None
    api_url: str | None = None
    out: Path | None = None
    person: str = ""
    plan: Path | None = None
    plan_hash: str = ""
    pilot: int | None = None
    rings: bool = False
    allow_failures: int = 0
    confirm_source: bool = False
    confirm_removals: bool = False
    release: bool = False
    full: bool = False
    prune: bool = False
    save_password: bool = False
    device_code: bool = False
    cloud: bool = False
    every: int = 40
    remove: bool = False
    show: bool = False
    secrets: bool = False
    everything: bool = False
    yes: bool = False
    run: int = 0
    format: str = "html"
    port: int = 0
    people: int | None = None
    although_entra_runs: bool = False
    cloud_command: str = ""
    changes: str = ""
    on: bool = False
    off: bool = False
    kind: str = ""
    number: int = 0
    expires: str = ""
    action: Sequence[str] = ()
    status: Sequence[str] = ()
    search: str = ""
    days: int | None = None
    anew: bool = False
    tick: str = ""
    untick: str = ""
    with_people: bool = False


def parse(arguments: Sequence[str]) -> Options:
    """Parse the command line; wrong usage ends with exit code 2, as argparse does.

    Most of the time goes into commands that nobody named: those come only where help is due.
    """
    try:
        return _made(_Hasty, arguments).parse_args(arguments, namespace=Options())
    except _Unclear:
        return parser().parse_args(arguments, namespace=Options())


def parser() -> argparse.ArgumentParser:
    """Return what understands the command line; the man page is made from it."""
    whole = _made(argparse.ArgumentParser, _COMMANDS)
    _end(whole)
    return whole


class _Unclear(Exception):
    pass


class _Hasty(argparse.ArgumentParser):
    """Understand what is right, and leave it to the whole parser to say what is wrong."""

    def __init__(self, **named: Any) -> None:
        # a formatter is made with each option, and would ask for the width of the terminal
        narrow = partial(argparse.HelpFormatter, width=80)
        super().__init__(**{**named, "add_help": False, "formatter_class": narrow})

    @override
    def error(self, message: str) -> NoReturn:
        raise _Unclear


def _made(kind: type[argparse.ArgumentParser], named: Container[str]) -> argparse.ArgumentParser:
    """Return a parser that knows the commands that are ``named``."""
    parser = kind(
        prog="sparkwizard",
        description="Bring the people of Microsoft Entra ID into Cisco Webex: preview first, then"
        " exactly that. Without a command the wizard opens.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sparkwizard {__version__}")
    parser.add_argument(
        "--practice", action="store_true", help="open the wizard with a simulated company and Webex"
    )
    parser.add_argument(
        "--self-test",
        nargs="?",
        const="-",
        metavar="FILE",
        help="test this installation and write the result as JSON to FILE",
    )
    parser.add_argument(
        "--keyring",
        action="store_true",
        help="with --self-test: also save, read and delete an entry in this system's keyring",
    )
    parser.add_argument("--profile", metavar="P", help="open the wizard with this setup")
    _common(parser)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog=parser.prog
    )
    for name, (tells, fill) in _COMMANDS.items():
        if name in named:
            fill(_added(commands, name, tells))
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS: the same option before the command must not be reset by the command's default
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="keep profiles, journal and logs in DIR",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="one JSON document on standard output, progress on standard error",
    )


def _added(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, tells: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=tells,
        description=tells,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if command.add_help:
        _end(command)
    _common(command)
    return command


def _end(parser: argparse.ArgumentParser) -> None:
    from sparkwizard.commands.line.help_texts import epilog  # noqa: PLC0415 -- for help alone

    parser.epilog = epilog(parser.prog.partition(" ")[2])  # "cloud plan" is not "plan"


def _check(check: argparse.ArgumentParser) -> None:
    which = check.add_mutually_exclusive_group(required=True)
    _profile(which, required=False)
    which.add_argument("--tenant-url", metavar="U", help="the Tenant URL to test")
    check.add_argument("--api-url", metavar="U", help="with --tenant-url: the people API beside it")


def _preview(preview: argparse.ArgumentParser) -> None:
    _profile(preview)
    preview.add_argument("--out", type=Path, metavar="FILE", help="save the plan for apply")
    _confirm(preview)


def _apply(apply: argparse.ArgumentParser) -> None:
    apply.add_argument("plan", type=Path, help="the file that preview --out wrote")
    _profile(apply)
    apply.add_argument(
        "--plan-hash", default="", metavar="SHA256", help="vouch for a plan made elsewhere"
    )
    _beginning(apply)
    _other_engine(apply)


def _sync(sync: argparse.ArgumentParser) -> None:
    _profile(sync)
    sync.add_argument("--full", action="store_true", help="read everything again")
    sync.add_argument(
        "--release", action="store_true", help="end the pause that an undo left, then sync"
    )
    _confirm(sync)
    _other_engine(sync)


def _explain(explain: argparse.ArgumentParser) -> None:
    explain.add_argument(
        "person",
        metavar="PERSON",
        help="a userPrincipalName, objectId, e-mail address or display name",
    )
    _profile(explain)


def _undo(undo: argparse.ArgumentParser) -> None:
    undo.add_argument("run", type=int, help="the run's number, as listed by runs")
    _profile(undo)
    undo.add_argument(
        "--out", type=Path, metavar="FILE", required=True, help="save the plan for apply"
    )
    undo.add_argument(
        "--confirm-removals",
        action="store_true",
        help="accept that more users lose access than the setup's limit allows",
    )


def _sign_in(sign_in: argparse.ArgumentParser) -> None:
    _profile(sign_in)
    sign_in.add_argument(
        "--device-code",
        action="store_true",
        help="show a code to enter in the browser of any device, in place of opening one here",
    )
    sign_in.add_argument(
        "--cloud",
        action="store_true",
        help="ask also for what setting up and watching Entra's provisioning service needs",
    )


def _schedule(schedule: argparse.ArgumentParser) -> None:
    _profile(schedule)
    what = schedule.add_mutually_exclusive_group()
    what.add_argument(
        "--every",
        type=int,
        metavar="MINUTES",
        default=40,
        help="run sync every so many minutes (40)",
    )
    what.add_argument("--remove", action="store_true", help="remove the job")
    what.add_argument("--show", action="store_true", help="tell the next run and the last result")
    _other_engine(schedule)


def _cloud(cloud: argparse.ArgumentParser) -> None:
    from sparkwizard.commands.cloud.arguments import add_cloud  # noqa: PLC0415

    add_cloud(cloud, _added, _profile)


def _notify(notify: argparse.ArgumentParser) -> None:
    _profile(notify)
    notify.add_argument(
        "--save-password",
        action="store_true",
        help="ask for the mail server's password and save it in the keyring once a mail went out",
    )


def _report(report: argparse.ArgumentParser) -> None:
    report.add_argument("run", type=int, help="the run's number, as listed by runs")
    report.add_argument(
        "--format",
        choices=("html", "csv", "json", "pack"),
        default="html",
        help="pack: one ZIP file for change control, with setup, plan, outcome and hashes",
    )
    report.add_argument("--out", type=Path, metavar="FILE", help="write to FILE")


def _support(support: argparse.ArgumentParser) -> None:
    _profile(support, required=False)
    support.add_argument("--out", type=Path, metavar="FILE", help="write to FILE")
    support.add_argument(
        "--with-people", action="store_true", help="leave names and e-mail addresses of people in"
    )


def _practice(practice: argparse.ArgumentParser) -> None:
    port = between(0, 65535, "a port is between 0 and 65535")
    practice.add_argument("--port", type=port, required=True, metavar="N", help="0: any free one")
    practice.add_argument("--people", type=PEOPLE, metavar="N", help="size of the company")


def _beginning(apply: argparse.ArgumentParser) -> None:
    begin = apply.add_mutually_exclusive_group()
    begin.add_argument(
        "--pilot",
        type=PEOPLE,
        metavar="N",
        help="begin with N people who cover the most of what the plan does; a larger pilot holds"
        " the smaller, and apply without it goes on with the rest",
    )
    begin.add_argument(
        "--rings",
        action="store_true",
        help="write 1 person, then 10, then 100, then all; a ring in which anybody failed or was"
        " left alone stops the rest, and the same command goes on with it",
    )
    apply.add_argument(
        "--allow-failures",
        type=percent,
        default=0,
        metavar="PERCENT",
        help="with --rings: go on while no more than this share of the people so far failed (0)",
    )


def _runs(runs: argparse.ArgumentParser) -> None:
    _profile(runs, required=False)
    runs.add_argument(
        "--prune",
        action="store_true",
        help="first remove runs past their age, as apply and sync do when they end",
    )


def _forget(forget: argparse.ArgumentParser) -> None:
    which = forget.add_mutually_exclusive_group()
    which.add_argument("--secrets", action="store_true", help="tokens and passwords in the keyring")
    which.add_argument(
        "--everything",
        action="store_true",
        help="those, schedules, setups, the journal, plans, drafts and logs",
    )
    forget.add_argument(
        "--yes", action="store_true", help="remove them; without this they are only listed"
    )


def _profile(parser: argparse._ActionsContainer, *, required: bool = True) -> None:
    # a group of alternatives is required as a whole, its members may not be
    action = parser.add_argument(
        "--profile", metavar="P", help="the setup: a name, or a path to a .toml file"
    )
    action.required = required


def _other_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--although-entra-runs",
        action="store_true",
        help="for this once: go on although Entra's own service runs this setup",
    )


def _confirm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--confirm-source",
        action="store_true",
        help="accept that the setup reads its people from somewhere else than before: without"
        " this, nobody loses access by it",
    )


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("test the connection layer by layer, without one write", _check),
    "preview": ("make a plan: who would be created, updated, disabled, and why", _preview),
    "apply": ("carry out exactly one plan, or go on with it after an interruption", _apply),
    "sync": ("preview and apply under the safeguards, for schedulers", _sync),
    "explain": ("why one person is or is not provisioned, step by step; no write", _explain),
    "undo": ("plan the inverse of a run; apply carries it out", _undo),
    "sign-in": ("sign in to the Microsoft Entra ID that a setup reads people from", _sign_in),
    "sign-out": ("remove what a sign-in left on this computer", _profile),
    "schedule": ("keep a setup in step by this computer's own scheduler", _schedule),
    "cloud": ("let Microsoft Entra's own provisioning service run a setup, and watch it", _cloud),
    "notify": ("send a test mail to the people the setup names", _notify),
    "runs": ("list what was done", _runs),
    "report": ("write one run as a report", _report),
    "forget": ("tell what is kept on this computer, and remove it where asked to", _forget),
    "support": ("gather what support needs in one ZIP file; nothing is sent", _support),
    "practice": ("serve the practice tenant on 127.0.0.1 until stopped", _practice),
}
