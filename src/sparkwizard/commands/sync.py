"""``sync``: one cycle under the safeguards, for schedulers."""

from collections.abc import Iterator

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.notify import NOTE as MAIL
from sparkwizard.commands.notify import mailing_errors
from sparkwizard.commands.plans import carry_out
from sparkwizard.commands.telling.cycle_words import (
    escrow_document,
    quarantine_document,
    when_tried,
)
from sparkwizard.commands.telling.output import Output
from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.cycles.types import Overview
from sparkwizard.runs.services import LocalServices
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import LoadedProfile

__all__ = ["sync"]

QUIET = frozenset(("quarantined", "quarantine-disabled"))
"""What was mailed about when it began, and is not again with every cycle that does not begin."""


@mailing_errors
async def sync(options: Options, services: LocalServices, output: Output) -> int:
    """Carry out one cycle; after an undo or in quarantine only where that is due or released."""
    loaded = services.load(options.profile or "")
    if not options.although_entra_runs:
        await _leave_to_entra(loaded.profile, services, output)
    try:
        return await _cycle(options, services, output, loaded)
    except SparkWizardError as error:
        _note_quarantine(error, loaded.profile, services, output)
        raise


async def _leave_to_entra(profile: Profile, services: LocalServices, output: Output) -> None:
    """Refuse while Entra's own service runs the setup. No cycle failed, and nobody is mailed."""
    try:
        await services.refuse_other_engine(profile)
    except SparkWizardError:
        output.note(MAIL, None)
        raise


async def _cycle(
    options: Options, services: LocalServices, output: Output, loaded: LoadedProfile
) -> int:
    profile = loaded.profile
    if options.release:
        services.release_sync(profile)
    services.check_not_paused(profile)
    token = services.token_for(profile)
    if not options.full:
        await services.check_quarantine(profile, loaded.base_dir, token)
    cycle = await services.begin_cycle(
        profile,
        loaded.base_dir,
        token,
        full=options.full,
        source_confirmed=options.confirm_source,
    )
    output.note("cycle", _document(cycle))
    for line in _lines(cycle):
        output.progress(line)
    return await carry_out(
        lambda control: services.apply_cycle(
            cycle, profile, token, control=control, although_entra_runs=options.although_entra_runs
        ),
        profile,
        services,
        output,
        lambda error: _note_quarantine(error, profile, services, output),
    )


def _note_quarantine(
    error: SparkWizardError | None, profile: Profile, services: LocalServices, output: Output
) -> None:
    """Tell of the quarantine that a cycle leads to or left; what is told already is not mailed."""
    if error is not None:
        entered = services.cycle_failed(profile, error)
        overview = services.cycles_overview(profile)
        if error.code in QUIET or (overview.quarantine and not entered and _same(error, overview)):
            output.note(MAIL, None)
    output.note("quarantine", quarantine_document(services.cycles_overview(profile).quarantine))
    output.note("escrow", escrow_document(services.cycles_overview(profile).escrow))


def _same(error: SparkWizardError, overview: Overview) -> bool:
    return overview.quarantine is not None and overview.quarantine.reason.text == str(error)


def _document(cycle: Cycle) -> dict[str, object]:
    return {
        "kind": cycle.kind.value,
        "why": cycle.why,
        "people_looked_at": cycle.preview.plan.people_read,
        "users_looked_at": cycle.preview.plan.users_read,
        "waiting": len(cycle.waiting),
    }


def _lines(cycle: Cycle) -> Iterator[str]:
    if cycle.why:
        yield f"Initial cycle ({cycle.why}): everything was read."
    else:
        looked_at = cycle.preview.plan.people_read
        who = "1 person" if looked_at == 1 else f"{looked_at:,} people"
        yield f"Incremental cycle: {who} read again because something changed or was due."
    if cycle.waiting:
        yield (
            f"{len(cycle.waiting):,} that failed earlier wait for another try; the next is due"
            f" {when_tried(cycle.waiting[0])}. “sync --full” tries all at once."
        )
