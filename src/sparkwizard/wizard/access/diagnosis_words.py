"""The diagnosis in words: names of its layers, counts, and the text that goes to support."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sparkwizard.webex.types import Layer, LayerName, Standing

__all__ = [
    "TOKEN_LAYERS",
    "diagnosis_text",
    "layer_label",
    "standing_counts",
    "standing_words",
    "still_to_come",
]

TOKEN_LAYERS = frozenset(
    (LayerName.TOKEN, LayerName.LIFETIME, LayerName.ROLE, LayerName.READING, LayerName.LOOKUP)
)
"""Layers whose failure another token can mend."""


def layer_label(name: LayerName) -> str:
    """Return the name of a layer on screen."""
    return _LABELS[name]


def still_to_come(layers: Iterable[Layer]) -> tuple[LayerName, ...]:
    """Return the layers that were not told yet, in their order."""
    told = {layer.name for layer in layers}
    return tuple(name for name in LayerName if name not in told)


def standing_counts(layers: Iterable[Layer]) -> dict[Standing, int]:
    """Count the layers by how they came out."""
    counted = Counter(layer.standing for layer in layers)
    return {standing: counted[standing] for standing in Standing if counted[standing]}


def standing_words(standing: Standing, number: int) -> str:
    """Return a count as it stands above the list: "1 warning", "3 failed"."""
    word = _STANDINGS[standing]
    plural = "s" if standing is Standing.WARN and number != 1 else ""
    return f"{number} {word}{plural}"


def diagnosis_text(layers: Sequence[Layer], *, tenant_url: str, at: datetime, version: str) -> str:
    """Return the whole diagnosis as plain text, for a ticket or a mail."""
    head = [
        f"SparkWizard {version}, test of the connection, {at:%Y-%m-%d %H:%M %z}",
        f"Tenant URL: {tenant_url}",
        "",
    ]
    lines = [line for layer in layers for line in _lines(layer)]
    return "\n".join(head + lines).rstrip() + "\n"


def _lines(layer: Layer) -> list[str]:
    time = "" if layer.milliseconds is None else f" ({layer.milliseconds:,} ms)"
    word = _STANDINGS[layer.standing]
    lines = [f"[{word}] {layer_label(layer.name)}: {layer.summary}{time}"]
    lines += [f"    {line}" for line in layer.evidence]
    if layer.fix:
        lines.append(f"    What to do: {layer.fix}")
    return lines


_LABELS = {
    LayerName.NAME: "Name",
    LayerName.CONNECTION: "Connection",
    LayerName.CERTIFICATE: "Certificate",
    LayerName.TOKEN: "Token",
    LayerName.LIFETIME: "Token lifetime",
    LayerName.ROLE: "Role",
    LayerName.ORGANIZATION: "Organization",
    LayerName.READING: "Reading users",
    LayerName.LOOKUP: "Entra's look-up",
    LayerName.FILTER: "Search",
    LayerName.PAGING: "Paging",
    LayerName.BULK: "Bulk",
}
_STANDINGS = {
    Standing.PASS: "passed",
    Standing.WARN: "warning",
    Standing.FAIL: "failed",
    Standing.SKIPPED: "not checked",
}
