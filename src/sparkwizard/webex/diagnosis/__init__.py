"""Find out, layer by layer and without one write, whether provisioning can work.

Each layer rests on others: where one fails, those on top are skipped and say why. Nothing is
raised for a failing layer; it carries its evidence and its fix.
"""

from collections.abc import Awaitable, Callable

from sparkwizard.errors import InputError, NetError, RemoteError, SparkWizardError
from sparkwizard.net.client import Http
from sparkwizard.net.proxy import route_to
from sparkwizard.net.redact import redact
from sparkwizard.net.retry import RetryPolicy
from sparkwizard.webex.diagnosis.network import check_certificate, check_connection, check_name
from sparkwizard.webex.diagnosis.owner import (
    check_lifetime,
    check_organization,
    check_role,
    check_token,
)
from sparkwizard.webex.diagnosis.reading import (
    check_bulk,
    check_filter,
    check_lookup,
    check_paging,
    check_reading,
)
from sparkwizard.webex.diagnosis.subject import Subject, Verdict
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Layer, LayerName, Standing

__all__ = ["LAYER_TITLES", "diagnose"]

LAYER_TITLES = {
    LayerName.NAME: "Name",
    LayerName.CONNECTION: "Connection",
    LayerName.CERTIFICATE: "Certificate",
    LayerName.TOKEN: "Token",
    LayerName.LIFETIME: "Token lifetime",
    LayerName.ROLE: "Role",
    LayerName.ORGANIZATION: "Organization",
    LayerName.READING: "Reading users",
    LayerName.LOOKUP: "Look-up",
    LayerName.FILTER: "Filter",
    LayerName.PAGING: "Paging",
    LayerName.BULK: "Bulk",
}

_Check = Callable[[Subject], Awaitable[Verdict]]

# Layer, what it does, and what it rests on.
_LAYERS: tuple[tuple[LayerName, _Check, tuple[LayerName, ...]], ...] = (
    (LayerName.NAME, check_name, ()),
    (LayerName.CONNECTION, check_connection, (LayerName.NAME,)),
    (LayerName.CERTIFICATE, check_certificate, (LayerName.CONNECTION,)),
    (LayerName.TOKEN, check_token, (LayerName.CERTIFICATE,)),
    (LayerName.LIFETIME, check_lifetime, (LayerName.TOKEN,)),
    (LayerName.ROLE, check_role, (LayerName.TOKEN,)),
    (LayerName.ORGANIZATION, check_organization, (LayerName.TOKEN,)),
    (LayerName.READING, check_reading, (LayerName.TOKEN, LayerName.ORGANIZATION)),
    (LayerName.LOOKUP, check_lookup, (LayerName.READING,)),
    (LayerName.FILTER, check_filter, (LayerName.READING,)),
    (LayerName.PAGING, check_paging, (LayerName.READING,)),
    (LayerName.BULK, check_bulk, (LayerName.READING,)),
)


async def diagnose(
    *,
    tenant_url: str,
    token: str,
    api_url: str = "",
    proxy: str | None = None,
    on_layer: Callable[[Layer], None] | None = None,
    timeout: float = 10.0,
) -> tuple[Layer, ...]:
    """Return every layer's verdict in order, each told to ``on_layer`` as soon as it is known.

    Without ``api_url`` on a host that is not Webex's, the layers about the token's owner warn
    "not checked" and no other host is asked (design §6). ``timeout`` is in seconds, per step.
    """
    told = on_layer or (lambda _: None)
    try:
        tenant = TenantUrl.parse(tenant_url)
        route = route_to(tenant.scim_base, proxy)
    except InputError as error:
        return _unusable(error, token, told)
    api = (api_url or tenant.default_api_url).rstrip("/")
    async with Http(
        token=token,
        origins=[tenant.scim_base, api],
        proxy=proxy,
        connect_timeout=timeout,
        read_timeout=3 * timeout,
        retries=RetryPolicy(tries=2),
    ) as http:
        subject = Subject(tenant, token, api, http, route, timeout)
        try:
            return await _run(subject, told)
        finally:
            if subject.connection is not None:
                await subject.connection.close()


async def _run(subject: Subject, told: Callable[[Layer], None]) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    # Each layer that failed or rests on a failed one, with the one that failed.
    blocked: dict[LayerName, LayerName] = {}
    for name, check, bases in _LAYERS:
        failed = next((blocked[base] for base in bases if base in blocked), None)
        if failed is not None:
            blocked[name] = failed
            layer = _skipped(name, failed)
        else:
            layer = await _examine(subject, name, check)
            if layer.standing is Standing.FAIL:
                blocked[name] = name
        layers.append(layer)
        told(layer)
    return tuple(layers)


async def _examine(subject: Subject, name: LayerName, check: _Check) -> Layer:
    subject.begin()
    try:
        verdict = await check(subject)
    except SparkWizardError as error:
        verdict = _failure(subject, error)
    secrets = (subject.token,)
    return Layer(
        name,
        verdict.standing,
        redact(verdict.summary, secrets),
        redact(verdict.fix, secrets),
        tuple(subject.evidence),
        subject.milliseconds,
    )


def _failure(subject: Subject, error: SparkWizardError) -> Verdict:
    """Return the verdict for an error; what it says ends up as the layer's summary."""
    if isinstance(error, RemoteError) and not subject.evidence:
        subject.note(f"{error.status} {error.detail}".strip())
    if isinstance(error, NetError) and error.__cause__ is not None:
        subject.note(type(error.__cause__).__name__)
    return Verdict(Standing.FAIL, error.message.removesuffix("."), error.fix)


def _skipped(name: LayerName, failed: LayerName) -> Layer:
    return Layer(
        name, Standing.SKIPPED, f"Not checked, because “{LAYER_TITLES[failed]}” did not pass"
    )


def _unusable(error: InputError, token: str, told: Callable[[Layer], None]) -> tuple[Layer, ...]:
    """Return the layers for a Tenant URL or proxy that can't be used at all."""
    message, fix = redact(error.message, (token,)), redact(error.fix, (token,))
    first = Layer(LayerName.NAME, Standing.FAIL, message.removesuffix("."), fix)
    rest = (_skipped(name, LayerName.NAME) for name, _, _ in _LAYERS[1:])
    layers = (first, *rest)
    for layer in layers:
        told(layer)
    return layers
