"""``sparkwizard check``: the layered connection diagnosis, no writes."""

from dataclasses import asdict

from sparkwizard.commands.arguments import Options
from sparkwizard.commands.output import Output
from sparkwizard.runs.services import Services
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


async def check(options: Options, services: Services, output: Output) -> int:
    """Test each layer; 0 with warnings, 1 if a layer fails, JSON either way (design §6)."""
    profile = _profile(options, services)
    token = services.token_for(profile)
    layers = await services.diagnose(
        profile, token, None if output.json else lambda layer: _tell(layer, output)
    )
    counts = {
        standing.value: sum(1 for layer in layers if layer.standing is standing)
        for standing in Standing
    }
    document = {"layers": [asdict(layer) for layer in layers], **counts}
    output.result(document, (_summary(counts),))
    return 1 if counts["fail"] else 0


def _profile(options: Options, services: Services) -> Profile:
    if options.profile:
        return services.load(options.profile).profile
    tenant = TenantUrl.parse(options.tenant_url or "")
    webex = WebexSettings(
        tenant_url=options.tenant_url or "",
        organization_id=tenant.organization_id,
        api_url=options.api_url or "",
    )
    return Profile("check", webex=webex)


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
