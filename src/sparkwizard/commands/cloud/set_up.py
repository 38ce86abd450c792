"""``cloud plan``, ``apply`` and the single writes."""

import asyncio
import getpass
import sys
from datetime import date

from sparkwizard.commands.cloud import documents
from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.errors import InputError, SparkWizardError, StorageError
from sparkwizard.runs.cloud.profiles import with_job, with_new_token
from sparkwizard.runs.cloud.types import CloudResult, Finished, StepDone, StepStarted
from sparkwizard.runs.services import ENTRA_TOKEN_VARIABLE, Services
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import LoadedProfile
from sparkwizard.wizard.cloud.words import STEP_TITLES

__all__ = [
    "apply",
    "on_demand",
    "plan",
    "renew_token",
    "restart",
    "restore_schema",
    "start",
    "stop",
]


async def plan(options: Options, services: Services, output: Output) -> int:
    """List every change to the tenant; nothing is written."""
    profile = services.load(options.profile or "").profile
    on = True if options.on else False if options.off else None
    token, note = _token(services, profile)
    made = await services.plan_cloud(profile, on=on, token=token)
    output.result(documents.plan_document(made), (*documents.plan_lines(made), *note))
    return 0


async def apply(options: Options, services: Services, output: Output) -> int:
    """Carry out exactly one list of changes, and put the ids of the job into the setup."""
    loaded = services.load(options.profile or "")
    token, _note = _token(services, loaded.profile)
    if services.shown_cloud_plan(loaded.profile, options.changes).switches_on:
        await _foretell(loaded, services, output)
    result: CloudResult | None = None
    async for event in services.apply_cloud(loaded.profile, options.changes, token):
        if isinstance(event, StepStarted):
            title = STEP_TITLES[event.step]
            output.progress(f"{event.number} of {event.total}: {title}")
        elif isinstance(event, StepDone) and event.already:
            output.progress("  is so already")
        elif isinstance(event, Finished):
            result = event.result
    assert result is not None, "carrying out ends with its result"
    profile = with_job(loaded.profile, result, services.clock().date())
    _save(loaded, profile, services)
    output.result(documents.result_document(result), documents.result_lines(result))
    return 0


async def start(options: Options, services: Services, output: Output) -> int:
    """Switch provisioning on."""
    return await _switch(options, services, output, on=True)


async def stop(options: Options, services: Services, output: Output) -> int:
    """Switch provisioning off."""
    return await _switch(options, services, output, on=False)


async def _switch(options: Options, services: Services, output: Output, *, on: bool) -> int:
    loaded = services.load(options.profile or "")
    profile = loaded.profile
    if on:
        await _foretell(loaded, services, output)
    watch = await services.switch_cloud(profile, on=on)
    output.result(documents.watch_document(watch), documents.watch_lines(watch, services.clock()))
    return 0


async def restart(options: Options, services: Services, output: Output) -> int:
    """Restart the job."""
    profile = services.load(options.profile or "").profile
    watch = await services.restart_cloud(profile, RestartKind(options.kind))
    output.result(documents.watch_document(watch), documents.watch_lines(watch, services.clock()))
    return 0


async def on_demand(options: Options, services: Services, output: Output) -> int:
    """Provision one person now; exit code 4 where that failed."""
    profile = services.load(options.profile or "").profile
    result = await services.provision_on_demand(profile, options.person)
    output.result(documents.demand_document(result), documents.demand_lines(result))
    return 4 if result.status in ("failure", "unknown") else 0


async def restore_schema(options: Options, services: Services, output: Output) -> int:
    """Put a saved schema back, or list those there are."""
    profile = services.load(options.profile or "").profile
    if not options.number:
        saved = services.saved_schemas(profile)
        output.result(
            {
                "schemas": [
                    {"number": one.id, "saved_at": one.saved_at.isoformat(), "job_id": one.job_id}
                    for one in saved
                ]
            },
            [f"{one.id}  {one.saved_at.astimezone():%Y-%m-%d %H:%M}  {one.job_id}" for one in saved]
            or ["No schema was saved for this setup."],
        )
        return 0
    before = await services.restore_schema(profile, options.number)
    told = f"Schema {options.number} is back. The one that was there is saved as number {before}."
    output.result({"restored": options.number, "saved_schema": before}, (told,))
    return 0


async def renew_token(options: Options, services: Services, output: Output) -> int:
    """Give Entra a new Secret Token, keep it in the keyring, and note the day it ends."""
    loaded = services.load(options.profile or "")
    given = services.entra_token_given()
    token = given or await asyncio.to_thread(_asked)
    await services.renew_entra_token(loaded.profile, token)
    if not given:
        await asyncio.to_thread(services.keep_entra_token, loaded.profile, token)
    expires = date.fromisoformat(options.expires) if options.expires else None
    profile = with_new_token(loaded.profile, services.clock().date(), expires)
    _save(loaded, profile, services)
    told = f"Entra has the new Secret Token. It is to be renewed by {profile.cloud.renew_by}."
    output.result({"renewed": True, "renew_by": profile.cloud.renew_by}, (told,))
    return 0


def _token(services: Services, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """Return the Secret Token for Entra, and why there is none: a list is made without one too."""
    try:
        return services.entra_token(profile), ()
    except StorageError as error:
        told = f"The Secret Token is not at hand. {error.message} Set {ENTRA_TOKEN_VARIABLE}."
        return "", (told,)


async def _foretell(loaded: LoadedProfile, services: Services, output: Output) -> None:
    """Foretell what “cloud check” compares the first cycle with, if possible."""
    profile = loaded.profile
    try:
        token = services.token_for(profile)
        output.progress("Foretelling whom the first cycle will change")
        found = await services.foretell_cloud(profile, loaded.base_dir, token)
        services.keep_foretold(profile, found.foretold)
    except SparkWizardError as error:
        output.progress(f"The first cycle is not foretold. {error}")


def _save(loaded: LoadedProfile, profile: Profile, services: Services) -> None:
    if profile != loaded.profile:
        services.save_again(profile, str(loaded.path), loaded.profile.name)


def _asked() -> str:
    """Return the token that a person types, unseen, or that another program writes to us."""
    if sys.stdin.isatty():
        token = getpass.getpass("Secret Token for Entra: ").strip()
    else:
        token = sys.stdin.readline().strip()
    if not token:
        raise InputError(
            "No Secret Token was entered.",
            fix=f"Try again, or set {ENTRA_TOKEN_VARIABLE}.",
            code="no-entra-token",
        )
    return token
