"""Keep secrets out of every text: messages, evidence and log records."""

import base64
import logging
import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import quote

__all__ = ["RedactingFilter", "forget_secrets", "redact", "register_secret"]

HIDDEN = "…"

# A shorter text would hide ordinary words wherever it occurs.
_SHORTEST_SECRET = 6

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HIDDEN_KEYS = (
    "access_token|refresh_token|id_token|client_secret|secret_token|secrettoken|password|token"
)
_secrets: set[str] = set()


def register_secret(value: str | None) -> None:
    """Hide a value, and its forms in addresses and headers, in everything redacted from now on."""
    if not value or len(value) < _SHORTEST_SECRET:
        return
    _secrets.update((value, quote(value, safe=""), base64.b64encode(value.encode()).decode()))


def forget_secrets() -> None:
    """Forget every registered secret: for tests."""
    _secrets.clear()


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text with every known secret, and all that looks like one, replaced by dots."""
    known = _secrets.union(value for value in secrets if len(value) >= _SHORTEST_SECRET)
    # Longest first: one secret may be part of another.
    for value in sorted(known, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    for pattern, replacement in _patterns():
        text = pattern.sub(replacement, text)
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what looks like a secret; compiled for the first text: many commands have none."""
    return (
        (re.compile(r"(?i)\b(bearer|basic)[\s:]+[^\s\"',;]{8,}"), rf"\1 {HIDDEN}"),
        # A token as it stands in an address or a form.
        (re.compile(rf"(?i)\b((?:{_HIDDEN_KEYS})(?:=|%3d))[^\s&\"'#;]+"), rf"\1{HIDDEN}"),
        # The same in JSON, or in what Python prints of a dict.
        (re.compile(rf"(?i)([\"'](?:{_HIDDEN_KEYS})[\"']\s*:\s*[\"'])[^\"']+"), rf"\1{HIDDEN}"),
        (
            re.compile(r"(?i)\b((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?)[^\s\"',;]+"),
            rf"\1{HIDDEN}",
        ),
        # Webex's opaque tokens: <blob>_<cluster>_<organization>.
        # Tried only where a run of its letters begins: at each letter it took quadratic time.
        (
            re.compile(
                rf"(?<![A-Za-z0-9+/=.~-])[A-Za-z0-9+/=.~-]{{16,}}_[A-Za-z0-9]{{2,12}}_{_UUID}"
            ),
            HIDDEN,
        ),
        (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*"), HIDDEN),
        # A proxy's name and password in its address.
        (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@\"']+@"), r"\1"),
    )


class RedactingFilter(logging.Filter):
    """Take secrets out of log records, their arguments and tracebacks; never drop one.

    Put it on handlers: a logger's own filters do not see its children's records.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place and let it pass."""
        record.msg = redact(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        # A formatter would print the traceback anew from exc_info.
        record.exc_info = None
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    """Return the record's message; one whose arguments don't fit is kept, not raised."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
