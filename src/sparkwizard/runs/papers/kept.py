"""Papers of a run as the journal keeps them."""

import zlib
from collections.abc import Mapping

import msgspec

from sparkwizard.provisioning.plan import Plan

__all__ = ["RunPapers", "read_papers", "write_papers"]


class RunPapers(msgspec.Struct, frozen=True):
    """Hold what a run was made with.

    ``setup`` is the profile as TOML. ``plan`` is the plan with its problems, but without the other
    actions: those that write are the run's own, unchanged and skipped people are left out (the
    plan's counts tell how many), or a journal of a large company would grow by megabytes a day.
    """

    setup: str
    plan: Plan
    versions: Mapping[str, str]


def write_papers(papers: RunPapers) -> bytes:
    """Return the papers packed for the journal."""
    return zlib.compress(msgspec.json.encode(papers))


def read_papers(packed: bytes) -> RunPapers:
    """Return the papers that the journal keeps."""
    return msgspec.json.decode(zlib.decompress(packed), type=RunPapers)
