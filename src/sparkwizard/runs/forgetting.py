"""Forget what the program keeps on this computer: secrets, schedules, setups, journal and logs.

Secrets go first: only setups, draft and journal tell whose secrets there are, so these stay while
a secret can't be deleted. Files that the program did not make are left alone.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sparkwizard.errors import SparkWizardError, StorageError
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.processes.held_file import hold, let_go
from sparkwizard.runs.schedule import Job, Scheduler, job_for
from sparkwizard.runs.services import Belongings
from sparkwizard.setup.network import load_proxy, proxy_account
from sparkwizard.setup.places import Places, storage_error
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import SecretName
from sparkwizard.setup.store import load_draft

__all__ = [
    "Kept",
    "find_kept",
    "forget_files",
    "forget_schedules",
    "forget_secrets",
    "forget_sign_ins",
    "jobs_of",
    "organizations",
]

_FILES = ("journal.sqlite3*", "network.toml", "recent-files.json", "window.ini*", "run-*.lock")
_FOLDERS = ("sign-in/*", "drafts/*.toml", "plans/*.json", "reports/run-*.html", "windows/*")


class Kept(msgspec.Struct, frozen=True):
    """Hold what there is: secrets by organization and name, and files, those of practice too.

    ``sign_ins`` are those to Microsoft Entra, by what each is called. ``problem`` is why the
    keyring could not be asked.
    """

    secrets: tuple[tuple[str, SecretName], ...]
    files: tuple[Path, ...]
    problem: SparkWizardError | None = None
    sign_ins: tuple[str, ...] = ()


def find_kept(services: Belongings, owners: tuple[str, ...]) -> Kept:
    """Return what is kept of these organizations, and all files. Blocks on the keyring."""
    files = tuple(_files(services.places))
    everybody = (*owners, *_at_proxy(services.places))
    try:
        secrets = [(owner, name) for owner in everybody for name in _names_of(services, owner)]
    except StorageError as error:
        return Kept((), files, error)
    return Kept(tuple(secrets), files, sign_ins=services.kept_sign_ins())


def _at_proxy(places: Places) -> Iterator[str]:
    """Yield whose the proxy's password is, where one may be kept."""
    with contextlib.suppress(StorageError):  # a setting that can't be read names nobody
        choice = load_proxy(places)
        if choice.username:
            yield proxy_account(choice)


def _names_of(services: Belongings, owner: str) -> Iterator[SecretName]:
    for name in SecretName:
        if services.secrets.load(owner, name) is not None:
            yield name


def jobs_of(services: Belongings, data_dir: Path | None) -> tuple[Job, ...]:
    """Return the jobs that the saved setups would have; whether they are installed is not asked."""
    found = []
    for entry in services.saved():
        with contextlib.suppress(SparkWizardError):  # one that can't be read has none we know of
            profile = services.load(str(entry.path)).profile
            found += [job_for(profile, ref, data_dir) for ref in (profile.name, str(entry.path))]
    return tuple({job.name: job for job in found}.values())


def forget_secrets(services: Belongings, kept: Kept) -> None:
    """Delete the secrets and see that they are gone. Blocks; raises StorageError."""
    if kept.problem is not None:
        raise kept.problem
    for organization, name in kept.secrets:
        services.secrets.delete(organization, name)
        if services.secrets.load(organization, name) is not None:
            raise StorageError(
                "The keyring did not delete a secret.",
                fix=f'Delete the entry "SparkWizard {organization}" by the system\'s own program.',
            )


async def forget_sign_ins(services: Belongings) -> int:
    """Sign every setup out of Microsoft Entra ID, also those deleted since; return how many.

    Blocks on the keyring, as no window does this. Raises StorageError.
    """
    number = 0
    for source in {profile.source for profile in _profiles(services)}:
        if source.kind == "entra" and await services.signed_in(source):
            await services.sign_out(source)
            number += 1
    for name in services.kept_sign_ins():
        services.forget_sign_in(name)
        number += 1
    return number


def _profiles(services: Belongings) -> Iterator[Profile]:
    """Yield the setups and the draft that can be read; others are not known to have anything."""
    for entry in services.saved():
        with contextlib.suppress(SparkWizardError):
            yield services.load(str(entry.path)).profile
    with contextlib.suppress(SparkWizardError):
        draft = load_draft(services.places)
        if draft is not None:
            yield draft.profile


def forget_schedules(scheduler: Scheduler, jobs: tuple[Job, ...]) -> int:
    """Remove the jobs that are installed; return how many were. Blocks; raises StorageError."""
    return sum(scheduler.remove(job) for job in jobs)


def forget_files(services: Belongings, kept: Kept) -> tuple[Path, ...]:
    """Delete the files, then folders that are empty; return the folders in which others remain.

    Raises StorageError while a window is open or a run writes: nothing is deleted then.
    """
    places = services.places
    with contextlib.ExitStack() as held:
        for organization in organizations(services):
            held.enter_context(organization_lock(places, organization))
        _no_window(places)
    services.close()
    for file in (*kept.files, *_files(places)):  # locks were made again just now
        _unlink(file)
    return tuple(folder for folder in _folders(places) if not _gone(folder))


def organizations(services: Belongings) -> tuple[str, ...]:
    """Return every organization that a setup, the draft or the journal names.

    Belongs on the loop's thread, as the journal does. Raises StorageError.
    """
    found = {profile.webex.organization_id for profile in _profiles(services)}
    if services.places.journal_path.exists():
        found.update(services.journal.organizations())
    return tuple(sorted(found - {""}))


def _files(places: Places) -> Iterator[Path]:
    yield from sorted(places.profiles_dir.glob("*.toml"))
    for pattern in (*_FILES, *_FOLDERS):
        yield from sorted(places.data_dir.glob(pattern))
    yield from sorted(places.logs_dir.glob("*.log*"))
    practice = Places.in_folder(places.data_dir / "practice")
    if practice.data_dir.is_dir() and practice.data_dir != places.data_dir:
        yield from _files(practice)


def _folders(places: Places) -> Iterator[Path]:
    """Yield the folders that the program makes, inner ones first."""
    practice = places.data_dir / "practice"
    if practice.is_dir():
        yield from _folders(Places.in_folder(practice))
    inner = dict.fromkeys(pattern.partition("/")[0] for pattern in _FOLDERS)
    made = [places.data_dir / name for name in inner]
    for folder in (*made, places.logs_dir, places.profiles_dir, places.data_dir):
        if folder.is_dir():
            yield folder


def _no_window(places: Places) -> None:
    for claim in sorted((places.data_dir / "windows").glob("*.open")):
        file = hold(claim)
        if file is None:
            raise StorageError(
                "SparkWizard is open in a window.",
                fix="Close it, then try again; nothing was deleted.",
                code="window-open",
            )
        let_go(file)


def _unlink(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, file, "deleted") from error


def _gone(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False  # something of others is in it
    return True
