"""What a run was made with, kept beside it for change control: setup, plan, versions."""

import platform
import zlib
from collections.abc import Mapping
from functools import cache
from importlib import metadata

import msgspec

from sparkwizard import __version__
from sparkwizard.net.redact import redact
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import profile_text
from sparkwizard.values import replace

__all__ = ["RunPapers", "packed_papers", "papers_of", "read_papers", "versions", "write_papers"]

LIBRARIES = (
    "filelock",
    "httpx",
    "keyring",
    "msgspec",
    "platformdirs",
    "pyside6-essentials",
    "qasync",
    "regex",
    "tomlkit",
    "truststore",
)


class RunPapers(msgspec.Struct, frozen=True):
    """Hold what a run was made with.

    ``setup`` is the profile as TOML. ``plan`` is the plan with its problems, but without the other
    actions: those that write are the run's own, unchanged and skipped people are left out (the
    plan's counts tell how many), or a journal of a large company would grow by megabytes a day.
    """

    setup: str
    plan: Plan
    versions: Mapping[str, str]


def papers_of(profile: Profile, plan: Plan) -> RunPapers:
    """Return the papers of a run that is about to apply ``plan``; no secret is in them."""
    problems = tuple(a for a in plan.actions if a.kind is ActionKind.PROBLEM)
    kept = replace(plan, actions=problems)
    if plan.groups:
        of_groups = tuple(a for a in plan.groups.actions if a.kind is ActionKind.PROBLEM)
        kept = replace(kept, groups=replace(plan.groups, actions=of_groups))
    return RunPapers(redact(profile_text(profile)), kept, versions())


def packed_papers(profile: Profile, plan: Plan) -> bytes:
    """Return the papers of a run as the journal keeps them; takes a while for a large plan."""
    return write_papers(papers_of(profile, plan))


def write_papers(papers: RunPapers) -> bytes:
    """Return the papers packed for the journal."""
    return zlib.compress(msgspec.json.encode(papers))


def read_papers(packed: bytes) -> RunPapers:
    """Return the papers that the journal keeps."""
    return msgspec.json.decode(zlib.decompress(packed), type=RunPapers)


def versions() -> dict[str, str]:
    """Return the versions of all that takes part: product, Python, libraries, system."""
    return {
        "sparkwizard": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        **_installed(),
    }


@cache
def _installed() -> Mapping[str, str]:
    """Return the versions of libraries; reading them from the disk takes as long as a small run."""
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # a bundle may carry no metadata of it
        return "unknown"
