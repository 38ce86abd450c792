"""Keep this computer and Entra's service from running one setup at the same time (design, §6)."""

from sparkwizard.errors import SafeguardStop
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import Profile

__all__ = ["check_other_engine"]


def check_other_engine(journal: Journal, profile: Profile) -> None:
    """Refuse to write while Entra's job of this setup is on, as it was last seen.

    Raises SafeguardStop.
    """
    known = journal.known_job(profile.id, profile.webex.organization_id)
    if known is None or not known.on:
        return
    raise SafeguardStop(
        "Microsoft Entra provisions this setup by itself: as last seen on"
        f" {known.seen_at.astimezone():%Y-%m-%d}, its job is on. Nothing was written.",
        fix="Switch Entra's job off first (“cloud stop”), look again (“cloud watch”) if it is off"
        " already, or allow it for this once with --although-entra-runs.",
        code="entra-runs",
    )
