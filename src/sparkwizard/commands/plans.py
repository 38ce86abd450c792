"""``preview`` and ``apply``: from people to plan, and from plan to Webex."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from pathlib import Path

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.notify import NOTE as MAIL
from sparkwizard.commands.notify import mail_about, mailing_errors
from sparkwizard.commands.piloting import order_of, pilot_of
from sparkwizard.commands.telling.estimates import estimate_document, estimate_lines
from sparkwizard.commands.telling.groups import group_run_document, group_run_lines
from sparkwizard.commands.telling.licences import licences_document, licences_lines
from sparkwizard.commands.telling.output import Output, stops_document
from sparkwizard.commands.telling.plan_texts import LISTED, plan_document, plan_lines
from sparkwizard.commands.telling.progress import Progress
from sparkwizard.errors import InputError, PlanError, SparkWizardError, StorageError
from sparkwizard.provisioning.plan import Plan, read_plan, write_plan
from sparkwizard.provisioning.preflight import PreflightReport
from sparkwizard.provisioning.slices import finished
from sparkwizard.provisioning.strangers import only_in_webex
from sparkwizard.provisioning.types import User
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.notify.types import Ended
from sparkwizard.runs.services import LocalServices
from sparkwizard.runs.types import Applied, ApplyEvent, Preview, RunResult
from sparkwizard.setup.places import write_private
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import LoadedProfile

__all__ = ["apply", "carry_out", "preview", "refuse_input"]


async def preview(options: Options, services: LocalServices, output: Output) -> int:
    """Make a plan and say what it would do; nothing is written to Webex."""
    loaded = services.load(options.profile or "")
    if options.out:
        refuse_input(options.out, loaded)
    token = services.token_for(loaded.profile)
    made = await services.preview(
        loaded.profile, loaded.base_dir, token, source_confirmed=options.confirm_source
    )
    if options.out:
        write_private(options.out, write_plan(made.plan))
    strangers = list(only_in_webex(made.plan, made.users))
    report = finished(services.preflight(loaded.profile, made.population, made.users))
    output.result(
        {
            **plan_document(made.plan, options.out),
            "source": _source_document(loaded.profile, made),
            "estimate": estimate_document(made),
            "licences": licences_document(made.plan, made.licences),
            "preflight": dict(report.counts),
            "only_in_webex": len(strangers),
            "only_in_webex_users": [
                {"webex_id": user.id, "user_name": user.user_name, "person": user.label}
                for user in strangers
            ],
        },
        (
            _source_line(loaded.profile, made),
            *plan_lines(made.plan, options.out),
            *estimate_lines(made),
            *licences_lines(made.plan, made.licences),
            *_preflight_lines(report),
            *_strangers_lines(strangers),
        ),
    )
    return 0


@mailing_errors
async def apply(options: Options, services: LocalServices, output: Output) -> int:
    """Carry out exactly one plan."""
    plan = _read(options.plan or Path())
    loaded = services.load(options.profile or "")
    if not options.although_entra_runs:
        await services.refuse_other_engine(loaded.profile)
    token = services.token_for(loaded.profile)
    only = await pilot_of(plan, options.pilot, loaded, services, output) if options.pilot else None
    order = await order_of(plan, loaded, services) if options.rings else ()

    def events(control: RunControl) -> AsyncGenerator[ApplyEvent]:
        vouched = options.plan_hash
        if options.rings:
            return services.apply_in_rings(
                plan,
                loaded.profile,
                token,
                order,
                control=control,
                plan_hash=vouched,
                percent=options.allow_failures,
                although_entra_runs=options.although_entra_runs,
            )
        return services.apply(
            plan,
            loaded.profile,
            token,
            control=control,
            plan_hash=vouched,
            only=only,
            although_entra_runs=options.although_entra_runs,
        )

    return await carry_out(events, loaded.profile, services, output)


async def carry_out(
    begin: Callable[[RunControl], AsyncGenerator[ApplyEvent]],
    profile: Profile,
    services: LocalServices,
    output: Output,
    after: Callable[[SparkWizardError | None], None] | None = None,
) -> int:
    """Carry out a run, tell of it, and return the exit code; ``after`` is called at its end."""
    control = RunControl()
    progress = Progress(output)
    result: RunResult | None = None
    with _cancelled_by_signals(control):
        try:
            async for event in begin(control):
                progress.tell(event)
                if isinstance(event, Applied):
                    result = event.result
        except SparkWizardError as error:
            run = result.run_id if result else 0
            if after:
                after(error)
            if not output.has_note(MAIL):
                await mail_about(Ended(result, error), profile, services, output, run)
            output.error(error, _run_document(result) if result else None)
            return error.exit_code
    assert result is not None, "apply ends with its result"
    if after:
        after(None)
    await mail_about(Ended(result), profile, services, output, result.run_id)
    output.result(_run_document(result), _run_lines(result))
    with contextlib.suppress(StorageError):  # the run is done; the next one prunes
        services.journal.prune()
    return result.exit_code


@contextlib.contextmanager
def _cancelled_by_signals(control: RunControl) -> Iterator[None]:
    """Stop after the requests under way on Ctrl+C or SIGTERM."""
    loop = asyncio.get_running_loop()
    added: list[signal.Signals] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers on a loop; Ctrl+C ends the process there, and the journal
        # lets the next apply go on
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, control.cancel)
            added.append(number)
    try:
        yield
    finally:
        for number in added:
            loop.remove_signal_handler(number)


def refuse_input(out: Path, loaded: LoadedProfile) -> None:
    """Refuse to write the plan over the setup or over the people it is made from."""
    inputs = (loaded.path, loaded.base_dir / loaded.profile.source.path)
    if out.resolve() in {path.resolve() for path in inputs}:
        raise InputError(
            f"{out} is what the plan is made from, so the plan was not written over it.",
            fix="Choose another name for the plan.",
            code="out",
        )


def _read(path: Path) -> Plan:
    try:
        return read_plan(path.read_bytes())
    except OSError as error:
        gone = error.errno == errno.ENOENT
        raise PlanError(
            f"There is no plan at {path}."
            if gone
            else f"The plan {path} can't be read: {error.strerror}.",
            fix="Make one with preview --out.",
            code="plan-missing" if gone else "plan-unreadable",
        ) from error


# -- what is printed ----------------------------------------------------------------------------


def _source_document(profile: Profile, made: Preview) -> dict[str, object]:
    return {
        "kind": profile.source.kind,
        "people": len(made.population.people),
        "complete": made.population.complete,
    }


def _source_line(profile: Profile, made: Preview) -> str:
    source = profile.source
    entra = f"Microsoft Entra ID ({source.tenant})" if source.tenant else "Microsoft Entra ID"
    place = entra if source.kind == "entra" else Path(source.path).name
    whom = "assigned people" if profile.scope.people == "assigned" else "people"
    return f"{len(made.population.people):,} {whom} were read from {place}."


def _strangers_lines(strangers: Sequence[User]) -> Iterator[str]:
    if strangers:
        who = "1 Webex user is" if len(strangers) == 1 else f"{len(strangers):,} Webex users are"
        names = ", ".join(user.user_name for user in strangers[:3])
        yield f"{who} not among these people and will not be touched ({names}, …)."


def _preflight_lines(report: PreflightReport) -> Iterator[str]:
    for finding in report.findings:
        yield f"{finding.severity.value.capitalize()}: {finding.text} {finding.fix}"


def _run_document(result: RunResult) -> dict[str, object]:
    return {
        **result.counts.as_dict(),
        "applied": result.applied,
        "failed": result.failed,
        "not_attempted": result.not_attempted,
        "run": result.run_id,
        "state": result.state.value,
        "stopped": stops_document(result.stops),
        "seconds": round(result.seconds, 3),
        **group_run_document(result.groups),
        "outcomes": [
            {
                "person": outcome.action.label,
                "user_name": outcome.action.user_name,
                "action": outcome.action.kind.value,
                "state": outcome.state.value,
                "code": outcome.code,
                "message": outcome.message,
                "tracking_id": outcome.tracking_id,
            }
            for outcome in result.outcomes
        ],
    }


def _run_lines(result: RunResult) -> Iterator[str]:
    yield (
        f"Run {result.run_id}: {result.applied:,} applied, {result.failed:,} failed,"
        f" {result.not_attempted:,} not attempted, in {result.seconds:.1f} seconds."
    )
    yield from group_run_lines(result.groups)
    for text in dict.fromkeys(stop.reason.text for stop in result.stops):
        yield f"Stopped: {text}"
    for outcome in result.outcomes[:LISTED]:
        yield f"  {outcome.state.value:<14} {outcome.action.label}: {outcome.message}"
    if len(result.outcomes) > LISTED:
        yield f"  and {len(result.outcomes) - LISTED:,} more; see: sparkwizard report"
