"""``sparkwizard schedule``: keep a setup in step by the operating system's own scheduler."""

from collections.abc import Coroutine, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.runs.schedule import Job, Scheduler, Standing, job_for, scheduler_here
from sparkwizard.runs.services import Records
from sparkwizard.setup.profile import Profile
from sparkwizard.wizard.run.schedule_words import SIGNED_IN, result_words, standing_lines

__all__ = ["schedule"]


def schedule(options: Options, services: Records, output: Output) -> Coroutine[Any, Any, int] | int:
    """Install, remove or show the job that runs ``sync`` for a setup."""
    loaded = services.load(options.profile or "")
    by_name = options.profile == loaded.profile.name
    ref = loaded.profile.name if by_name else str(loaded.path)
    job = job_for(loaded.profile, ref, options.data_dir, options.every)
    scheduler = scheduler_here()
    if options.show:
        standing = scheduler.show(job)
        output.result(_document(scheduler, job, standing), _lines(job, standing))
        return 0
    if options.remove:
        changed = scheduler.remove(job)
        told = "The schedule is removed." if changed else "There was no schedule to remove."
        output.result({**_document(scheduler, job, None), "changed": changed}, (told,))
        return 0
    return _install(job, loaded.profile, options, services, output)


async def _install(
    job: Job, profile: Profile, options: Options, services: Records, output: Output
) -> int:
    # a token is asked about, which takes what sends; to show and to remove takes none of it
    from sparkwizard.runs.schedule.token_check import check_token  # noqa: PLC0415
    from sparkwizard.runs.services import LocalServices  # noqa: PLC0415

    scheduler = scheduler_here()
    with closing(services.widened(LocalServices)) as local:
        if not options.although_entra_runs:
            await local.refuse_other_engine(profile)
        checked = await check_token(local, profile)
    changed = scheduler.install(job)
    standing = scheduler.show(job)
    notes = (SIGNED_IN, *checked.notes)
    document = {**_document(scheduler, job, standing), "changed": changed, "notes": notes}
    output.result(document, (*_lines(job, standing), *notes))
    return 0


def _document(scheduler: Scheduler, job: Job, standing: Standing | None) -> dict[str, object]:
    code = standing.exit_code if standing else None
    return {
        "scheduler": scheduler.name,
        "job": job.name,
        "installed": standing is not None,
        "active": standing is not None and standing.active,
        "every_minutes": standing.minutes if standing else None,
        "next_run": _iso(standing.next_run if standing else None),
        "last_run": _iso(standing.last_run if standing else None),
        "last_exit_code": code,
        "last_result": result_words(code),
        "running": standing is not None and standing.running,
        "command": job.command,
    }


def _lines(job: Job, standing: Standing | None) -> Iterator[str]:
    yield from standing_lines(standing)
    if standing is not None:
        yield f"Job: {job.name}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
