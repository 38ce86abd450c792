"""Start and stop the simulated company for the window, and keep practice setups pointing at it."""

from contextlib import ExitStack
from typing import TYPE_CHECKING

from sparkwizard.errors import NetError, SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import (
    list_profiles,
    load_draft,
    load_profile,
    save_draft,
    save_profile,
)
from sparkwizard.values import replace
from sparkwizard.wizard.state import PracticeTenant

if TYPE_CHECKING:
    from sparkwizard.practice import PracticeServer

__all__ = ["PracticeHost"]


class PracticeHost:
    """Run at most one practice tenant, on a thread of its own."""

    def __init__(self) -> None:
        self._stack: ExitStack | None = None
        self._server: PracticeServer | None = None

    async def start(self, places: Places) -> PracticeTenant:
        """Start the tenant; setups that were practised with before are led to it.

        Raises ``NetError`` where this computer does not let it listen.
        """
        await self.stop()
        self._stack, server = await run_blocking(_start)
        self._server = server
        tenant = _tenant(server)
        await run_blocking(_lead_there, places, tenant)
        return tenant

    async def stop(self) -> None:
        """Stop the tenant, if it runs."""
        stack, self._stack, self._server = self._stack, None, None
        if stack is not None:
            await run_blocking(stack.close)

    async def complete_sign_in(self) -> int:
        """Finish the sign-ins to Entra that wait, as its administrator; return how many."""
        server = self._server
        return 0 if server is None else await run_blocking(server.complete_sign_in)

    async def run_cycle(self) -> int:
        """Let the practice provisioning service run its jobs once now; return how many ran."""
        server = self._server
        return 0 if server is None else await run_blocking(server.run_cycle)


def _start() -> "tuple[ExitStack, PracticeServer]":
    from sparkwizard.practice import serve_in_thread  # noqa: PLC0415  only who practises pays

    stack = ExitStack()
    try:
        server = stack.enter_context(serve_in_thread())
    except OSError as error:
        raise NetError(
            f"The simulated company could not be started: {error.strerror or error}.",
            fix="Something on this computer forbids a program to listen at 127.0.0.1.",
            code="practice",
        ) from error
    return stack, server


def _tenant(server: "PracticeServer") -> PracticeTenant:
    return PracticeTenant(
        tenant_url=server.tenant_url,
        api_url=server.api_url,
        organization_id=server.organization_id,
        csv=str(server.csv),
        token=server.token,
        graph_url=server.graph_url,
        entra_tenant=server.entra_tenant_id,
    )


def _lead_there(places: Places, tenant: PracticeTenant) -> None:
    """Give setups of earlier practice the address and the file of today's tenant."""
    for entry in list_profiles(places):
        if entry.problem is None:
            profile = load_profile(str(entry.path), places).profile
            if _is_of(profile, tenant):
                save_profile(_moved(profile, tenant), places, entry.path)
    try:
        draft = load_draft(places)
        if draft is not None and _is_of(draft.profile, tenant):
            save_draft(replace(draft, profile=_moved(draft.profile, tenant)), places)
    except SparkWizardError:
        return  # the first page tells what is wrong with a draft


def _is_of(profile: Profile, tenant: PracticeTenant) -> bool:
    return profile.webex.organization_id == tenant.organization_id


def _moved(profile: Profile, tenant: PracticeTenant) -> Profile:
    webex = replace(profile.webex, tenant_url=tenant.tenant_url, api_url=tenant.api_url)
    source = profile.source
    if source.path.endswith("company.csv"):
        source = replace(source, path=tenant.csv)
    if source.kind == "entra":
        source = replace(source, graph_url=tenant.graph_url, tenant=tenant.entra_tenant)
    return replace(profile, webex=webex, source=source)
