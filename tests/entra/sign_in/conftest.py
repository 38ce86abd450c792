"""A practice tenant to sign in to, and ways to do there what a person does."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from sparkwizard.entra.sign_in import SignIn
from sparkwizard.entra.sign_in.cache import memory_vaults
from sparkwizard.entra.types import SignInSettings
from sparkwizard.net.redact import forget_secrets
from sparkwizard.practice.server import PracticeServer, serve_in_thread

type OpenSignIn = Callable[..., SignIn]


@pytest.fixture(scope="module")
def tenant() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


@pytest.fixture
def practice(tenant: PracticeServer) -> Iterator[PracticeServer]:
    """Hand out the tenant without any fault, and leave it so."""
    usual = {
        name: getattr(tenant.entra_faults, name) for name in tenant.entra_faults.__struct_fields__
    }
    yield tenant
    for name, value in usual.items():
        setattr(tenant.entra_faults, name, value)
    forget_secrets()


async def _no_wait(_seconds: float) -> None:
    return None


@pytest_asyncio.fixture
async def open_sign_in(practice: PracticeServer, tmp_path: Path) -> AsyncIterator[OpenSignIn]:
    """Open sign-ins to the practice tenant that poll without waiting."""
    opened: list[SignIn] = []

    def start(*, tenant: str | None = None, client_id: str = "") -> SignIn:
        settings = SignInSettings(
            practice.graph_url, practice.entra_tenant_id if tenant is None else tenant, client_id
        )
        opened.append(SignIn(settings, vaults=memory_vaults(), folder=tmp_path, sleep=_no_wait))
        return opened[-1]

    yield start
    for sign_in in opened:
        await sign_in.sign_out()
        await sign_in.aclose()


async def as_a_browser(url: str, *, accept: bool = True) -> httpx.Response:
    """Open the address, answer the consent page, and carry the answer back as a browser does."""
    async with httpx.AsyncClient(trust_env=False, verify=False) as browser:
        page = await browser.get(url)
        if page.status_code != 200:
            return page
        answer = "accept" if accept else "cancel"
        sent = await browser.post(
            url.partition("?")[0], data={**hidden_fields(page.text), "answer": answer}
        )
        back = action_of(sent.text)
        return await browser.post(back, data=hidden_fields(sent.text))


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's form."""
    import re
    from html import unescape

    found = re.findall(r"<input type=hidden name='([^']*)' value='([^']*)'>", page)
    return {unescape(name): unescape(value) for name, value in found}


def action_of(page: str) -> str:
    """Return where a page's form goes."""
    return page.partition("action='")[2].partition("'")[0]


def asked_in(url: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
