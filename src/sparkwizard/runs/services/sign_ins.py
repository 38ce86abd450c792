"""Sign-ins to Microsoft Entra ID, and connections to its Graph."""

import importlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sparkwizard.entra.clouds import graph_base
from sparkwizard.entra.types import Account, Purpose, SignInSettings, TokenProvider
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.services.data_folder import DataFolder
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.setup.secrets import GRAPH_TOKEN_VARIABLE

if TYPE_CHECKING:
    from sparkwizard.entra.graph import Graph
    from sparkwizard.entra.sign_in import SignIn
    from sparkwizard.entra.sign_in.cache import Vaults

__all__ = ["SignIns"]


class SignIns(DataFolder):
    """Sign in to the organizations that setups read people from, and ask their Graph."""

    @asynccontextmanager
    async def sign_in(self, source: SourceSettings) -> AsyncIterator["SignIn"]:
        """Yield the sign-in of a setup. Raises InputError.

        Kept where the secrets of this data folder are kept: in the system's keyring, or in memory.
        """
        from sparkwizard.net.off_loop import off_loop  # noqa: PLC0415 -- to forget asks none

        # MSAL takes a quarter of a second, for which no window should wait
        await off_loop(partial(importlib.import_module, "sparkwizard.entra.sign_in"), "read-msal")
        from sparkwizard.entra.sign_in import SignIn  # noqa: PLC0415 -- as above

        settings = settings_of(source)
        async with SignIn(settings, vaults=self._vaults(), folder=self._folder) as sign_in:
            yield sign_in

    def kept_sign_ins(self) -> tuple[str, ...]:
        """Return what each sign-in is called that is kept here: authority, tenant, application."""
        if not self._folder.is_dir():
            return ()
        from sparkwizard.entra.sign_in.cache import kept_names  # noqa: PLC0415 -- as above

        return kept_names(self._folder)

    def forget_sign_in(self, name: str) -> None:
        """Remove a kept sign-in by what it is called. Blocks; raises StorageError."""
        from sparkwizard.entra.sign_in.cache import TokenStore  # noqa: PLC0415 -- as above

        TokenStore(self._vaults()(name), self._folder, name).forget()

    @property
    def _folder(self) -> Path:
        return self.places.data_dir / "sign-in"

    def _vaults(self) -> "Vaults":
        from sparkwizard.entra.sign_in.cache import in_memory, system_vaults  # noqa: PLC0415

        return system_vaults(self._folder) if self.secrets.durable else in_memory

    async def signed_in(self, source: SourceSettings, *, only_kept: bool = False) -> Account | None:
        """Return who is signed in for a setup, None for nobody. Raises StorageError.

        ``only_kept`` leaves out what is forgotten when the program closes.
        """
        async with self.sign_in(source) as sign_in:
            return await sign_in.account(only_kept=only_kept)

    @property
    def graph_token_given(self) -> bool:
        """Return whether somebody brought a token for Graph along, in place of a sign-in."""
        return bool(given_graph_token(self._environ))

    async def sign_out(self, source: SourceSettings) -> None:
        """Remove every token of a setup's sign-in from this computer. Raises StorageError."""
        async with self.sign_in(source) as sign_in:
            await sign_in.sign_out()

    @asynccontextmanager
    async def graph(
        self,
        source: SourceSettings,
        purposes: Collection[Purpose],
        *,
        control: RunControl | None = None,
    ) -> AsyncIterator["Graph"]:
        """Open a connection to the Graph of a setup.

        The token is that of ``SPARKWIZARD_GRAPH_TOKEN`` where it is set, else the sign-in's.
        Raises InputError for an address that is not Microsoft's, and later what ``Graph`` raises.
        """
        from sparkwizard.entra.graph import Graph, open_http  # noqa: PLC0415 -- as above

        base = graph_base(source.graph_url)
        async with AsyncExitStack() as stack:
            tokens = await self._graph_tokens(source, purposes, stack)
            http = open_http(base, on_wait=control.tell_wait if control else None)
            yield await stack.enter_async_context(
                Graph(http, tokens, base, max(purposes, key=_rank))
            )

    async def _graph_tokens(
        self, source: SourceSettings, purposes: Collection[Purpose], stack: AsyncExitStack
    ) -> TokenProvider:
        if given := given_graph_token(self._environ):
            from sparkwizard.entra.tokens import GivenToken  # noqa: PLC0415 -- as above

            return GivenToken(given)
        from sparkwizard.entra.sign_in import SignedInTokens  # noqa: PLC0415

        sign_in = await stack.enter_async_context(self.sign_in(source))
        return SignedInTokens(sign_in, purposes)


def given_graph_token(environ: Mapping[str, str]) -> str:
    """Return the token that somebody brought along, without ``Bearer``; "" for none."""
    return environ.get(GRAPH_TOKEN_VARIABLE, "").strip().removeprefix("Bearer ").strip()


def settings_of(source: SourceSettings) -> SignInSettings:
    """Return what a setup says about signing in. Raises InputError for a foreign address."""
    return SignInSettings(graph_base(source.graph_url), source.tenant, source.client_id)


def _rank(purpose: Purpose) -> int:
    return list(Purpose).index(purpose)
