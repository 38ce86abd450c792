"""Open connections to one organization, and their test."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from sparkwizard.errors import Forbidden, NotFound
from sparkwizard.runs import guards
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.services.tokens import Tokens, api_url_of, origins_of
from sparkwizard.setup.profile import Profile
from sparkwizard.webex.identity import identify
from sparkwizard.webex.licences import read_licences
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Identity, Layer, Licences

if TYPE_CHECKING:  # a command that sends nothing reads no network from disk
    from sparkwizard.net.client import Http

__all__ = ["Connection", "Connections"]

_NETWORK = "sparkwizard.net.client"


class Connection(msgspec.Struct, frozen=True):
    """Hold an open connection to one organization; ``identity`` None where it is not asked.

    ``licences`` reads those of the organization; None where nobody can be asked.
    """

    scim: ScimClient
    identity: Identity | None
    licences: Callable[[], Coroutine[None, None, Licences]] | None = None


class Connections(Tokens):
    """Open connections to the organizations of setups, and test them."""

    async def diagnose(
        self, profile: Profile, token: str, on_layer: Callable[[Layer], None] | None = None
    ) -> tuple[Layer, ...]:
        """Test the connection layer by layer, without one write."""
        from sparkwizard.webex.diagnosis import diagnose  # noqa: PLC0415 -- see above

        return await diagnose(
            tenant_url=profile.webex.tenant_url,
            token=token,
            api_url=profile.webex.api_url,
            on_layer=on_layer,
        )

    @asynccontextmanager
    async def connect(
        self, profile: Profile, token: str, *, control: RunControl | None = None
    ) -> AsyncIterator[Connection]:
        """Open a connection for reading and writing users."""
        if _NETWORK not in sys.modules:
            # on a thread: it takes 30 ms, for which a window would stand still
            await asyncio.to_thread(importlib.import_module, _NETWORK)
        from sparkwizard.net.client import Http  # noqa: PLC0415 -- see above

        tenant = TenantUrl.parse(profile.webex.tenant_url)
        guards.check_organization(profile, tenant)
        api_url = api_url_of(profile)
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(
                Http(
                    token=token,
                    origins=origins_of(profile),
                    sleep=control.sleep if control else asyncio.sleep,
                    on_wait=control.tell_wait if control else None,
                )
            )
            identity = await self._operator(http, api_url, token) if api_url else None
            guards.check_identity(profile, identity)
            scim = ScimClient(http, tenant.scim_base, is_webex=tenant.is_webex)
            licences = partial(read_licences, http, api_url) if api_url else None
            yield Connection(scim, identity, licences)

    async def _operator(self, http: "Http", api_url: str, token: str) -> Identity | None:
        """Return the token's owner; a service app has none and may not ask (facts/webex.md, 1)."""
        try:
            return await identify(http, api_url, token, self.clock())
        except (Forbidden, NotFound):
            return None
