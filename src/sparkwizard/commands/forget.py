"""``sparkwizard forget``: remove secrets, or everything, from this computer; first only tell."""

from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.runs.forgetting import (
    Kept,
    find_kept,
    forget_files,
    forget_schedules,
    forget_secrets,
    forget_sign_ins,
    jobs_of,
    organizations,
)
from sparkwizard.runs.schedule import scheduler_here
from sparkwizard.runs.services import Belongings

__all__ = ["forget"]


def forget(
    options: Options, services: Belongings, output: Output
) -> Coroutine[Any, Any, int] | int:
    """Tell what is kept on this computer; with ``--yes`` remove what was named."""
    kept = find_kept(services, organizations(services))
    if not (options.yes and (options.secrets or options.everything)):
        output.result(_document(kept, removed=False), _told(kept))
        return 0
    if kept.problem is not None:
        raise kept.problem
    return _remove(kept, options, services, output)


async def _remove(kept: Kept, options: Options, services: Belongings, output: Output) -> int:
    jobs, removed = jobs_of(services, options.data_dir), 0
    if options.everything:
        # before the secrets: a job without its token would fail from then on
        removed = forget_schedules(scheduler_here(), jobs)
    forget_secrets(services, kept)
    sign_ins = await forget_sign_ins(services)
    remaining = forget_files(services, kept) if options.everything else ()
    files = kept.files if options.everything else ()
    done = Kept(kept.secrets, files)
    document = _document(done, removed=True) | {
        "sign_ins": sign_ins,
        "schedules": removed,
        "remaining": [str(folder) for folder in remaining],
    }
    output.result(document, _removed(done, sign_ins, removed, remaining))
    return 0


def _document(kept: Kept, *, removed: bool) -> dict[str, object]:
    return {
        "removed": removed,
        "secrets": [{"organization": owner, "name": name} for owner, name in kept.secrets],
        "sign_ins": len(kept.sign_ins),
        "files": [str(file) for file in kept.files],
    }


def _told(kept: Kept) -> Iterator[str]:
    if kept.problem is None:
        yield f"Secrets in the keyring: {len(kept.secrets)}"
    else:
        yield f"Secrets in the keyring: not known. {kept.problem.message}"
    yield from (f"  {name} of organization {owner}" for owner, name in kept.secrets)
    if kept.sign_ins:
        yield f"Sign-ins to Microsoft Entra ID: {len(kept.sign_ins)}"
        yield from (f"  {name}" for name in kept.sign_ins)
    yield f"Files: {len(kept.files)}"
    yield from (f"  {file}" for file in kept.files)
    yield "Nothing was removed. Add --secrets or --everything, and --yes, to remove them."


def _removed(
    kept: Kept, sign_ins: int, schedules: int, remaining: tuple[Path, ...]
) -> Iterator[str]:
    yield f"{len(kept.secrets)} secrets are removed from the keyring."
    if sign_ins:
        yield f"{sign_ins} sign-ins to Microsoft Entra ID are removed."
    if schedules:
        yield f"{schedules} schedules are removed."
    if kept.files:
        yield f"{len(kept.files)} files are deleted: setups, journal, plans, drafts and logs."
    if remaining:
        yield f"Left alone, as other files are in it: {', '.join(map(str, remaining))}"
