"""What came back over HTTP: status, headers and body, decoded on demand."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.net.redact import redact

__all__ = ["Answer", "Json"]

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

_TRACKING_HEADERS = ("trackingid", "x-tracking-id", "request-id")
_TRACKING_KEYS = ("trackingId", "trackingID", "trackingid")


class Answer(msgspec.Struct, frozen=True):
    """Hold one answer.

    ``headers`` are found in any case; ``url`` is what was asked; ``elapsed_ms`` is the time from
    sending to the last byte, waiting for retries left out; ``tries`` counts the requests made.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    elapsed_ms: int = 0
    tries: int = 1

    @property
    def ok(self) -> bool:
        """Return whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def host(self) -> str:
        """Return the name of the host that answered, for sentences."""
        return urlsplit(self.url).hostname or "the server"

    @property
    def tracking_id(self) -> str:
        """Return what Cisco's support asks for, from a header or the body, else an empty text.

        It is kept and shown: should a server echo a secret in it, that is taken out.
        """
        for name in _TRACKING_HEADERS:
            if value := self.headers.get(name):
                return redact(value)
        return redact(tracking_id_in(self.body()))

    def body(self) -> Json:
        """Return the decoded body, or None where it is empty or no JSON."""
        try:
            return _decode(self.content)
        except ValueError:
            return None

    def json(self) -> Json:
        """Return the decoded body; ``UnexpectedAnswer`` where it is a web page or no JSON.

        ``sent`` is True: the request arrived, whatever came of it.
        """
        try:
            return _decode(self.content)
        except ValueError:
            raise UnexpectedAnswer(
                f"{self.host} answered with {self._kind()} instead of data.",
                fix=(
                    "Check the address, and whether a sign-in page or a proxy of your network "
                    "answers in its place."
                ),
                sent=True,
            ) from None

    def object(self) -> dict[str, Json]:
        """Return the decoded body where it is a JSON object; ``UnexpectedAnswer`` otherwise."""
        decoded = self.json()
        if isinstance(decoded, dict):
            return decoded
        raise UnexpectedAnswer(
            f"{self.host} answered with a list or a single value where an object was expected.",
            fix="Check the address: something else than the expected service answers there.",
            sent=True,
        )

    def typed[T](self, decoder: msgspec.json.Decoder[T]) -> T | None:
        """Return the body as the type of a decoder, None where it is anything else."""
        try:
            return decoder.decode(_without_mark(self.content))
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return None

    def _kind(self) -> str:
        if not self.content.strip():
            return "an empty page"
        start = self.content[:400].lstrip().lower()
        page = start.startswith((b"<!doctype", b"<html")) or b"<html" in start
        return "a web page" if page else "something unreadable"


def tracking_id_in(body: Json) -> str:
    """Return the tracking id in a body: at the top, or inside an error extension."""
    if not isinstance(body, dict):
        return ""
    for key in _TRACKING_KEYS:
        if isinstance(value := body.get(key), str):
            return value
    nested = (value for value in body.values() if isinstance(value, dict))
    return next((found for value in nested if (found := tracking_id_in(value))), "")


def _decode(content: bytes) -> Json:
    """Decode JSON; ``ValueError`` where it is none, too deep, or badly encoded."""
    try:
        decoded: Json = msgspec.json.decode(_without_mark(content))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError("no JSON") from error
    return decoded


def _without_mark(content: bytes) -> bytes:
    """Return a body without the mark of UTF-8 that some servers put before it."""
    return content.removeprefix(b"\xef\xbb\xbf")
