"""``sign-in`` and ``sign-out``: who reads people from Microsoft Entra ID for a setup."""

import webbrowser
from collections.abc import Iterator
from contextlib import aclosing

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.entra.permissions import NEEDS, needed
from sparkwizard.entra.types import BrowserNeeded, DeviceCode, Purpose, SignedIn
from sparkwizard.errors import InputError
from sparkwizard.net.off_loop import off_loop
from sparkwizard.runs.services import Belongings
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import LoadedProfile
from sparkwizard.values import replace

__all__ = ["sign_in", "sign_out"]

_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


async def sign_in(options: Options, services: Belongings, output: Output) -> int:
    """Sign in in the browser or by device code, and keep it for later commands."""
    loaded = services.load(options.profile or "")
    purposes = _purposes(options, loaded.profile)
    for line in _asked_for(purposes):
        output.progress(line)
    done = await _signed_in(options, services, output, loaded.profile, purposes)
    wrote = _with_tenant(services, loaded, done.account.tenant)
    kept = done.note is None
    output.result(
        {
            "account": done.account.username,
            "tenant": done.account.tenant,
            "kept": kept,
            "note": done.note.text if done.note else "",
            "profile_changed": wrote,
        },
        _lines(done, loaded, wrote=wrote),
    )
    return 0


async def sign_out(options: Options, services: Belongings, output: Output) -> int:
    """Remove every token of the setup's sign-in from this computer."""
    loaded = services.load(options.profile or "")
    _check_entra(loaded.profile)
    before = await services.signed_in(loaded.profile.source)
    await services.sign_out(loaded.profile.source)
    who = before.label if before else ""
    output.result(
        {"account": who},
        (f"{who} is signed out." if who else "Nobody was signed in.",),
    )
    return 0


async def _signed_in(
    options: Options,
    services: Belongings,
    output: Output,
    profile: Profile,
    purposes: tuple[Purpose, ...],
) -> SignedIn:
    async with services.sign_in(profile.source) as session:
        way = session.by_device_code if options.device_code else session.in_browser
        async with aclosing(way(purposes)) as events:
            async for event in events:
                if isinstance(event, SignedIn):
                    return event
                await _show(event, output)
    raise AssertionError("a sign-in ends with who signed in, or raises")


async def _show(event: BrowserNeeded | DeviceCode, output: Output) -> None:
    if isinstance(event, BrowserNeeded):
        output.progress("The sign-in goes on in your browser. If none opens, go to:")
        output.progress(event.url)
        await off_loop(lambda: webbrowser.open(event.url), "browser")
        return
    if not output.json:
        for line in _drawn(event.qr):
            output.progress(line)
    output.progress(f"Open {event.url} on any device and enter the code {event.user_code}.")
    output.progress(f"It is good for {event.expires_in // 60} minutes; Ctrl+C stops.")


def _purposes(options: Options, profile: Profile) -> tuple[Purpose, ...]:
    _check_entra(profile, cloud=options.cloud)
    cloud = (Purpose.CLOUD_SETUP, Purpose.WATCHING) if options.cloud else ()
    from sparkwizard.directory.entra_users import wanted_of  # noqa: PLC0415 -- a sign-out reads none

    return (*wanted_of(profile).purposes, *cloud)


def _check_entra(profile: Profile, *, cloud: bool = False) -> None:
    if profile.source.kind != "entra" and not (cloud or profile.cloud.application_id):
        raise InputError(
            "This setup reads its people from a file, so there is nobody to sign in.",
            fix='Set kind = "entra" in its [source], or add --cloud for Entra\'s provisioning '
            "service.",
            code="source-is-a-file",
        )


def _asked_for(purposes: tuple[Purpose, ...]) -> Iterator[str]:
    yield "SparkWizard asks for these permissions, and only these:"
    for need in needed(purposes):
        yield f"  {need.permission:<34}{need.reason}"
    roles = [role for purpose in purposes for role in NEEDS[purpose].roles]
    if roles:
        yield f"  Your account needs the role {' or '.join(dict.fromkeys(roles))}."


def _with_tenant(services: Belongings, loaded: LoadedProfile, tenant: str) -> bool:
    """Write the tenant into a setup that named none, so that later commands find the sign-in."""
    source = loaded.profile.source
    if source.tenant or not tenant:
        return False
    profile = replace(loaded.profile, source=replace(source, tenant=tenant))
    services.save_again(profile, str(loaded.path), loaded.profile.name)
    return True


def _lines(done: SignedIn, loaded: LoadedProfile, *, wrote: bool) -> Iterator[str]:
    yield f"{done.account.label} is signed in."
    if wrote:
        yield f"The organization was written to {loaded.path}: tenant = {done.account.tenant}"
    if done.note is not None:
        yield f"Note: {done.note.text}"


def _drawn(qr: tuple[tuple[bool, ...], ...]) -> Iterator[str]:
    """Yield a QR code in half blocks, dark on light whatever the colours of the terminal."""
    edge = (False,) * (len(qr[0]) + 4)
    rows = [edge, edge, *((False, False, *row, False, False) for row in qr), edge, edge]
    for upper, lower in zip(rows[::2], [*rows[1::2], edge], strict=False):
        yield "".join(_BLOCKS[not a, not b] for a, b in zip(upper, lower, strict=True))
