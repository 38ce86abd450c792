"""``sparkwizard check``: the layered connection diagnosis, no writes."""

import msgspec

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.errors import Cancelled, RemoteError, SparkWizardError
from sparkwizard.runs.services import LocalServices
from sparkwizard.setup.profile import Profile, WebexSettings
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Layer, Standing

__all__ = ["check"]

MARKS = {
    Standing.PASS: "ok  ",
    Standing.WARN: "warn",
    Standing.FAIL: "FAIL",
    Standing.SKIPPED: "-   ",
}


class SourceVerdict(msgspec.Struct, frozen=True):
    """Say whether people can be read from the directory, in the form of a layer."""

    standing: Standing
    summary: str
    fix: str = ""
    evidence: tuple[str, ...] = ()


async def check(options: Options, services: LocalServices, output: Output) -> int:
    """Test each layer; 0 with warnings, 1 if a layer fails, JSON either way (design §6)."""
    profile = _profile(options, services)
    token = services.token_for(profile)
    layers = await services.diagnose(
        profile, token, None if output.json else lambda layer: _tell(layer, output)
    )
    source = await _source(profile, services)
    if source is not None and not output.json:
        output.result({}, _source_lines(source))
    standings = [layer.standing for layer in layers] + ([source.standing] if source else [])
    counts = {standing.value: standings.count(standing) for standing in Standing}
    document: dict[str, object] = {
        "layers": [msgspec.to_builtins(layer) for layer in layers],
        **counts,
    }
    if source is not None:
        document["source"] = msgspec.to_builtins(source)
    output.result(document, (_summary(counts),))
    return 1 if counts["fail"] else 0


def _profile(options: Options, services: LocalServices) -> Profile:
    if options.profile:
        return services.load(options.profile).profile
    tenant = TenantUrl.parse(options.tenant_url or "")
    webex = WebexSettings(
        tenant_url=options.tenant_url or "",
        organization_id=tenant.organization_id,
        api_url=options.api_url or "",
    )
    return Profile("check", webex=webex)


async def _source(profile: Profile, services: LocalServices) -> SourceVerdict | None:
    """Look at the directory people come from; None for a file."""
    try:
        look = await services.look_at_source(profile)
    except Cancelled:
        raise
    except SparkWizardError as error:
        detail = error.detail if isinstance(error, RemoteError) else ""
        return SourceVerdict(Standing.FAIL, error.message, error.fix, (detail,) if detail else ())
    if look is None:
        return None
    standing = Standing.WARN if look.findings else Standing.PASS
    return SourceVerdict(standing, look.summary, "", tuple(one.text for one in look.findings))


def _source_lines(verdict: SourceVerdict) -> list[str]:
    more = [f"      {line}" for line in (*verdict.evidence, verdict.fix) if line]
    return [f"{MARKS[verdict.standing]}  {'people':<13}{verdict.summary}", *more]


def _tell(layer: Layer, output: Output) -> None:
    took = f"  ({layer.milliseconds} ms)" if layer.milliseconds is not None else ""
    lines = [f"{MARKS[layer.standing]}  {layer.name.value:<13}{layer.summary}{took}"]
    if layer.standing in (Standing.WARN, Standing.FAIL):
        lines += [f"      {line}" for line in (*layer.evidence, layer.fix) if line]
    output.result({}, lines)


def _summary(counts: dict[str, int]) -> str:
    if counts["fail"]:
        return "The connection does not work yet: look at the layer that failed first."
    if counts["warn"]:
        return "The connection works; look at the warnings."
    return "The connection works."
