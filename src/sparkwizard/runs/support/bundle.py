"""Gather what support needs: plain texts, each looked at before anything is saved.

No secret is in it. People are hidden unless they are asked for: every address, and every name that
journal, source and token know. What holds counts only is made of counts.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from sparkwizard.errors import StorageError
from sparkwizard.net.redact import redact
from sparkwizard.provisioning.types import Population
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.logs.log import log_tail
from sparkwizard.runs.papers.made import versions
from sparkwizard.runs.support.names import names_of_journal, names_of_people
from sparkwizard.runs.support.people import PeopleHidden
from sparkwizard.runs.support.summary import journal_summary
from sparkwizard.runs.support.system import system_facts
from sparkwizard.setup.places import Places, write_private
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import profile_text
from sparkwizard.webex.types import Identity, Layer

__all__ = ["BundleEntry", "BundleSources", "make_bundle", "save_bundle"]


class BundleEntry(msgspec.Struct, frozen=True):
    """Hold one file of the bundle: its name, what it is for in a line, and its whole text."""

    name: str
    tells: str
    text: str


@dataclass(frozen=True, slots=True)
class BundleSources:
    """Hold what a bundle is made of; ``secrets`` are hidden wherever they stand.

    ``more_versions`` are those of the window (Qt), ``proxy`` names the proxy without password.
    """

    places: Places
    now: datetime
    environ: Mapping[str, str]
    profile: Profile | None = None
    population: Population | None = None
    identity: Identity | None = None
    layers: Sequence[Layer] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    more_versions: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""


def make_bundle(sources: BundleSources, *, with_people: bool = False) -> tuple[BundleEntry, ...]:
    """Return the entries of a bundle, "about.txt" first. Blocking; raises nothing for what lacks.

    What can't be gathered says so in its place.
    """
    with _journal(sources) as journal:
        hidden = PeopleHidden(() if with_people else _names(sources, journal))
        gathered = tuple(_gathered(sources, journal))
    home = str(Path.home())

    def clean(text: str) -> str:
        text = redact(text, sources.secrets)
        if len(home) > 1:
            text = text.replace(home, "~")
        return text if with_people else hidden.hide(text)

    entries = tuple(BundleEntry(name, tells, clean(text)) for name, tells, text in gathered)
    about = _about(sources, entries, hidden, with_people=with_people)
    return (BundleEntry("about.txt", "what is in here, and what was left out", about), *entries)


def save_bundle(entries: Iterable[BundleEntry], path: Path) -> None:
    """Write the entries as one ZIP file that only its owner may read. Raises StorageError."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            archive.writestr(entry.name, entry.text)
    write_private(path, packed.getvalue())


@contextmanager
def _journal(sources: BundleSources) -> Iterator[Journal | None]:
    """Open the journal anew, for this thread; None where there is none or it can't be opened."""
    path = sources.places.journal_path
    if not path.exists():
        yield None
        return
    try:
        journal = Journal(path, lambda: sources.now)
    except StorageError:
        yield None
        return
    with journal:
        yield journal


def _gathered(sources: BundleSources, journal: Journal | None) -> Iterator[tuple[str, str, str]]:
    """Yield name, line and raw text of each entry."""
    found = {**versions(), **sources.more_versions}
    yield "versions.json", "versions of the program and its libraries", _json(found)
    facts = _tried(lambda: system_facts(sources.places, sources.environ, sources.proxy))
    yield "system.txt", "this computer: system, keyring, proxy, folders", facts
    if sources.profile is not None and sources.profile.name:
        profile = sources.profile
        yield "setup.toml", "the setup that is open", _tried(lambda: profile_text(profile))
    if sources.layers:
        layers = [msgspec.to_builtins(layer) for layer in sources.layers]
        yield "diagnosis.json", "the last test of the connection", _json(layers)
    if journal is not None:
        summary = _tried(lambda: _json(journal_summary(journal)))
        yield "journal.json", "what was run: numbers and error codes, nobody by name", summary
    log = log_tail(sources.places)
    yield "log.txt", "the newest lines of the log", log or "The log is empty.\n"


def _names(sources: BundleSources, journal: Journal | None) -> Iterator[str]:
    if sources.population is not None:
        yield from names_of_people(sources.population.people)
    if sources.identity is not None:
        yield sources.identity.display_name
        yield sources.identity.email
    if journal is not None:
        yield from names_of_journal(journal)


def _about(
    sources: BundleSources,
    entries: Iterable[BundleEntry],
    hidden: PeopleHidden,
    *,
    with_people: bool,
) -> str:
    people = (
        "Names and e-mail addresses of people are in it, as was asked for."
        if with_people
        else "Names and e-mail addresses of people were replaced, as far as journal, source and"
        f" token know them ({hidden.addresses:,} different addresses); a word that is also a name"
        " went with them."
    )
    lines = [
        "SparkWizard support bundle",
        f"Made {sources.now:%Y-%m-%d %H:%M %Z}".rstrip(),
        "",
        "No password and no token is in it. The home folder is written as ~.",
        people,
        "",
        *(f"{entry.name:<16}{entry.tells}" for entry in entries),
    ]
    return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def _tried(gather: Callable[[], str]) -> str:
    try:
        return gather()
    except Exception as error:  # noqa: BLE001  a bundle is made where something is broken
        return f"Could not be gathered: {type(error).__name__}: {error}\n"
