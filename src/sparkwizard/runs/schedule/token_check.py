"""Look whether a token can carry a schedule, before one is installed."""

import asyncio
from datetime import datetime

import msgspec

from sparkwizard.errors import Forbidden, InputError, NotFound, SparkWizardError
from sparkwizard.runs import guards
from sparkwizard.runs.services import LocalServices, api_url_of
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import TOKEN_VARIABLE
from sparkwizard.webex.types import Identity

__all__ = ["TokenChecked", "check_token"]


class TokenChecked(msgspec.Struct, frozen=True):
    """Hold when the token ends, None where nobody says, and what a person should know."""

    expires: datetime | None
    notes: tuple[str, ...]


async def check_token(services: LocalServices, profile: Profile) -> TokenChecked:
    """Refuse a token that ends within hours; it is the token that the job will find.

    Raises InputError for that one and where there is none, also where people come from Entra and
    nobody stays signed in, ProfileError for another organization's, NotAuthorized, NetError and
    StorageError.
    """
    await _check_sign_in(services, profile)
    token, notes = await asyncio.to_thread(_token_of_the_job, services, profile)
    identity = await _identity(services, profile, token)
    guards.check_identity(profile, identity)
    if identity is None or identity.expires is None:
        notes += ("Nobody tells here how long the token lives; the schedule ends with it.",)
        return TokenChecked(None, notes)
    if identity.lifetime_short:
        raise InputError(
            "This token ends within hours, as personal tokens do 12 hours after the sign-in, and a"
            " schedule would fail from then on.",
            fix="Save a token that lives longer: use the administrator link on the token page of"
            " the wizard, or a service app. Until then run sync by hand.",
            code="token-short-lived",
        )
    ends = identity.expires.astimezone().strftime("%Y-%m-%d")
    return TokenChecked(identity.expires, (*notes, f"The token ends on {ends}; renew it before."))


async def _check_sign_in(services: LocalServices, profile: Profile) -> None:
    """Refuse a setup with people from Entra without a sign-in that the job will find."""
    if profile.source.kind != "entra":
        return
    if await services.signed_in(profile.source, only_kept=True) is None:
        raise InputError(
            "Nobody stays signed in to Microsoft Entra ID for this setup, and a schedule would fail"
            " from then on.",
            fix="Sign in with: sparkwizard sign-in --profile P, on a computer with a keyring.",
            code="sign-in-needed",
        )


def _token_of_the_job(services: LocalServices, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """Return the saved token, else the environment's, which the job most likely does not have."""
    job = LocalServices(
        places=services.places, secrets=services.secrets, environ={}, clock=services.clock
    )
    try:
        return job.token_for(profile), ()
    except SparkWizardError as error:
        note = (
            f"The job has no saved token. {error.message} It does not see {TOKEN_VARIABLE} of this"
            " session either: save the token in the wizard, or set the variable where the job runs."
        )
        return services.token_for(profile), (note,)


async def _identity(services: LocalServices, profile: Profile, token: str) -> Identity | None:
    api_url = api_url_of(profile)
    if not api_url:
        return None
    try:
        return await services.identify(token, api_url)
    except (Forbidden, NotFound):  # a service app, which may not ask who it is
        return None
