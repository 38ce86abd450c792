"""What must be true before anything is written: the right plan, setup, organization and token."""

from datetime import datetime, timedelta

from sparkwizard.errors import ProfileError, SafeguardStop
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import Profile
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Identity

__all__ = ["check_age", "check_identity", "check_operator", "check_organization", "check_plan"]

AGAIN = "Make a new preview and look at it first."
CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much the clock of the computer that made a plan may be ahead."""


def check_plan(plan: Plan, profile: Profile, journal: Journal, *, plan_hash: str = "") -> None:
    """Refuse a plan of another setup, of a changed setup, or one that was not made here.

    ``plan_hash`` vouches for a plan from another computer. Raises SafeguardStop (exit code 3).
    """
    if plan.organization_id != profile.webex.organization_id:
        raise SafeguardStop(
            "This plan is for another Webex organization than the setup. Nothing was written.",
            fix=AGAIN,
            code="plan-organization",
        )
    if plan.profile_digest != profile.digest or plan.profile_id != profile.id:
        raise SafeguardStop(
            "The setup was changed after this plan was made. Nothing was written.",
            fix=AGAIN,
            code="plan-setup-changed",
        )
    if plan_hash:
        if plan_hash.strip().lower() != plan.digest:
            raise SafeguardStop(
                "The plan's hash is not the one you gave. Nothing was written.",
                fix="Compare the hash with the one that the preview printed.",
                code="plan-hash",
            )
    elif not journal.knows_plan(plan.digest):
        raise SafeguardStop(
            "This plan was not made on this computer. Nothing was written.",
            fix="Make the preview here, or vouch for the file with --plan-hash SHA256.",
            code="plan-unknown",
        )


def check_age(plan: Plan, profile: Profile, now: datetime, journal: Journal) -> Reason | None:
    """Refuse a plan older than the setup's limit, or of the future: too much may have changed.

    One that a run of it left unsettled is let through, so that it is settled; then the reason why
    nothing more may be written is returned. None where all is well.
    """
    stop = _age_stop(plan, profile, now)
    if stop is None:
        return None
    if not journal.is_interrupted(plan.digest):
        raise stop
    return Reason(stop.code, "Left: too much may have changed since this plan. Make a new preview.")


def _age_stop(plan: Plan, profile: Profile, now: datetime) -> SafeguardStop | None:
    limit = profile.safeguards.max_plan_age_hours
    age = now - plan.created_at.astimezone()
    if age < -CLOCKS_DIFFER:
        return SafeguardStop(
            "This plan is dated in the future, so nobody can tell how old it is. Nothing was"
            " written.",
            fix="Check this computer's date and time, then make a new preview.",
            code="plan-from-the-future",
        )
    if age > timedelta(hours=limit):
        return SafeguardStop(
            f"This plan is {age // timedelta(hours=1):,} hours old, and the limit of this setup is"
            f" {limit:,}. Nothing was written.",
            fix=AGAIN,
            code="plan-too-old",
        )
    return None


def check_organization(profile: Profile, tenant: TenantUrl) -> None:
    """Refuse a setup whose organization ID is not the one in its Tenant URL."""
    named, spoken = profile.webex.organization_id.lower(), tenant.organization_id.lower()
    if named and spoken and named != spoken:
        raise ProfileError(
            "The organization ID of this setup is not the one in its Tenant URL.",
            fix="Correct one of them in the setup.",
            code="organization-mismatch",
        )


def check_identity(profile: Profile, identity: Identity | None) -> None:
    """Refuse a token that belongs to another organization than the setup."""
    if identity is None or not profile.webex.organization_id:
        return
    if identity.organization.uuid.lower() != profile.webex.organization_id.lower():
        raise ProfileError(
            "This token belongs to another Webex organization than the setup.",
            fix="Paste a token of the right organization, or choose the setup that fits it.",
            code="token-organization",
        )


def check_operator(plan: Plan, identity: Identity | None) -> None:
    """Refuse a plan that takes the access of the person who applies it.

    The preview left its own operator alone, but another token may have made it.
    """
    if identity is None:
        return
    name = identity.email.casefold()
    for action in plan.to_write:
        is_me = action.webex_id == identity.person_id or action.user_name.casefold() == name
        if is_me and action.kind.removes:
            raise SafeguardStop(
                f"This plan takes away your own access ({action.user_name}). Nothing was written.",
                fix="Make a new preview with the token you want to apply it with.",
                code="operator",
            )
