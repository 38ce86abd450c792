"""What the command line understands (design §5). Imports nothing that takes time."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from sparkwizard import __version__
from sparkwizard.commands.cloud.arguments import add_cloud
from sparkwizard.commands.help_texts import epilog

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
    """Parse the command line; wrong usage ends with exit code 2, as argparse does."""
    return parser().parse_args(arguments, namespace=Options())


def parser() -> argparse.ArgumentParser:
    """Return what understands the command line; the man page is made from it."""
    parser = argparse.ArgumentParser(
        prog="sparkwizard",
        description="Bring the people of Microsoft Entra ID into Cisco Webex: preview first, then"
        " exactly that. Without a command the wizard opens.",
        epilog=epilog(),
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
    _commands(parser)
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
    command.epilog = epilog(command.prog.partition(" ")[2])  # "cloud plan" is not "plan"
    _common(command)
    return command


def _commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def add(name: str, tells: str) -> argparse.ArgumentParser:
        return _added(commands, name, tells)

    check = add("check", "test the connection layer by layer, without one write")
    which = check.add_mutually_exclusive_group(required=True)
    _profile(which, required=False)
    which.add_argument("--tenant-url", metavar="U", help="the Tenant URL to test")
    check.add_argument("--api-url", metavar="U", help="with --tenant-url: the people API beside it")

    preview = add("preview", "make a plan: who would be created, updated, disabled, and why")
    _profile(preview)
    preview.add_argument("--out", type=Path, metavar="FILE", help="save the plan for apply")
    _confirm(preview)

    apply = add("apply", "carry out exactly one plan, or go on with it after an interruption")
    apply.add_argument("plan", type=Path, help="the file that preview --out wrote")
    _profile(apply)
    apply.add_argument(
        "--plan-hash", default="", metavar="SHA256", help="vouch for a plan made elsewhere"
    )
    _beginning(apply)
    _other_engine(apply)

    sync = add("sync", "preview and apply under the safeguards, for schedulers")
    _profile(sync)
    sync.add_argument("--full", action="store_true", help="read everything again")
    sync.add_argument(
        "--release", action="store_true", help="end the pause that an undo left, then sync"
    )
    _confirm(sync)
    _other_engine(sync)

    explain = add("explain", "why one person is or is not provisioned, step by step; no write")
    explain.add_argument(
        "person",
        metavar="PERSON",
        help="a userPrincipalName, objectId, e-mail address or display name",
    )
    _profile(explain)

    undo = add("undo", "plan the inverse of a run; apply carries it out")
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

    _signing_in(add)

    _scheduling(add)

    cloud = add("cloud", "let Microsoft Entra's own provisioning service run a setup, and watch it")
    add_cloud(cloud, _added, _profile)

    _records(add)


def _records(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    notify = add("notify", "send a test mail to the people the setup names")
    _profile(notify)
    notify.add_argument(
        "--save-password",
        action="store_true",
        help="ask for the mail server's password and save it in the keyring once a mail went out",
    )

    _runs(add("runs", "list what was done"))

    report = add("report", "write one run as a report")
    report.add_argument("run", type=int, help="the run's number, as listed by runs")
    report.add_argument(
        "--format",
        choices=("html", "csv", "json", "pack"),
        default="html",
        help="pack: one ZIP file for change control, with setup, plan, outcome and hashes",
    )
    report.add_argument("--out", type=Path, metavar="FILE", help="write to FILE")

    _forget(add("forget", "tell what is kept on this computer, and remove it where asked to"))
    support = add("support", "gather what support needs in one ZIP file; nothing is sent")
    _profile(support, required=False)
    support.add_argument("--out", type=Path, metavar="FILE", help="write to FILE")
    support.add_argument(
        "--with-people", action="store_true", help="leave names and e-mail addresses of people in"
    )

    practice = add("practice", "serve the practice tenant on 127.0.0.1 until stopped")
    practice.add_argument("--port", type=_port, required=True, metavar="N", help="0: any free one")
    practice.add_argument("--people", type=_people, metavar="N", help="size of the company")


def _signing_in(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    sign_in = add("sign-in", "sign in to the Microsoft Entra ID that a setup reads people from")
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
    sign_out = add("sign-out", "remove what a sign-in left on this computer")
    _profile(sign_out)


def _scheduling(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    schedule = add("schedule", "keep a setup in step by this computer's own scheduler")
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


def _beginning(apply: argparse.ArgumentParser) -> None:
    begin = apply.add_mutually_exclusive_group()
    begin.add_argument(
        "--pilot",
        type=_people,
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
        type=_percent,
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


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port


def _percent(text: str) -> int:
    percent = int(text.removesuffix("%"))
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError("a share is between 0 and 100 percent")
    return percent


def _people(text: str) -> int:
    people = int(text)
    if people < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return people
