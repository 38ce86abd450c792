"""Papers made as a run begins: its setup and plan, and the versions of all that takes part."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata

from sparkwizard import __version__
from sparkwizard.net.redact import redact
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.papers.kept import RunPapers, write_papers
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import profile_text
from sparkwizard.values import replace

__all__ = ["packed_papers", "papers_of", "versions"]

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
