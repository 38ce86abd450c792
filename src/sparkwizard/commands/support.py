"""``sparkwizard support``: the support bundle of the window, for computers without one."""

import os
from pathlib import Path

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.errors import InputError, SparkWizardError
from sparkwizard.net.proxy import proxy_name, route_to
from sparkwizard.runs.services import Records
from sparkwizard.runs.support.bundle import BundleSources, make_bundle, save_bundle
from sparkwizard.setup.secrets import GRAPH_TOKEN_VARIABLE, TOKEN_VARIABLE

__all__ = ["support"]


def support(options: Options, services: Records, output: Output) -> int:
    """Write the bundle and list what is in it; nothing is sent."""
    out = options.out or Path("sparkwizard-support.zip")
    if out.exists():
        raise InputError(f"{out} is there already.", fix="Name another file.", code="file-exists")
    tokens = (os.environ.get(name, "") for name in (TOKEN_VARIABLE, GRAPH_TOKEN_VARIABLE))
    sources = BundleSources(
        places=services.places,
        now=services.clock(),
        environ=dict(os.environ),
        profile=services.load(options.profile).profile if options.profile else None,
        secrets=tuple(token for token in tokens if token),
        proxy=_proxy_words(),
    )
    entries = make_bundle(sources, with_people=options.with_people)
    save_bundle(entries, out)
    document = {
        "file": str(out),
        "with_people": options.with_people,
        "entries": [{"name": entry.name, "tells": entry.tells} for entry in entries],
    }
    lines = [f"{entry.name:<16}{entry.tells}" for entry in entries]
    output.result(document, (*lines, "", f"Saved as {out}. Look through it before you send it."))
    return 0


def _proxy_words() -> str:
    try:
        route = route_to("https://webexapis.com")
    except SparkWizardError as error:
        return error.message
    return f"{proxy_name(route.proxy) if route.proxy else 'none'}, {route.source}"
