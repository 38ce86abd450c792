"""Ask Microsoft Graph: requests, whole lists page by page, and batches.

Waiting, retries, trust and proxies are ``net``'s. Here are Graph's own manners: tokens that are
renewed while it goes on, links that are followed whole and only where they came from, and errors
that say whom to ask for which permission.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from sparkwizard.entra.batch import Batch
from sparkwizard.entra.graph_errors import claims_asked, graph_error
from sparkwizard.entra.pages import page_in
from sparkwizard.entra.query import Params, query
from sparkwizard.entra.types import BatchReply, BatchRequest, Page, Purpose, TokenProvider
from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.net.answer import Answer
from sparkwizard.net.proxy import origin_of
from sparkwizard.net.redact import register_secret
from sparkwizard.net.retry import RetryPolicy

if TYPE_CHECKING:  # a command that sends nothing reads no network from disk
    from sparkwizard.net.client import Http

__all__ = ["GRAPH_RETRIES", "Graph", "open_http"]

# Graph counts in windows of up to 150 seconds and says so in Retry-After ("Throttling limits").
GRAPH_RETRIES = RetryPolicy(tries=8, longest=180.0)

# No list of an organization has that many pages; a server that invents them is left.
PAGE_LIMIT = 20_000


def open_http(base: str, *, on_wait: Callable[[float, str], None] | None = None) -> "Http":
    """Return the client for Graph at this address; tokens come with each request."""
    from sparkwizard.net.client import Http  # noqa: PLC0415 -- see above

    return Http(token=None, origins=(base,), retries=GRAPH_RETRIES, on_wait=on_wait)


class Graph:
    """Ask one organization's Graph at ``base`` (``https://graph.microsoft.com/v1.0``).

    ``purpose`` says what for: errors name the permissions which that needs. Every method raises
    ``NetError`` where no usable answer came, and ``RemoteError`` (``remote_code`` is Graph's own
    code, ``tracking_id`` its request id) where Graph said no.
    """

    def __init__(
        self, http: "Http", tokens: TokenProvider, base: str, purpose: Purpose = Purpose.PEOPLE
    ) -> None:
        self.http = http
        self.base = base.rstrip("/")
        self.purpose = purpose
        self._tokens = tokens
        self._registered = ""

    def serving(self, purpose: Purpose) -> "Graph":
        """Return the same connection for another purpose."""
        return Graph(self.http, self._tokens, self.base, purpose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    # -- one request ----------------------------------------------------------------------------

    async def get(
        self, path: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return one object; ``path`` starts with a slash, or is a whole link that Graph gave."""
        return (await self.send("GET", path, params, headers=headers)).object()

    async def post(
        self, path: str, json: object = None, *, repeatable: bool | None = None
    ) -> dict[str, Any]:
        """Send an object or call an action; return the answer's object, empty for 204."""
        return _object(await self.send("POST", path, json=json, repeatable=repeatable))

    async def put(self, path: str, json: object) -> dict[str, Any]:
        """Replace an object whole: sent twice it is the same."""
        return _object(await self.send("PUT", path, json=json, repeatable=True))

    async def patch(self, path: str, json: object) -> dict[str, Any]:
        """Change some properties: sent twice it is the same."""
        return _object(await self.send("PATCH", path, json=json, repeatable=True))

    async def delete(self, path: str) -> None:
        """Delete an object; ``NotFound`` where it is gone already."""
        await self.send("DELETE", path)

    async def send(
        self,
        method: str,
        path: str,
        params: Params | None = None,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
    ) -> Answer:
        """Send one request and return an answer of success.

        A token that Graph no longer takes is renewed once: a 401 did nothing, so that is safe for
        writes too. ``repeatable`` as for ``Http.request``.
        """
        url = self._address(path, params)

        async def attempt(token: str) -> Answer:
            self._register(token)
            sent = {**(headers or {}), "Authorization": f"Bearer {token}"}
            return await self.http.request(
                method, url, json=json, headers=sent, repeatable=repeatable
            )

        token = await self._tokens.token()
        answer = await attempt(token)
        if answer.status == 401:
            answer = await attempt(await self._tokens.renewed(token, claims_asked(answer.headers)))
        if not answer.ok:
            raise graph_error(answer.status, answer.body(), answer.headers, self.purpose)
        return answer

    # -- lists ----------------------------------------------------------------------------------

    async def pages(
        self,
        path: str,
        params: Params | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        of: type[msgspec.Struct] | None = None,
    ) -> AsyncGenerator[Page]:
        """Yield every page of a list; the next one is under way while one is looked at.

        With ``of`` the values of a page are structs of that type where all of them fit it, which
        is faster; on any other page they are dicts.
        Close it (``contextlib.aclosing``) if you leave early. Raises ``UnexpectedAnswer`` for links
        that lead elsewhere or in circles: what came before may not be all.
        """
        seen: set[str] = set()
        coming = asyncio.ensure_future(self._page(path, params, headers, of))
        try:
            while True:
                page = await coming
                if not page.next_link:
                    yield page
                    return
                if page.next_link in seen or len(seen) >= PAGE_LIMIT:
                    raise _endless(self.base)
                seen.add(page.next_link)
                coming = asyncio.ensure_future(self._page(page.next_link, None, headers, of))
                yield page
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    async def values(
        self, path: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> list[Any]:
        """Return everything of a short list."""
        return [value async for page in self.pages(path, params, headers=headers)
                for value in page.values]  # fmt: skip

    # -- batches --------------------------------------------------------------------------------

    async def batch(self, requests: Sequence[BatchRequest]) -> tuple[BatchReply, ...]:
        """Send requests 20 at a time and return their replies in the same order.

        A request that Graph is too busy for is sent again; one that failed otherwise has its error
        in its reply. Raises only where a batch as a whole failed.
        """
        return await Batch(self, requests).replies()

    # -- sending --------------------------------------------------------------------------------

    def _address(self, path: str, params: Params | None) -> str:
        if not path.startswith("/"):
            if origin_of(path) != origin_of(self.base):
                raise _elsewhere(self.base, path)
            return path
        return f"{self.base}{path}{query(params)}"

    def _register(self, token: str) -> None:
        if token != self._registered:
            register_secret(token)
            self._registered = token

    async def _page(
        self,
        path: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        of: type[msgspec.Struct] | None,
    ) -> Page:
        return page_in(await self.send("GET", path, params, headers=headers), of)


def _object(answer: Answer) -> dict[str, Any]:
    return answer.object() if answer.content.strip() else {}


def _elsewhere(base: str, link: str) -> UnexpectedAnswer:
    there = origin_of(link) or "no web address"
    return UnexpectedAnswer(
        f"A link from {origin_of(base)} leads to {there}, which was not asked.",
        fix="Check the address of Graph (graph_url), and what stands between it and you.",
        code="link-elsewhere",
        sent=True,
    )


def _endless(base: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"The list from {origin_of(base)} goes in circles, so it was not read to its end.",
        fix="Try again in a few minutes.",
        code="endless-list",
        sent=True,
    )
