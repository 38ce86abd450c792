"""The diagnosis as words and as text for support."""

from datetime import UTC, datetime

from sparkwizard.webex.types import Layer, LayerName, Standing
from sparkwizard.wizard.access.diagnosis_words import (
    diagnosis_text,
    layer_label,
    standing_counts,
    standing_words,
    still_to_come,
)

LAYERS = (
    Layer(LayerName.NAME, Standing.PASS, "webexapis.com is known", milliseconds=18),
    Layer(LayerName.LIFETIME, Standing.WARN, "Ends today"),
    Layer(
        LayerName.READING,
        Standing.FAIL,
        "Not allowed with this token",
        fix="Sign in at the administrator link.",
        evidence=("GET …/Users?count=1", "403 Forbidden"),
    ),
)


def test_every_layer_has_a_name_on_screen() -> None:
    assert all(layer_label(name) for name in LayerName)


def test_counts_come_in_the_order_passed_warned_failed_not_checked() -> None:
    words = [standing_words(standing, n) for standing, n in standing_counts(LAYERS).items()]
    assert words == ["1 passed", "1 warning", "1 failed"]


def test_two_warnings_are_plural_and_two_failures_are_not() -> None:
    assert standing_words(Standing.WARN, 2) == "2 warnings"
    assert standing_words(Standing.FAIL, 2) == "2 failed"


def test_layers_that_were_not_told_yet_are_still_to_come_in_their_order() -> None:
    to_come = still_to_come(LAYERS)
    assert to_come[0] is LayerName.CONNECTION
    assert LayerName.READING not in to_come


def test_the_text_for_support_holds_evidence_and_fix() -> None:
    text = diagnosis_text(
        LAYERS, tenant_url="https://x.example/v2", at=datetime(2026, 1, 2, tzinfo=UTC), version="1"
    )
    assert "Tenant URL: https://x.example/v2" in text
    assert "[passed] Name: webexapis.com is known (18 ms)" in text
    assert "[failed] Reading users: Not allowed with this token" in text
    assert "    403 Forbidden" in text
    assert "    What to do: Sign in at the administrator link." in text
